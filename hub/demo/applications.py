from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from fps.actions.applications.add_file import AddFile, add_file
from fps.actions.applications.change_settings import add_setting
from fps.actions.applications.clarify import ask_applicant
from fps.actions.applications.decide_application import write_moderation
from fps.actions.applications.evaluate import SaveMarks, declare_interest, save_marks
from fps.actions.applications.name_evaluators import NameEvaluators, name_evaluators
from fps.actions.applications.save_section import SaveSection, save_section
from fps.actions.applications.start_application import start_application
from fps.actions.applications.submit_application import SubmitApplication, submit_application
from fps.actions.evidence.offer_document import TAKEN
from fps.actions.rounds.move_round import publish_round
from fps.actions.rounds.write_round import draft_round
from fps.model.application_form import EXCLUSIONS
from fps.model.applications import CRITERIA, ORGANISATION, Answer, Mark, Scale
from fps.model.rounds import RoundTerms
from fps.northwest import NAME
from fps.queries import lots
from fps.queries.applications import application_of, draft_of, last_submission, own_application
from fps.queries.rounds import led_frameworks, open_rounds
from fps.rules.application_tasks import evidence_of
from fps.rules.applications import wanted_marks
from fps.rules.rounds import closing_on
from hub.demo.cast import Cast
from kernel.calendar import at_london, london_date, next_working_day
from kernel.uploads import check_upload
from kernel.work import Work
from people.model import Actor
from people.queries import organisation, person

_NUMBER = 10
_PAPER = b"%PDF-1.4\n% an invented certificate of the demo\n"
_REASON = "The papers and the answers show it clearly, with dates and names of those responsible."
_SETTLED = "Both marks agree. The new building was looked at, and the insurer is asked once more before the decision."
_PARTS: Mapping[str, Mapping[str, Answer]] = {
    "declarations": {name: "no" for name, _ in EXCLUSIONS},
    "finance": {
        "accounts": "Two years of audited accounts are attached. Our reserves cover five months.",
        "public_liability": "5000000",
        "employers_liability": "10000000",
    },
    "policies": {
        "policies": ["behaviour", "complaints", "data", "equality", "recruitment", "safeguarding", "safety", "send"],
        "services": "Day places with speech and language therapy, occupational therapy and a family worker.",
        "costs": "One fee a place, which includes therapy. Transport and one-to-one support cost extra.",
    },
}
_OF_SETTING: Mapping[str, Mapping[str, Answer]] = {
    "place": {
        "kind": "independent_special",
        "age_from": "7",
        "age_to": "16",
        "intake": "mixed",
        "district": "Sefton",
    },
    "registrations": {"education": "Independent special school, registered with the DfE.", "judgement": "none yet"},
    "practice": {
        "overview": "A small school for autistic learners who have been out of school for a while.",
        "parents": "Each family has one person to ring. Parents meet every half-term and set the agenda.",
        "learners": "A learners' council meets weekly. Those who do not speak choose with pictures.",
        "services": "Teaching, therapy, a family worker, and a place at the breakfast club.",
        "costs": "61,500 pounds a year. One-to-one support is 18 pounds an hour.",
    },
}


def seed(work: Work, cast: Cast) -> None:
    """Leave two applications half written in the open round, and two in evaluation in a round that has closed."""
    for number, name in ((3, "Dove Meadow Shore"), (0, "Alder Grove Juniors")):
        _half_written(work, cast.providers[number], name)
    today = london_date(work.now)
    lead = person(work.session, cast.lead_authority_id)
    round_id, closes = _closed_round(work, lead, today)
    sent = replace(work, now=closes - timedelta(days=3))
    for number, urn, name in ((0, "999501", "Alder Grove Sixth"), (2, "999502", "Coppice Shore School")):
        _send(sent, cast.providers[number], round_id, {"name": name, "urn": urn})
    evaluators = (cast.commissioner_id, cast.second_commissioner_id)
    name_evaluators(work, lead, NameEvaluators(round_id, evaluators))
    both = [person(work.session, each) for each in evaluators]
    _evaluate(work, lead, both, application_of(work.session, round_id, cast.providers[0][0]))


def _half_written(work: Work, provider: tuple[str, str], setting: str) -> None:
    provider_id, user_id = provider
    user = person(work.session, user_id)
    joined = next(each for each in open_rounds(work.session, work.now) if each.title == "Joining round 8")
    application_id = start_application(work, user, joined.id, provider_id, work.now)
    _save(work, user, application_id, ORGANISATION, {"finance": _PARTS["finance"]})
    entry_id = add_setting(work, user, application_id, None, work.now)
    _save(work, user, application_id, entry_id, {"place": {"name": setting, "age_from": "5"}})


def _closed_round(work: Work, lead: Actor, today: date) -> tuple[str, datetime]:
    framework_id = next(card.id for card in led_frameworks(work.session, lead) if card.name == NAME)
    opens = next_working_day(today - timedelta(days=50))
    closes = next_working_day(today - timedelta(days=9))
    terms = RoundTerms(
        number=_NUMBER,
        title=f"Joining round {_NUMBER}, day places only",
        lot_ids=tuple(lot.id for lot in lots(work.session, [framework_id]) if lot.number == 1),
        advert="The member councils need day places at short notice. This round takes one lot only.",
        notice_reference="The Chest, DN700910",
        opens_at=at_london(opens, time(9)),
        questions_close_at=at_london(next_working_day(opens + timedelta(days=20)), time(12)),
        closes_at=closing_on(closes),
        decide_by=next_working_day(today + timedelta(days=21)),
        standstill_days=10,
        contracts_start_on=next_working_day(today + timedelta(days=60)),
    )
    then = replace(work, now=terms.opens_at - timedelta(days=7))
    round_id = draft_round(then, lead, framework_id, terms)
    publish_round(then, lead, round_id)
    return round_id, terms.closes_at


def _send(work: Work, provider: tuple[str, str], round_id: str, facts: Mapping[str, Answer]) -> None:
    provider_id, user_id = provider
    user = person(work.session, user_id)
    application_id = start_application(work, user, round_id, provider_id, work.now)
    name = organisation(work.session, provider_id).name
    details = {
        "legal_name": f"{name} Ltd",
        "company_number": "00900111",
        "contact_name": user.name,
        "contact_email": f"{user.name.lower().replace(' ', '.')}@example.org",
        "contact_phone": "07700 900301",
    }
    _save(work, user, application_id, ORGANISATION, {"details": details, **_PARTS})
    entry_id = add_setting(work, user, application_id, None, work.now)
    card = own_application(work.session, user, application_id)
    lot_ids = [lot.id for lot in draft_of(work.session, card).lots]
    place = {"place": {**_OF_SETTING["place"], **facts}}
    chosen: dict[str, Mapping[str, Answer]] = {"lots": {"lots": lot_ids, "places": "24", "lodges_52": "no"}}
    _save(work, user, application_id, entry_id, {**_OF_SETTING, **place, **chosen})
    draft, until = draft_of(work.session, card), london_date(work.now) + timedelta(days=300)
    paper = check_upload("certificate.pdf", _PAPER, TAKEN, most_bytes=1000)
    for subject in (ORGANISATION, entry_id):
        for kind in evidence_of(draft, subject):
            if (subject, kind) not in draft.held:
                add_file(
                    work, user, AddFile(application_id, subject, kind, paper, None, until, is_scanned=True), work.now
                )
    submit_application(work, user, SubmitApplication(application_id, is_declared=True, received_at=work.now))


def _save(
    work: Work, user: Actor, application_id: str, subject: str, parts: Mapping[str, Mapping[str, Answer]]
) -> None:
    for section, answers in parts.items():
        save_section(work, user, SaveSection(application_id, subject, section, answers, 0), work.now)


def _evaluate(work: Work, lead: Actor, evaluators: Sequence[Actor], application_id: str) -> None:
    """Let all evaluators hand in for one application and settle it, and the lead authority ask that applicant more."""
    sent = last_submission(work.session, application_id)
    if sent is None:
        return
    scales = {each.key: each.scale for each in CRITERIA}
    wanted = wanted_marks(one["entry"] for one in sent.content["settings"])
    marks = tuple(Mark(subject, key, "pass" if scales[key] is Scale.PASS else "4", _REASON) for subject, key in wanted)
    for evaluator in evaluators:
        declare_interest(work, evaluator, application_id, has_conflict=False)
        save_marks(work, evaluator, SaveMarks(application_id, marks, is_finished=True))
    write_moderation(work, lead, application_id, _SETTLED)
    due = next_working_day(london_date(work.now) + timedelta(days=5))
    ask_applicant(work, lead, application_id, "When did your insurer last see the new building?", due)
