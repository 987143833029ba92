from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlalchemy import text

from kernel.errors import ForbiddenError, NotFoundError
from referrals.actions.evaluation.score import declare_interest
from referrals.documents.pack_pdf import pack_as_pdf
from referrals.model.packs import Pack
from referrals.queries.packs import pack
from referrals.rules.pack_document import pack_document
from tests.referrals.clocks.conftest import Browse
from tests.referrals.evaluation import world as evaluated
from tests.referrals.world import World


def packed(world: World, referral_id: str) -> Pack:
    with world.ground.read() as session:
        return pack(session, world.commissioner, referral_id, world.ground.keys, world.ground.clock.now())


def words_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_R35_the_pack_says_who_was_asked_who_answered_the_scores_the_view_and_who_decided(world: World) -> None:
    referral_id = evaluated.settled(world)
    award = evaluated.award(world, referral_id)
    found = packed(world, referral_id)
    assert [one.setting for one in found.asked] == ["School 0", "School 1", "School 2"]
    assert {one.setting for one in found.left_out} == {"School 3", "School 4"}
    assert [one.yearly_cost for one in found.judging.answers] == [48_000, 48_000]
    assert {one.score for one in found.judging.scores} == {4, 2}
    assert [one.place for one in found.judging.ranking] == [1, 2]
    assert dict(found.judging.family_view)["What they say"].startswith("They like both")
    assert found.decision is not None
    assert (found.decision.supplier, found.decision.decided_by) == (award.supplier, world.commissioner.name)
    assert len(found.unsealed_by) == 2
    assert all(version.is_intact for version in found.versions)


def test_R21_the_pack_of_a_sealed_referral_holds_counts_and_no_answer(world: World) -> None:
    referral_id = world.issued()
    world.respond(referral_id)
    found = packed(world, referral_id)
    assert (found.answered, found.judging.answers, found.judging.scores, found.judging.ranking) == (1, (), (), ())
    assert found.decision is None
    assert "48,000" not in words_of(pack_as_pdf(pack_document(found)))


def test_R35_the_pdf_is_tagged_titled_and_says_the_same(world: World) -> None:
    referral_id = evaluated.settled(world)
    evaluated.award(world, referral_id)
    found = packed(world, referral_id)
    made = pack_as_pdf(pack_document(found))
    reader = PdfReader(io.BytesIO(made))
    assert reader.metadata is not None
    assert reader.metadata.title == "Why this placement"
    marks = reader.root_object["/MarkInfo"].get_object()
    assert isinstance(marks, DictionaryObject)
    assert marks["/Marked"]
    said = words_of(made)
    for words in (found.reference, "School 0", "48,000", "It ranks first", world.commissioner.name, "They like both"):
        assert words in said


def test_what_people_wrote_is_never_read_as_markup(world: World) -> None:
    found = packed(world, world.issued())
    hostile = '#panic() *bold* $x$ = Heading @ref <label> \\ [ ] { } // #read("/etc/passwd")'
    made = words_of(pack_as_pdf(pack_document(replace(found, closed_reason=hostile))))
    assert "#panic() *bold* $x$ = Heading @ref <label>" in made


def test_R25_whoever_declared_a_conflict_gets_no_pack_and_another_council_finds_none(world: World) -> None:
    referral_id = evaluated.unsealed(world)
    evaluated.named(world, referral_id, declared=False)
    with world.ground.work() as work:
        declare_interest(work, world.commissioner, referral_id, conflict=True)
    with pytest.raises(ForbiddenError):
        packed(world, referral_id)
    with world.ground.read() as session, pytest.raises(NotFoundError):
        pack(session, world.stranger, referral_id, world.ground.keys, world.ground.clock.now())
    with world.ground.read() as session, pytest.raises(NotFoundError):
        pack(session, world.colleague, world.drafted(), world.ground.keys, world.ground.clock.now())


def test_the_page_leads_to_pdf_and_json_and_the_log_says_that_they_were_taken(world: World, browse: Browse) -> None:
    referral_id = evaluated.settled(world)
    evaluated.award(world, referral_id)
    client = browse(world.commissioner)
    base = f"/commissioning/referrals/{referral_id}/pack"
    page = client.get(base).text
    assert "Download as PDF" in page
    assert "It ranks first" in page
    pdf = client.get(f"{base}.pdf")
    assert (pdf.mimetype, pdf.headers["Cache-Control"]) == ("application/pdf", "no-store")
    plain = json.loads(client.get(f"{base}.json").text)
    assert plain["decision"]["outcome"] == "Awarded"
    assert plain["judging"]["answers"][0]["yearly_cost"] == 48_000
    assert browse(world.stranger).get(f"{base}.json").status_code == 404
    with world.ground.read() as session:
        taken = session.execute(text("SELECT details FROM audit WHERE action = 'referrals.take_pack'")).scalars().all()
    assert [json.loads(one)["format"] for one in taken] == ["pdf", "json"]
