from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rules.opt_words import OptWord, read_opt_word

STOP = """
STOP | Stop. | stop!! | 'STOP' | “Stop” | stop please | please stop | STOP THANKS | sToPPPP | S T O P | ST0P | ＳＴＯＰ
sotp | STOPALL | stop all | unsubscribe | UNSUBCRIBE | cancel | END | Quit | opt out | stop texting me
no more texts please | ZATRZYMAJ | zatrzymaj proszę | Koniec | koniec. | nie piszcie do mnie | wypisz mnie
بند | بند کریں | براہ کرم بند کریں | رکو | رُکو | روکیں | میسج بند کریں | band karo | ruko
"""
START = """
START | start | Start please | UNSTOP | start again | WZNÓW | wznow | Zacznij | شروع | شروع کریں | shuru karo
"""
HELP = """
HELP | help | Help? | INFO | info please | POMOC | pomoc | مدد | مدد پلیز | madad
"""
NEITHER = """
please don't stop the music therapy | stop it | make it stop | the bus did not stop | stop texting my son | step | shop
top | the end | at the end | cancelled | cancel the visit | cancer | quiet | quite | yes | YES | no | start of term
when does it start | help me | can you help me | please help me | pomocy | konie | nie
اسکول بند ہے | بس نہیں رکی | میری مدد کرو | ok | thank you | 5 | 👍
he wants to quit football | I cannot start on Monday
"""


def said(table: str) -> list[str]:
    return [text.strip() for line in table.strip().splitlines() for text in line.split("|") if text.strip()]


@pytest.mark.parametrize("text", said(STOP))
def test_v12_stop_is_read_in_three_languages(text: str) -> None:
    assert read_opt_word(text) is OptWord.STOP


@pytest.mark.parametrize("text", said(START))
def test_v12_start_is_read_in_three_languages(text: str) -> None:
    assert read_opt_word(text) is OptWord.START


@pytest.mark.parametrize("text", said(HELP))
def test_help_is_read_in_three_languages(text: str) -> None:
    assert read_opt_word(text) is OptWord.HELP


@pytest.mark.parametrize("text", [*said(NEITHER), "", " ", "\n"])
def test_only_the_whole_text_counts(text: str) -> None:
    assert read_opt_word(text) is None


@pytest.mark.parametrize("tail", ["\n\nSent from my iPhone", "\n--\nAisha Example", "\nSent from Outlook"])
def test_an_email_signature_does_not_hide_the_word(tail: str) -> None:
    assert read_opt_word("Stop" + tail) is OptWord.STOP


@given(st.text(max_size=300))
def test_reading_never_raises(text: str) -> None:
    read_opt_word(text)


@given(st.sampled_from(said(STOP)), st.text(alphabet=" .!?\n", max_size=5), st.text(alphabet=" .!?\n", max_size=5))
def test_v12_stop_is_always_read_whatever_points_stand_around_it(word: str, before: str, after: str) -> None:
    assert read_opt_word(before + word + after) is OptWord.STOP


@given(st.lists(st.sampled_from(["music", "therapy", "review", "school", "please"]), min_size=1, max_size=6))
def test_a_sentence_about_stopping_something_is_never_stop(words: list[str]) -> None:
    said_words = " ".join(words)
    if set(words) != {"please"}:
        assert read_opt_word(f"please don't stop the {said_words}") is None
        assert read_opt_word(f"stop the {said_words}") is None


def test_a_long_text_is_no_opt_word() -> None:
    assert read_opt_word("stop " * 2000) is None
