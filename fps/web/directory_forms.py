from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from fps.model.directory import (
    AREAS,
    ATTENDANCE_WORDS,
    KEY_STAGE_WORDS,
    NEED_WORDS,
    SEN_TYPES,
    STAY_WORDS,
    THERAPY_WORDS,
    Attendance,
    KeyStage,
    Need,
    Profile,
    Stay,
    Therapy,
    VacancyCard,
)
from fps.rules.profiles import LONGEST, tidy_postcode
from fps.rules.vacancies import LONGEST_NOTE, Told
from people.web.forms import PageForm
from people.web.widgets import CountedText, DayInput

_NARROW = {"params": {"classes": "govuk-input--width-5"}}
_LISTS = {"needs": Need, "therapies": Therapy, "stays": Stay, "key_stages": KeyStage, "attendance": Attendance}
_TEXTS = (
    "summary",
    "day",
    "accessibility",
    "visiting",
    "transport",
    "website",
    "phone",
    "email",
    "address",
    "hours",
    "subjects",
)


def _text(name: str, label: str, hint: str = "") -> TextAreaField:
    longest = LONGEST[name]
    return TextAreaField(label, description=hint, widget=CountedText(longest), validators=[Optional()])


def _ticks(label: str, choices: list[SelectChoice], hint: str = "") -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=choices, description=hint, widget=GovCheckboxesInput(), validators=[Optional()]
    )


class ProfileForm(PageForm):
    """What a provider says of a setting in public."""

    summary = _text("summary", "What is the school?", "Two or three sentences, in plain words.")
    day = _text("day", "What is a day like?", "Describe an ordinary day. Name no child and no member of staff.")
    needs = _ticks(
        "Which needs do you cater for?",
        [SelectChoice(need.value, NEED_WORDS[need].text) for need in (*AREAS, *SEN_TYPES)],
        "The four broad areas of the SEND Code come first, then the types of need.",
    )
    stays = _ticks("Day or boarding?", [SelectChoice(stay.value, words.text) for stay, words in STAY_WORDS.items()])
    therapies = _ticks(
        "Which therapies do learners get?",
        [SelectChoice(each.value, words.text) for each, words in THERAPY_WORDS.items()],
    )
    accessibility = _text("accessibility", "How accessible is the building?", "Steps, lifts, toilets, quiet rooms.")
    visiting = _text("visiting", "How can families visit?")
    transport = _text("transport", "How do learners get there?", "Buses, trains, parking.")
    website = StringField("Website", description="Begins with https:// or http://", widget=GovTextInput())
    phone = StringField("Phone number of the school", description="Not a person’s own number", widget=GovTextInput())
    email = StringField(
        "Email address of the school", description="Like office@, not a person’s own", widget=GovTextInput()
    )
    address = TextAreaField("Address", description="Without the postcode", widget=GovTextArea())
    postcode = StringField(
        "Postcode", widget=GovTextInput(), render_kw={"params": {"classes": "govuk-input--width-10"}}
    )
    latitude = DecimalField(
        "Latitude",
        description="You can leave both empty: then we take the place from the register of schools or the postcode.",
        places=None,
        widget=GovTextInput(),
        render_kw=_NARROW,
        validators=[Optional()],
    )
    longitude = DecimalField(
        "Longitude", places=None, widget=GovTextInput(), render_kw=_NARROW, validators=[Optional()]
    )
    hours = _text("hours", "Hours (alternative provision)", "For example: Monday to Thursday, 9:30am to 2:30pm.")
    subjects = _text("subjects", "Subjects (alternative provision)")
    key_stages = _ticks(
        "Key stages (alternative provision)",
        [SelectChoice(each.value, words.text) for each, words in KEY_STAGE_WORDS.items()],
    )
    attendance = _ticks(
        "Full time or part time (alternative provision)",
        [SelectChoice(each.value, words.text) for each, words in ATTENDANCE_WORDS.items()],
    )
    seen = HiddenField()

    def fill(self, profile: Profile, seen: int) -> None:
        """Show a profile, and remember which version it was; 0 stands for none."""
        for name in (*_TEXTS, "postcode", "latitude", "longitude"):
            self._set(name, getattr(profile, name))
        for name in _LISTS:
            self._set(name, [str(each) for each in getattr(profile, name)])
        self.seen.data = str(seen)

    def _set(self, name: str, value: object) -> None:
        if name in self._fields:
            self._fields[name].data = value

    def _entered(self, name: str) -> Any:  # noqa: ANN401 - as the field has it
        return self._fields[name].data if name in self._fields else None

    def profile(self) -> Profile:
        """Return what was entered; a form without the fields of alternative provision leaves these empty."""
        entered: dict[str, Any] = {name: (self._entered(name) or "").replace("\r\n", "\n").strip() for name in _TEXTS}
        for name, kind in _LISTS.items():
            entered[name] = tuple(kind(each) for each in self._entered(name) or ())
        latitude, longitude = self._entered("latitude"), self._entered("longitude")
        return Profile(
            **entered,
            postcode=tidy_postcode(self.postcode.data or ""),
            latitude=None if latitude is None else float(latitude),
            longitude=None if longitude is None else float(longitude),
        )

    def seen_number(self) -> int:
        """Return the number of the version that was changed; one that nobody has for what is no number."""
        written = self.seen.data or ""
        return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else -1  # noqa: PLR2004 - sane


class PlacesForm(PageForm):
    """Free places of an age band."""

    places = IntegerField(
        "How many places are free now?",
        widget=GovTextInput(),
        render_kw=_NARROW,
        validators=[InputRequired("Enter how many places are free, or 0")],
    )
    expected_places = IntegerField(
        "How many more do you expect?",
        description="You may leave this empty.",
        widget=GovTextInput(),
        render_kw=_NARROW,
        validators=[Optional()],
    )
    expected_on = DateField(
        "From which day?",
        format="%d %m %Y",
        description="For example, 1 9 2027",
        invalid_value_message="Enter a real date, with day, month and year",
        widget=DayInput(),
        validators=[Optional()],
    )
    note = StringField(
        "Note for families and councils",
        description="For example: two of the places are in the post-16 group. Name nobody.",
        widget=GovTextInput(),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )

    def fill(self, card: VacancyCard) -> None:
        """Show what was told last."""
        self.places.data, self.note.data = card.places, card.note
        self.expected_places.data, self.expected_on.data = card.expected_places, card.expected_on

    def told(self) -> Told:
        """Return what was entered."""
        note = " ".join((self.note.data or "").split())
        return Told(int(self.places.data), self.expected_places.data, self.expected_on.data, note)


class BandForm(PlacesForm):
    """A further age band and its free places."""

    lot = SelectField("Lot", widget=GovSelect())
    age_from = IntegerField(
        "From age", widget=GovTextInput(), render_kw=_NARROW, validators=[InputRequired("Enter the youngest age")]
    )
    age_to = IntegerField(
        "To age", widget=GovTextInput(), render_kw=_NARROW, validators=[InputRequired("Enter the oldest age")]
    )
