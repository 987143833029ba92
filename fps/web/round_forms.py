from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from fps.model import LotCard
from fps.model.rounds import EnquiryKind, RoundCard, RoundTerms, SessionCard
from fps.rules.round_questions import LONGEST_ANSWER, LONGEST_QUESTION
from fps.rules.round_sessions import SessionTerms
from fps.rules.rounds import CLOSES_AT
from kernel.calendar import LONDON, at_london
from people.web.forms import PageForm
from people.web.widgets import CountedText, DayInput

_NINE = time(9)
_REASON = 1000


def _day(label: str, hint: str, what: str = "the day of the session") -> DateField:
    return DateField(
        label,
        format="%d %m %Y",
        description=hint,
        invalid_value_message="Enter a real date, with day, month and year",
        widget=DayInput(),
        validators=[InputRequired(f"Enter {what}")],
    )


def _clock(label: str, default: time | None, what: str) -> TimeField:
    return TimeField(
        label,
        description="London time, for example 12:00",
        default=default,
        invalid_value_message="Enter a real time, like 12:00",
        render_kw={"params": {"classes": "govuk-input--width-5"}},
        widget=GovTextInput(),
        validators=[InputRequired(f"Enter the time at which {what}")],
    )


def _number(label: str, hint: str, what: str, default: int | None = None) -> IntegerField:
    return IntegerField(
        label,
        description=hint,
        default=default,
        render_kw={"params": {"classes": "govuk-input--width-4", "inputmode": "numeric"}},
        widget=GovTextInput(),
        validators=[InputRequired(f"Enter {what}, a whole number")],
    )


def _line(label: str, hint: str = "", *, must: str = "") -> StringField:
    validators = [InputRequired(must)] if must else [Optional()]
    return StringField(label, description=hint, widget=GovTextInput(), validators=validators)


class RoundForm(PageForm):
    """What a round says. Days and times are London's."""

    number = _number("Round number", "Its number within the framework, for example 8", "the round number")
    title = _line("Title", "For example, Joining round 8", must="Enter a title")
    lot_ids = SelectMultipleField(
        "Which lots does it open?", widget=GovCheckboxesInput(), validators=[InputRequired("Choose at least one lot")]
    )
    advert = TextAreaField(
        "Advert",
        description="What you look for and whom. Leave an empty line between paragraphs.",
        render_kw={"params": {"rows": 12}},
        widget=GovTextArea(),
        validators=[InputRequired("Enter the advert")],
    )
    notice_reference = _line("Notice reference", "On Find a Tender or The Chest. You may leave it empty.")
    opens = _day("It opens on", "For example, 7 12 2026", "the day on which it opens")
    opens_time = _clock("It opens at", _NINE, "it opens")
    questions_close = _day(
        "Questions close on", "A week before the round closes is usual", "the day on which questions close"
    )
    questions_close_time = _clock("Questions close at", CLOSES_AT, "questions close")
    closes = _day(
        "It closes on",
        "A working day. An application that comes a second later is not taken.",
        "the day on which it closes",
    )
    closes_time = _clock("It closes at", CLOSES_AT, "it closes")
    decide_by = _day("Providers hear the decision by", "For example, 29 1 2027", "the day of the decision")
    standstill_days = _number(
        "Standstill in days", "Days between the decision and the first contract", "the standstill", 10
    )
    contracts_start_on = _day("Contracts start on", "For example, 1 3 2027", "the day on which contracts start")
    seen = HiddenField(default="0")

    def offer(self, lots: Sequence[LotCard]) -> None:
        """Offer the lots of the framework."""
        self.lot_ids.choices = [SelectChoice(lot.id, lot.title) for lot in lots]

    def fill(self, card: RoundCard) -> None:
        """Show what a round says now."""
        terms = card.terms
        for name in ("number", "title", "advert", "notice_reference", "decide_by", "standstill_days"):
            self[name].data = getattr(terms, name)
        self.lot_ids.data = list(terms.lot_ids)
        self.contracts_start_on.data = terms.contracts_start_on
        for name in ("opens", "questions_close", "closes"):
            local = getattr(terms, f"{name}_at").astimezone(LONDON)
            self[name].data, self[f"{name}_time"].data = local.date(), local.time()
        self.seen.data = str(card.version)

    def terms(self) -> RoundTerms:
        """Return what was entered."""
        return RoundTerms(
            number=self.number.data,
            title=self.title.data or "",
            lot_ids=tuple(self.lot_ids.data or ()),
            advert=self.advert.data or "",
            notice_reference=self.notice_reference.data or "",
            opens_at=_at(self.opens.data, self.opens_time.data),
            questions_close_at=_at(self.questions_close.data, self.questions_close_time.data),
            closes_at=_at(self.closes.data, self.closes_time.data),
            decide_by=self.decide_by.data,
            standstill_days=self.standstill_days.data,
            contracts_start_on=self.contracts_start_on.data,
        )


class ReasonForm(PageForm):
    """Why something will not be."""

    reason = TextAreaField(
        "Why?",
        widget=CountedText(_REASON),
        validators=[InputRequired("Say why"), Length(max=_REASON)],
    )


class SessionForm(PageForm):
    """An engagement session."""

    title = _line("What is it about?", "For example, Meet the commissioners", must="Enter what the session is about")
    day = _day("Day", "For example, 2 12 2026")
    starts = _clock("Starts at", time(10), "it starts")
    ends = _clock("Ends at", CLOSES_AT, "it ends")
    place = _line("Place", "The address, if people meet. Everybody can read it.")
    link = _line("Link to join online", "It starts with https:// and is sent only to those who have a place.")
    capacity = _number("How many places?", "One for each person", "how many places there are")

    def fill(self, card: SessionCard) -> None:
        """Show what a session is now."""
        starts, ends = card.starts_at.astimezone(LONDON), card.ends_at.astimezone(LONDON)
        self.title.data, self.place.data, self.link.data = card.title, card.place, card.link
        self.day.data, self.starts.data, self.ends.data = starts.date(), starts.time(), ends.time()
        self.capacity.data = card.capacity

    def terms(self) -> SessionTerms:
        """Return what was entered."""
        return SessionTerms(
            self.title.data or "",
            _at(self.day.data, self.starts.data),
            _at(self.day.data, self.ends.data),
            self.place.data or "",
            self.link.data or "",
            self.capacity.data,
        )


class EnquiryForm(PageForm):
    """A question for the market-testing questionnaire."""

    text = _line("Question", must="Enter the question")
    kind = RadioField(
        "How is it answered?",
        choices=[
            SelectChoice(EnquiryKind.TEXT.value, "In words"),
            SelectChoice(EnquiryKind.NUMBER.value, "With a number"),
            SelectChoice(EnquiryKind.CHOICE.value, "By choosing one of several answers"),
        ],
        default=EnquiryKind.TEXT.value,
        widget=GovRadioInput(),
    )
    choices = TextAreaField(
        "Answers to choose from", description="2 to 10, one on each line", widget=GovTextArea(), validators=[Optional()]
    )


class AnswerForm(PageForm):
    """A question as everybody will read it, with its answer."""

    question = TextAreaField(
        "The question, as everybody will read it",
        description="Take out what tells who asked. The asker’s own words are kept, sealed.",
        widget=CountedText(LONGEST_QUESTION),
        validators=[InputRequired("Enter the question")],
    )
    answer = TextAreaField("Answer", widget=CountedText(LONGEST_ANSWER), validators=[InputRequired("Enter the answer")])


class TakePartForm(PageForm):
    """Who wants to take part without an account."""

    organisation = _line("Organisation", must="Enter the name of your organisation")
    name = _line("Your name", must="Enter your name")
    address = EmailField(
        "Email address",
        description="We send a link there, to confirm it is yours.",
        render_kw={"params": {"autocomplete": "email", "spellcheck": False}},
        widget=GovTextInput(),
        validators=[InputRequired("Enter your email address")],
    )
    session_id = HiddenField()


class InviteForm(PageForm):
    """Where somebody who wants to apply gets their account."""

    provider = SelectField("Provider", widget=GovSelect())
    name = _line("Name of the provider", "For a new provider. Use its legal name.")


def _at(day: date, clock: time) -> datetime:
    return at_london(day, clock)
