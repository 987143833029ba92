"""What a sheet of people says, row by row, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kernel.errors import InvalidInputError
from kernel.sheets import column_name, is_blank
from people.model import PersonCard, Role
from people.rules import normalise_address
from people.rules.merging import normalised_name

NAME, ROLE, ORGANISATION, EMAIL, MOBILE, LANGUAGE = "Name", "Role", "Organisation", "Email", "Mobile", "Language"
HEADINGS = (NAME, ROLE, ORGANISATION, EMAIL, MOBILE, LANGUAGE)
MOST_PEOPLE = 5_000
READY, WRITTEN, GIVEN_UP, RUN_OUT = "ready", "written", "given_up", "run_out"
LONGEST_NAME = 200
_CHANNELS = ((MOBILE, "sms"), (EMAIL, "email"))


@dataclass(frozen=True)
class Fault:
    """What is wrong in one place of the sheet: its row as the sheet counts, from 1, and its column's letter."""

    row: int
    column: str
    text: str


@dataclass(frozen=True)
class SheetPerson:
    """One person of the sheet. `contact_points` are (channel, address), the mobile first."""

    row: int
    name: str
    role: Role
    organisation_id: str
    language: str
    contact_points: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Known:
    """What a sheet is read against: roles and languages by what they are called, and where each role may be given.

    `places` maps the name of an organisation (casefolded) to its id; `givable` an id to the roles there.
    """

    roles: Mapping[str, Role]
    languages: Mapping[str, str]
    places: Mapping[str, str]
    givable: Mapping[str, frozenset[Role]]


@dataclass
class Reading:
    """What a sheet says: its people, if it has no faults, or all its faults."""

    people: list[SheetPerson] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_people(rows: Sequence[Sequence[str]], known: Known) -> Reading:
    """Read a sheet with a row of headings and a row a person.

    Every fault is told with its row and column, not only the first. Two rows with the same name and address are one
    fault; two people may share a phone. Raises InvalidInputError("file") for headings that are missing or unknown, and
    for a sheet without people or with more than 5,000.
    """
    at, columns = _headings(rows)
    filled = [(number, row) for number, row in enumerate(rows[at + 1 :], start=at + 2) if not is_blank(row)]
    if not filled:
        raise InvalidInputError("file", "There is nobody in the file: below the headings stands nothing.")
    if len(filled) > MOST_PEOPLE:
        raise InvalidInputError("file", "There are more than {most} people in the file. Divide it.", most=MOST_PEOPLE)
    reading = Reading()
    for number, row in filled:
        _Row(number, row, columns, known, reading).read()
    reading.faults += _twice(reading.people)
    return reading


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, Mapping[str, int]]:
    at = next((number for number, row in enumerate(rows) if not is_blank(row)), None)
    if at is None:
        raise InvalidInputError(
            "file", "The file is empty. Choose one with a row of headings and a row for each person."
        )
    wanted = {heading.casefold(): heading for heading in HEADINGS}
    found: dict[str, int] = {}
    for place, cell in enumerate(rows[at]):
        heading = wanted.get(cell.casefold())
        if cell and heading is None:
            raise InvalidInputError("file", _UNKNOWN_HEADING, cell=cell[:40], column=column_name(place))
        if heading in found:
            raise InvalidInputError("file", "There are two columns called {heading}.", heading=heading)
        if heading is not None:
            found[heading] = place
    missing = [heading for heading in (NAME, ROLE) if heading not in found]
    if missing or not {EMAIL, MOBILE} & set(found):
        raise InvalidInputError("file", "The headings must include Name, Role, and Email or Mobile.")
    return at, found


_UNKNOWN_HEADING = (
    "Column {column} is called “{cell}”. The columns are Name, Role, Organisation, Email, Mobile and Language."
)


class _Row:
    """One row being read."""

    def __init__(
        self, number: int, cells: Sequence[str], columns: Mapping[str, int], known: Known, reading: Reading
    ) -> None:
        self._number, self._cells, self._columns = number, cells, columns
        self._known, self._reading = known, reading
        self._is_good = True

    def read(self) -> None:
        """Add the person of this row to the reading, or what is wrong with it."""
        name, language = self._name(), self._language()
        organisation_id = self._organisation()
        role = self._role(organisation_id)
        points = tuple(self._points())
        if not points and self._is_good:
            self._blame(EMAIL if EMAIL in self._columns else MOBILE, "Enter an email address or a mobile number.")
        if self._is_good and role is not None and organisation_id is not None:
            person = SheetPerson(self._number, name, role, organisation_id, language, points)
            self._reading.people.append(person)

    def _text(self, heading: str) -> str:
        place = self._columns.get(heading)
        return self._cells[place] if place is not None and place < len(self._cells) else ""

    def _blame(self, heading: str, text: str) -> None:
        self._is_good = False
        column = column_name(self._columns[heading]) if heading in self._columns else ""
        self._reading.faults.append(Fault(self._number, column, text))

    def _name(self) -> str:
        name = " ".join(self._text(NAME).split())
        if not name:
            self._blame(NAME, "Enter a name.")
        elif len(name) > LONGEST_NAME:
            self._blame(NAME, f"The name has more than {LONGEST_NAME} letters.")
        return name

    def _language(self) -> str:
        written = self._text(LANGUAGE).casefold()
        if written and written not in self._known.languages:
            self._blame(LANGUAGE, "The hub does not speak this language yet. Leave it empty for English.")
        return self._known.languages.get(written, "en")

    def _organisation(self) -> str | None:
        written = " ".join(self._text(ORGANISATION).split()).casefold()
        if written:
            found = self._known.places.get(written)
            if found is None:
                self._blame(ORGANISATION, "There is no organisation of this name that you look after.")
            return found
        if len(self._known.givable) == 1:
            return next(iter(self._known.givable))
        self._blame(ORGANISATION, "Enter the organisation: you look after more than one.")
        return None

    def _role(self, organisation_id: str | None) -> Role | None:
        written = " ".join(self._text(ROLE).split()).casefold()
        role = self._known.roles.get(written)
        if role is None:
            self._blame(ROLE, "Enter a role by its name, such as Parent or carer.")
        elif organisation_id is not None and role not in self._known.givable[organisation_id]:
            self._blame(ROLE, "This role does not exist in that organisation, or is not yours to give.")
        return role

    def _points(self) -> Iterable[tuple[str, str]]:
        for heading, channel in _CHANNELS:
            if written := self._text(heading):
                try:
                    yield channel, normalise_address(channel, written)
                except InvalidInputError as error:
                    self._blame(heading, str(error))


def _twice(people: Iterable[SheetPerson]) -> list[Fault]:
    first: dict[tuple[str, str, str], int] = {}
    faults = []
    for person in people:
        for channel, address in person.contact_points:
            earlier = first.setdefault((person.name.casefold(), channel, address), person.row)
            if earlier != person.row:
                faults.append(Fault(person.row, "", f"The same person stands in row {earlier}."))
                break
    return faults


def known_as(owners: Sequence[PersonCard], person: SheetPerson) -> PersonCard | None:
    """Return who of the owners of an address bears this name: two people may share a phone."""
    name = normalised_name(person.name)
    return next((card for card in owners if normalised_name(card.name) == name), None)


def sheet_person(kept: Mapping[str, Any]) -> SheetPerson:
    """Return a person of a sheet as it was kept."""
    points = tuple((channel, address) for channel, address in kept["contact_points"])
    return SheetPerson(**{**kept, "role": Role(kept["role"]), "contact_points": points})
