"""Two of everything: councils, forums and providers that must never see each other's rows. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.messages import ANSWER_FROM_PERSON
from channels.model import Arrival, Attachment, Channel
from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.actions.frameworks.open_framework import OpenFramework, open_framework
from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.actions.standing.register_setting import register_setting
from fps.model import DocumentKind, Intake, NewLot, NewSetting, Regime, SettingKind, Status
from fps.queries import lots
from hub.engine.hands import never
from hub.wiring import HEARERS, House
from kernel.ids import new_id
from kernel.work import Ground, Work
from people.actions.log_request import NewRequest, log_request
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import Actor, OrganisationKind, Role
from people.queries import person
from people.rights.model import CameBy, RequestKind
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.propose_visit import ProposeVisit, propose_visit
from qa_visits.actions.record_outcome import NewAction, RecordOutcome, record_outcome
from qa_visits.actions.submit_evidence import SubmitEvidence, submit_evidence
from qa_visits.model import Head, Judgement, Priority, VisitType
from qa_visits.tables import VisitRow
from referrals.actions.draft_referral import Draft, draft_referral
from referrals.actions.equal.ask_question import AskQuestion, ask_question
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.actions.record_response import RecordResponse, record_response
from referrals.model import Costs, Response, ResponseKind
from referrals.queries.previews import draft_preview
from referrals.queries.providers import invitation
from referrals.rules.identifying import identifying_text
from surveys.actions.create_survey import CreateSurvey, create_survey
from surveys.actions.record_answer import hear_text
from surveys.actions.start_survey import StartSurvey, start_survey
from surveys.rules.ready_made_surveys import ready_made_surveys
from surveys.tables import RemarkRow, SessionRow
from tests.isolation.answer_rows import keep_answer_rows
from tests.isolation.application_rows import keep_application_rows
from tests.isolation.clock_rows import keep_clock_rows
from tests.isolation.document_rows import keep_document_rows
from tests.isolation.draft_rows import keep_draft_rows
from tests.isolation.fee_rows import keep_fee_rows
from tests.isolation.half import Half
from tests.isolation.people_rows import keep_people_rows
from tests.isolation.placement_rows import keep_placement_rows
from tests.referrals.sample import need
from tests.referrals.world import take_second_look

DEADLINE_ON = date(2026, 12, 1)
FAMILIES = 3
_PHONES = count(600)


@dataclass(frozen=True)
class Twins:
    """The two halves, and the one referral in which both providers were asked."""

    alder: Half
    birch: Half
    shared_referral: str

    def other(self, half: Half) -> Half:
        """Return the half that is not this one."""
        return self.birch if half is self.alder else self.alder


def build(house: House) -> Twins:
    """Fill every domain, twice; what is due on the web is delivered."""
    ground = house.ground
    with ground.work() as work:
        halves = [_half(work, name) for name in ("Alder", "Birch")]
        lead = _lead(work)
        lot_ids = _register(work, lead, halves)
        halves = [_with_setting(work, lead, half, lot_ids, at) for at, half in enumerate(halves)]
    for half in halves:
        _surveys(ground, half)
        _referrals(ground, half)
        keep_draft_rows(ground, half)
        _visits(ground, half)
        _words(house, half)
        _rights(ground, half)
        keep_people_rows(ground, half)
        keep_fee_rows(ground, half)
        keep_document_rows(ground, half)
        keep_application_rows(ground, lead, half)
        keep_placement_rows(ground, half)
        keep_clock_rows(ground, half)
        keep_answer_rows(ground, half)
    shared = _asked_by_both(ground, halves[0], halves, lot_ids[2])
    for hand in house.hands():
        if hand.bell == Channel.WEB:
            hand.work(never)
    return Twins(halves[0], halves[1], shared)


def _half(work: Work, name: str) -> Half:
    council = register_organisation(
        work,
        NewOrganisation(OrganisationKind.COUNCIL, f"{name}shire", contact_points=(("email", f"{name}@example.org"),)),
    )
    half = Half(
        f"{name}mark",
        council,
        register_organisation(work, NewOrganisation(OrganisationKind.FORUM, f"{name} Forum", council_id=council)),
        register_organisation(work, NewOrganisation(OrganisationKind.PROVIDER, f"{name} Schools")),
    )
    for role in Role:
        half.people[role] = _member(work, half, role)
    for _ in range(FAMILIES):
        half.families.append(_member(work, half, Role.FAMILY))
    second = NewPerson(f"Second {half.mark}", roles=((Role.COMMISSIONER, half.council),))
    half.colleagues.append(person(work.session, register_person(work, second)))
    return half


def _member(work: Work, half: Half, role: Role) -> Actor:
    phone = f"+447700900{next(_PHONES) % 1000:03d}"
    name = f"{role.value.replace('_', ' ').title()} {half.mark}"
    told = {Role.FAMILY: (("sms", phone),), Role.YOUNG_PERSON: (("sms", phone),)}
    staff = (("web", new_id()), ("email", f"{half.mark}.{role.value}@example.org".lower()))
    points = told.get(role, staff)
    person_id = register_person(work, NewPerson(name, "en", ((role, half.organisation_of(role)),), points))
    half.phones[person_id] = phone
    return person(work.session, person_id)


def _lead(work: Work) -> Actor:
    leads = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Leadshire"))
    return person(work.session, register_person(work, NewPerson("Lee Lead", roles=((Role.LEAD_AUTHORITY, leads),))))


def _register(work: Work, lead: Actor, halves: list[Half]) -> list[str]:
    """Open a framework: a lot for each half's provider, and one for both."""
    opened = OpenFramework(
        name="A framework",
        regime=Regime.PCR_LIGHT_TOUCH,
        lead_id=lead.roles[0].organisation_id,
        starts_on=date(2026, 1, 1),
        ends_on=date(2029, 12, 31),
        lots=tuple(NewLot(number, f"Lot {number}", (DocumentKind.INSURANCE,)) for number in (1, 2, 3)),
        members=tuple((half.council, date(2026, 1, 1), None) for half in halves),
    )
    return [lot.id for lot in lots(work.session, [open_framework(work, lead, opened)])]


def _with_setting(work: Work, lead: Actor, half: Half, lot_ids: list[str], at: int) -> Half:
    new = NewSetting(
        name=f"School {at}",
        provider_id=half.provider,
        urn=f"{999000 + at}",
        kind=SettingKind.INDEPENDENT_SPECIAL,
        age_from=5,
        age_to=16,
        intake=Intake.MIXED,
        district="Southport",
        referral_contact_id=half.people[Role.PROVIDER_USER].id,
    )
    setting_id = register_setting(work, lead, new)
    record_document(work, lead, RecordDocument(setting_id, DocumentKind.INSURANCE, date(2027, 3, 31)))
    for lot_id in (lot_ids[at], lot_ids[2]):
        for status in (Status.APPLIED, Status.ADMITTED, Status.ACTIVE):
            change_status(work, lead, ChangeStatus(setting_id, lot_id, status, "For a test.", date(2026, 1, 5)))
    return Half(
        half.mark,
        half.council,
        half.forum,
        half.provider,
        lot_ids[at],
        setting_id,
        half.people,
        half.families,
        half.phones,
        half.colleagues,
    )


def _surveys(ground: Ground, half: Half) -> None:
    """One that waits to be started, one that is open, with an answer and a remark."""
    coordinator = half.people[Role.FORUM_COORDINATOR]
    with ground.work() as work:
        create_survey(work, coordinator, CreateSurvey(half.forum, ready_made_surveys()[0]))
        open_id = create_survey(work, coordinator, CreateSurvey(half.forum, ready_made_surveys()[0]))
        start_survey(work, coordinator, StartSurvey(open_id, work.now + timedelta(days=14)))
        for session_id in _conversations(work, open_id):
            hear_text(work, session_id, "4", Channel.SMS)
        remark = f"A remark of {half.mark}"
        work.session.add(
            RemarkRow(id=new_id(), session_id=session_id, text=remark, channel="sms", recorded_at=work.now)
        )


def _conversations(work: Work, survey_id: str) -> list[str]:
    rows = work.session.query(SessionRow.id).filter(SessionRow.survey_id == survey_id, SessionRow.asked_at.is_not(None))
    return [row.id for row in rows]


def _referrals(ground: Ground, half: Half) -> None:
    """A draft, and one that is issued and answered."""
    commissioner, user = half.people[Role.COMMISSIONER], half.people[Role.PROVIDER_USER]
    with ground.work() as work:
        _drafted(work, half, commissioner, half.lot)
    issued = _issued(ground, half, half.lot)
    _respond(ground, half, user, issued)
    with ground.work() as work:
        words = f"Is the plan of {half.mark} about speech?"
        keys = [finding.key for finding in identifying_text({"words": words})]
        ask_question(work, user, AskQuestion(issued, words, keys))


def _drafted(work: Work, half: Half, commissioner: Actor, lot_id: str) -> str:
    wanted = need(outcomes=f"Learns to say {half.mark.lower()}.", risk_wording="")
    return draft_referral(work, commissioner, Draft(half.council, lot_id, wanted))


def _issued(ground: Ground, half: Half, lot_id: str) -> str:
    commissioner = half.people[Role.COMMISSIONER]
    with ground.work() as work:
        referral_id = _drafted(work, half, commissioner, lot_id)
        work.session.flush()
        shown = draft_preview(work.session, commissioner, referral_id, work.now)
        command = IssueReferral(referral_id, DEADLINE_ON, work.now, shown.fingerprint)
        take_second_look(work, command, commissioner, half.colleagues[0])
        issue_referral(work, commissioner, command)
    return referral_id


def _respond(ground: Ground, half: Half, user: Actor, referral_id: str) -> None:
    words = f"We know {half.mark}."
    response = Response(ResponseKind.OFFER, words=words, starts_on=date(2027, 1, 11), costs=Costs(education=48_000))
    with ground.work() as work:
        (asked,) = invitation(work.session, user, referral_id, work.now).settings
        record_response(work, user, RecordResponse(asked.recipient_id, response, work.now))


def _asked_by_both(ground: Ground, half: Half, halves: list[Half], lot_id: str) -> str:
    referral_id = _issued(ground, half, lot_id)
    for each in halves:
        _respond(ground, each, each.people[Role.PROVIDER_USER], referral_id)
    return referral_id


def _visits(ground: Ground, half: Half) -> None:
    """One that waits for an answer, one that is booked, one that is done and left an action with evidence."""
    officer, user = half.people[Role.QA_OFFICER], half.people[Role.PROVIDER_USER]
    with ground.work() as work:
        ids = [_proposed(work, half, officer, date(2026, 12, day)) for day in (9, 15, 17)]
        for visit_id in ids[1:]:
            accept_visit(work, officer, visit_id)
        work.session.get_one(VisitRow, ids[2]).day = date(2026, 11, 20)
        new = NewAction(
            title=f"Learn {half.mark}",
            head=Head.POLICIES,
            priority=Priority.HIGH,
            owner_id=user.id,
            success_measure=f"All say {half.mark}.",
            due_on=date(2027, 1, 4),
        )
        found = RecordOutcome(ids[2], Judgement.ASSURED_WITH_ACTIONS, f"They say {half.mark}.", (new, new))
        action_ids = record_outcome(work, officer, found)
        submit_evidence(work, user, SubmitEvidence(action_ids[0], f"Everybody here now says {half.mark}."))


def _proposed(work: Work, half: Half, officer: Actor, day: date) -> str:
    return propose_visit(work, officer, ProposeVisit(half.council, half.setting, VisitType.ANNUAL, officer.id, day))


def _words(house: House, half: Half) -> None:
    """A question, a worry, a text that nobody could hear, and a message with a file in everybody's inbox."""
    inbox = Inbox(house.ground)
    family, young = half.families[0], half.people[Role.YOUNG_PERSON]
    for who, said in ((family, f"stop it, who is {half.mark}?"), (young, f"I want to die, says {half.mark}")):
        inbox.accept(Arrival(Channel.SMS, new_id(), half.phones[who.id], said))
    inbox.close()
    Processor(house.ground, HEARERS).drain()
    file = Attachment("file.txt", "text/plain", f"A file of {half.mark}")
    with house.ground.work() as work:
        told = [
            NewMessage(ANSWER_FROM_PERSON, {"answer": f"Say {half.mark}"}, each.id, channel="web", attachments=(file,))
            for role, each in half.people.items()
            if role not in (Role.FAMILY, Role.YOUNG_PERSON)
        ]
        queue_messages(work, told)


def _rights(ground: Ground, half: Half) -> None:
    told = NewRequest(
        half.council,
        RequestKind.ACCESS,
        f"Somebody {half.mark}",
        f"{half.mark.lower()}@example.org",
        f"What do you hold of {half.mark}?",
        CameBy.EMAIL,
        date(2026, 11, 23),
        half.families[0].id,
    )
    with ground.work() as work:
        log_request(work, told, half.people[Role.AUDITOR])
