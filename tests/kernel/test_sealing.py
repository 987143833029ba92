from __future__ import annotations

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from kernel.database import Database
from kernel.errors import ConfigurationError, HubError
from kernel.keys import Keys
from kernel.sealing import BrokenSealError, KeyRing, SealedJson, SealedText
from tests.kernel.sealed_table import SealedThing, keep, kept, make_table

OLD, NEW = "an old secret for tests", "a new secret for tests"
RING = KeyRing([NEW, OLD])
_SIGNS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_what_is_sealed_opens_to_the_same_text_and_never_shows_it(text: str) -> None:
    sealed = RING.seal("things.note", text)
    assert RING.open("things.note", sealed) == text
    assert len(text) < 4 or text not in sealed
    assert sealed != RING.seal("things.note", text)


@given(st.text(alphabet="s1:0af-_ \n", max_size=80))
def test_plain_text_from_before_is_read_as_it_is_unless_it_has_the_whole_form_of_a_seal(text: str) -> None:
    assert RING.open("things.note", text) == text


def test_a_seal_opens_in_no_other_column() -> None:
    sealed = RING.seal("things.note", "hello")
    with pytest.raises(BrokenSealError, match=r"people\.note"):
        RING.open("people.note", sealed)


@given(st.integers(12, 60), st.integers(1, 63))
def test_a_seal_of_which_any_sign_was_changed_never_opens(at: int, by: int) -> None:
    sealed = RING.seal("things.note", "the words of a family")
    assert len(sealed) - 1 > 60, "in the last sign, some bits stand for nothing"
    sign = _SIGNS[(_SIGNS.index(sealed[at]) + by) % 64]
    with pytest.raises(BrokenSealError):
        RING.open("things.note", sealed[:at] + sign + sealed[at + 1 :])


def test_a_key_that_is_not_set_is_named_and_nothing_is_returned() -> None:
    sealed = KeyRing(["somebody else's secret"]).seal("things.note", "hello")
    with pytest.raises(ConfigurationError, match="HUB_DATA_KEYS") as caught:
        RING.open("things.note", sealed)
    assert sealed[3:11] in str(caught.value)


def test_everything_is_sealed_under_the_newest_key_and_opened_under_any() -> None:
    before, after = KeyRing([OLD]), KeyRing([NEW, OLD])
    assert after.open("things.note", before.seal("things.note", "hello")) == "hello"
    assert after.seal("things.note", "hello").startswith(KeyRing([NEW]).head)
    assert KeyRing([OLD, NEW]).open("things.note", after.seal("things.note", "hello")) == "hello", "known before used"
    assert after.digests("x") == [KeyRing([NEW]).digest("x"), KeyRing([OLD]).digest("x")]


def test_no_key_is_shown() -> None:
    assert NEW not in repr(RING)
    assert NEW not in repr(Keys(NEW, [OLD]))
    assert NEW not in str(vars(Keys(NEW, [OLD])).keys())


@pytest.mark.parametrize("value", [{"a": ["ż", 1, None]}, [], "text", 3, {}])
def test_values_come_back_from_the_database_as_they_went_in(database: Database, value: object) -> None:
    make_table(database, RING)
    keep(database, note="What they wrote", values=value)
    with database.read() as session:
        found = session.scalars(select(SealedThing)).one()
        assert (found.note, found.values) == ("What they wrote", value)
        assert session.execute(select(SealedThing.note, SealedThing.values)).one() == ("What they wrote", value)
    note, values = kept(database)
    assert "wrote" not in note
    assert KeyRing([NEW]).open("sealed_things.note", note) == "What they wrote"
    assert json.loads(KeyRing([NEW]).open("sealed_things.values", values or "")) == value


def test_none_is_null(database: Database) -> None:
    make_table(database, RING)
    keep(database, note="x", values=None)
    assert kept(database)[1] is None
    with database.read() as session:
        assert session.scalars(select(SealedThing).where(SealedThing.values.is_(None))).one().values is None


def test_the_digest_follows_its_column_by_itself(database: Database) -> None:
    make_table(database, RING)
    keep(database, note="before", values=None)
    with database.begin() as session:
        session.scalars(select(SealedThing)).one().note = "after"
    with database.read() as session:
        assert session.scalars(select(SealedThing.note_digest)).one() == RING.digest("after")


def test_a_sealed_column_cannot_be_searched_or_sorted() -> None:
    for ask in (
        lambda: SealedThing.note == "x",
        lambda: SealedThing.note.in_(["x"]),
        lambda: SealedThing.note.like("x%"),
        SealedThing.note.desc,
    ):
        with pytest.raises(TypeError, match="digest"):
            ask()


def test_a_database_without_keys_says_so_and_writes_nothing(database: Database) -> None:
    make_table(database, None)
    with pytest.raises(HubError, match="without data keys"):
        keep(database, note="x", values=None)
    assert SealedText("a.b").place == SealedJson("a.b").place == "a.b"


def test_two_houses_of_one_process_keep_their_keys_apart(sqlite_database: Database) -> None:
    make_table(sqlite_database, RING)
    other = Database(sqlite_database.url.render_as_string(), ring=KeyRing(["another house"]))
    keep(sqlite_database, note="x", values=None)
    with pytest.raises(ConfigurationError), other.read() as session:
        session.scalars(select(SealedThing)).all()
    with sqlite_database.read() as session:
        assert session.scalars(select(SealedThing.note)).one() == "x"
    other.close()
