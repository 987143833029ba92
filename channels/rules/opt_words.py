from __future__ import annotations

import re
from enum import StrEnum

from channels.rules.plain_words import distance, fold, shortened, undisguised

_LONGEST = 200  # longer texts are not one word and its courtesies, whatever they hold
_SIGNATURE = re.compile(r"(?:^|\n)\s*(?:--\s*\n|sent from (?:my|outlook)).*", re.IGNORECASE | re.DOTALL)
_SLIPS_FROM = 9  # in shorter words a slip makes another word: cancel and cancer, koniec (end) and konie (horses)


class OptWord(StrEnum):
    """What a whole text that is one of the agreed words asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


# Said beside a word without changing it. "me", "it" and "the" are not here: "stop it" and "help me" mean other things.
_COURTESIES = frozenset(
    fold("please pls plz plse thanks thank you thankyou ta now hi hello ok okay just").split()
    + fold("proszę prosze dziękuję dziekuje teraz dzień dobry").split()
    + fold("براہ کرم مہربانی پلیز شکریہ اب please baraye meharbani shukriya").split()
)

# The words that Twilio and the networks know, our own words of the families' languages, and what people say instead.
# CANCEL, END and QUIT count because the networks count them: the sender would be cut off by them in any case.
_STOP = """
stop | stopall | stop all | unsubscribe | unsubscribe me | cancel | end | quit | optout | opt out | revoke
stop texts | stop all texts | stop texting | stop texting me | stop messaging | stop messaging me | stop messages
stop all messages | stop sending me messages | stop sending messages | stop sending texts | stop sending me texts
stop sending these | stop these texts | stop these messages | stop contacting me | stop emails | stop emailing me
no more texts | no more messages | no more emails | dont text me | dont text me again | do not text me | dont message me
dont contact me | do not contact me | remove me | take me off | take me off your list | take me off this list
want to stop | i want to stop | stop stop | stop stop stop | opt me out
cancle | cancell | unsubcribe | stopp | sotp | stpo | tsop | stp | stoop | stops
zatrzymaj | koniec | przestańcie | przestań pisać | przestańcie pisać | przestańcie do mnie pisać | nie piszcie
nie piszcie do mnie | nie piszcie więcej | nie pisz do mnie | wypisz | wypisz mnie | wypiszcie mnie | wypisuję się
rezygnuję | stop wiadomości | zatrzymaj wiadomości | nie chcę wiadomości | nie chcę więcej wiadomości
anuluj subskrypcję
بند | بند کرو | بند کریں | بند کر دیں | بند کردیں | بند کر دو | رکو | روکو | روکیں | روک دیں | رک جائیں | سٹاپ | اسٹاپ
میسج بند کریں | میسج بند کرو | میسجز بند کریں | پیغام بند کریں | پیغامات بند کریں | پیغامات روکیں | مجھے میسج نہ کریں
مجھے پیغام نہ بھیجیں | میسج نہ کریں
band | band karo | band karein | band kren | band kar do | band kar dein | ruko | roko | rokein | rok dein
message band karo | message band karein | messages band karein | msg band karo | mujhe message na karein
"""
# YES is not here though some networks take it: here it answers a survey's question.
_START = """
start | unstop | start again | restart | resume | opt in | optin | subscribe | opt me in | start messages | start texts
strat | satrt | statr
wznów | zacznij | wznów wiadomości | zacznij od nowa
شروع | شروع کرو | شروع کریں | شروع کر دیں | دوبارہ شروع | دوبارہ شروع کریں | سٹارٹ | اسٹارٹ
shuru | shuru karo | shuru karein | shuroo | dobara shuru | dobara shuru karein
"""
_HELP = """
help | info | information | help info | hepl | hlep | halp
pomoc | informacja | informacje
مدد | معلومات | ہیلپ
madad | maloomat
"""


def _table() -> dict[str, OptWord]:
    lists = ((OptWord.STOP, _STOP), (OptWord.START, _START), (OptWord.HELP, _HELP))
    return {
        fold(phrase): word
        for word, phrases in lists
        for line in phrases.strip().splitlines()
        for phrase in line.split("|")
    }


_WORDS = _table()
_FORGIVEN = tuple((phrase, word) for phrase, word in _WORDS.items() if len(phrase) >= _SLIPS_FROM and phrase.isascii())


def read_opt_word(text: str) -> OptWord | None:
    """Say whether a whole text is STOP, START or HELP in a word of the families' languages (V12), else None.

    Only the whole text counts, without courtesies, punctuation and an email's signature: "please don't stop the
    music therapy" is not STOP. Short words must be spelled right or wrong in a known way, for "step" and "shop" are
    words too; one slip is forgiven in nine letters and more. "Help me" is no HELP: it is a worry, and
    safety is asked first. Never raises.
    """
    text = _SIGNATURE.sub("", text)
    if len(text) > _LONGEST:
        return None
    return _of(fold(text)) or _of(fold(undisguised(text)))


def _of(plain: str) -> OptWord | None:
    said = " ".join(shortened(word)[0] for word in plain.split() if word not in _COURTESIES)
    return _WORDS.get(said) or _nearly(said)


def _nearly(said: str) -> OptWord | None:
    if len(said) < _SLIPS_FROM - 1:
        return None
    near = (word for phrase, word in _FORGIVEN if said[0] == phrase[0] and distance(said, phrase, at_most=1) == 1)
    return next(near, None)
