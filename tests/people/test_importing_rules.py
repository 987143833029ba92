from __future__ import annotations

import pytest

from kernel.errors import InvalidInputError
from people.model import Role
from people.rules.importing import Fault, Known, read_people

HEAD = ["Name", "Role", "Organisation", "Email", "Mobile", "Language"]
KNOWN = Known(
    roles={"parent or carer": Role.FAMILY, "commissioner": Role.COMMISSIONER, "auditor": Role.AUDITOR},
    languages={"english": "en", "polish": "pl", "pl": "pl"},
    places={"seaborough": "c1", "seaborough forum": "f1"},
    givable={"c1": frozenset({Role.COMMISSIONER}), "f1": frozenset({Role.FAMILY})},
)
AMELIA = ["Amelia  Hart", "Parent or carer", "Seaborough Forum", "AMELIA@example.org", "07700 900101", "Polish"]


def _faults(*rows: list[str], known: Known = KNOWN) -> list[Fault]:
    return read_people([HEAD, *rows], known).faults


def test_a_good_row_is_a_person() -> None:
    (person,) = read_people([HEAD, AMELIA], KNOWN).people
    assert (person.row, person.name, person.role, person.organisation_id) == (2, "Amelia Hart", Role.FAMILY, "f1")
    assert person.language == "pl"
    assert person.contact_points == (("sms", "+447700900101"), ("email", "amelia@example.org"))


@pytest.mark.parametrize(
    ("column", "value", "letter"),
    [
        (0, "", "A"),
        (0, "x" * 201, "A"),
        (1, "Wizard", "B"),
        (1, "", "B"),
        (1, "Auditor", "B"),
        (2, "Hillborough", "C"),
        (2, "", "C"),
        (3, "no address", "D"),
        (4, "12", "E"),
        (5, "Klingon", "F"),
    ],
)
def test_what_is_wrong_is_told_with_row_and_column(column: int, value: str, letter: str) -> None:
    row = [*AMELIA[:column], value, *AMELIA[column + 1 :]]
    assert [(fault.row, fault.column) for fault in _faults([*AMELIA[:3], "", "07700 900102", ""], row)] == [(3, letter)]


def test_every_fault_is_told_not_only_the_first() -> None:
    faults = _faults(["", "Wizard", "Seaborough", "none", "12", "Klingon"], AMELIA, ["Ben", "Commissioner"])
    assert [(fault.row, fault.column) for fault in faults] == [
        (2, "A"),
        (2, "F"),
        (2, "B"),
        (2, "E"),
        (2, "D"),
        (4, "C"),
    ]


def test_somebody_who_can_be_reached_nowhere_is_a_fault() -> None:
    (fault,) = _faults(["Ben Ashworth", "Parent or carer", "Seaborough Forum", "", "", ""])
    assert fault.text == "Enter an email address or a mobile number."


def test_the_same_person_twice_is_a_fault_and_a_shared_phone_is_not() -> None:
    shared = ["Ben Hart", *AMELIA[1:]]
    again = ["AMELIA HART", *AMELIA[1:]]
    assert _faults(AMELIA, shared) == []
    assert _faults(AMELIA, shared, again) == [Fault(4, "", "The same person stands in row 2.")]


def test_where_one_looks_after_one_organisation_it_need_not_be_named() -> None:
    one = Known(KNOWN.roles, KNOWN.languages, {"seaborough forum": "f1"}, {"f1": frozenset({Role.FAMILY})})
    assert _faults(["Amelia Hart", "Parent or carer", "", "", "07700 900101", ""], known=one) == []


def test_columns_may_stand_in_any_order_below_blank_rows() -> None:
    rows = [
        ["", ""],
        ["mobile", "ROLE", "name", "organisation"],
        [],
        ["07700900101", "Commissioner", "C", "Seaborough"],
    ]
    (person,) = read_people(rows, KNOWN).people
    assert (person.row, person.name, person.organisation_id) == (4, "C", "c1")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "empty"),
        ([["", ""]], "empty"),
        ([HEAD], "nobody in the file"),
        ([["Name", "Role"], AMELIA], "Email or Mobile"),
        ([["Name", "Email"], AMELIA], "must include"),
        ([["Name", "Role", "E-Mail"], AMELIA], "Column C is called"),
        ([["Name", "Role", "Email", "email"], AMELIA], "two columns called Email"),
        ([HEAD, *([AMELIA] * 5_001)], "more than 5000"),
    ],
)
def test_a_sheet_that_is_none_of_people_is_told(rows: list[list[str]], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        read_people(rows, KNOWN)
