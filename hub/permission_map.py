from __future__ import annotations

from collections.abc import Mapping

from people.api_scopes import ApiScope
from people.permissions import Permission
from referrals.actions.webhooks.tell_systems import TOLD_OF

Access = Permission | ApiScope | str
"""A permission, a scope of the API's tokens, or why none is asked for."""

_BY_SIGNATURE = "the vendor signs what it sends"
_BY_HAND = "whoever may run programs with the hub's settings holds everything already"

DOORS: Mapping[str, Access] = {
    "/webhooks/sms": _BY_SIGNATURE,
    "/webhooks/sms/status": _BY_SIGNATURE,
    "/webhooks/email": _BY_SIGNATURE,
}
"""What answers before the pages do."""

JOBS: Mapping[str, Access] = {
    "people.forget_api_calls": "the system: a call of the API is answered again for a day and no longer",
    "people.renew_links": "the system: a link goes on granting what it granted before the secret changed",
    "surveys.close_due": "the system: the coordinator set the last day when starting the survey",
    "fps.publish_benchmarks": "the system: a quarter has begun, and no provider's price can be told from it (V10)",
    "fps.activate_contracts": "the system: the lead authority recorded the contract with its first day",
    "fps.remind_evaluators": "the system: the lead authority named who evaluates, and the round its day of decision",
    "fps.tell_of_openings": "the system: the lead authority published the round with its opening",
    "fps.remind_of_rounds": "the system: the lead authority published the round with its closing and its sessions",
    "referrals.remind_of_clocks": "the system: whoever keeps a clock started it, and the law gives its days (R19)",
    "referrals.remind_of_notices": "the system: procurement law gives a notice its day, whoever is in the office (R38)",
    "referrals.publish_statistics": "the system: a quarter has ended, and no learner can be told from it (R39, V10)",
    "referrals.watch_alerts": "the system: the commissioner issued the referral to all alike, whoever looks (R12)",
    "referrals.send_reminders": "the system: the commissioner issued the referral with its reminders (R18)",
    "referrals.look_after_placements": "the system: an agreement ends on its last day, whoever is in the office (R28)",
    "fps.ask_for_places": "the system: each provider is asked once a month what it shows in the directory",
    "fps.hold_lapsed": "the system: a lot asks for documents in date, whoever is in the office (DOMAIN.md 2)",
    "fps.remind_of_documents": "the system: the provider gave its document the last day",
    "fps.chase_rechecks": "the system: the lead authority gave the yearly check its due date",
    "fps.scan_waiting": "the system: no file is shown to anybody before the virus scanner has seen it",
    "qa_visits.chase_actions": "the system: the officer gave the action its due date",
    "fps.remind_of_reviews": "the system: whoever decided gave the decision its day of review (L4, L5)",
    "hub.keep_schedule": "the system: the retention schedule holds for everybody's rows, and its runs are reported",
    "hub.remind_of_requests": "the system: the law gives a request its days, and its council must keep them",
    "hub.verify_log": "the system: whether the log holds may depend on nobody",
}
"""Timed work, in whose name it runs."""

REACTIONS: Mapping[str, Access] = {
    "hub.send_way_in": "the system: sends to the owner of an address what somebody asked for there",
    "hub.send_invitation": "the system: sends what somebody who may invite has asked for",
    "hub.send_code": "the system: sends a code to the address that it is to prove",
    "hub.send_details_link": "the system: sends a person the way to their own details, where they are reached",
    "hub.tell_old_address": "the system: tells an address that it was replaced, in case its owner did not do it",
    "hub.tell_other_addresses": "the system: tells a person's other addresses of a new one, in case it is not theirs",
    "hub.gather_stragglers": "the system: what came in during a merge belongs to whom the merge has kept",
    **{
        f"referrals.tell_systems.{event.name}": "the system: tells a council's own systems, with ids and status words"
        for event in TOLD_OF
    },
    "surveys.resume_conversation": "the system: asks a family again what it was being asked",
}
"""What a domain does when it hears of a fact. Who caused the fact was let in by what they did."""

COMMANDS: Mapping[str, Access] = {
    "hub demo": _BY_HAND,
    "hub run": _BY_HAND,
    "hub web": _BY_HAND,
    "hub worker": _BY_HAND,
    "hub migrate": _BY_HAND,
    "hub audit verify": _BY_HAND,
    "hub keys status": _BY_HAND,
    "hub keys rotate": _BY_HAND,
    "hub doctor": _BY_HAND,
    "hub retention": _BY_HAND,
    "hub import gias": _BY_HAND,
    "hub import ofsted": _BY_HAND,
    "hub referral prove": _BY_HAND,
    "hub maintenance on": _BY_HAND,
    "hub maintenance off": _BY_HAND,
    "hub second-factor reset": _BY_HAND,
}
"""The command line."""

EXPORTS: Mapping[str, Access] = {
    "referrals.packs.as_pdf": Permission.REFERRALS_READ,
    "referrals.packs.as_json": Permission.REFERRALS_READ,
    "referrals.notices.draft": Permission.REFERRALS_ISSUE,
    "referrals.notices.sent": Permission.REFERRALS_ISSUE,
    "referrals.statistics.export_reach": Permission.REFERRALS_STATISTICS,
    "referrals.statistics.export_gaps": Permission.REFERRALS_STATISTICS,
    "fps.open_referral.openapi": "what Open Referral UK asks to be open, described for programs",
    "fps.register.export": Permission.REGISTER_READ,
    "fps.concluding.listed_csv": Permission.REGISTER_READ,
    "fps.own_evidence_pieces.file": Permission.SETTINGS_OWN,
    "fps.evaluating.signed": Permission.ROUNDS_RUN,
    "fps.joining.feed": "the dates of joining rounds are adverts (equal treatment)",
    "fps.joining.table": "the dates of joining rounds are adverts (equal treatment)",
    "fps.round_people.results": Permission.ROUNDS_RUN,
    "api.openapi": "says how programs ask the API, and nothing that it answers",
    "fps.evidence.file": Permission.EVIDENCE_READ,
    "fps.own_evidence.file": Permission.SETTINGS_OWN,
    "fps.rechecks.report": Permission.EVIDENCE_JUDGE,
    "fps.fees.export": Permission.FEES_READ,
    "referrals.preparing.file": Permission.REFERRALS_READ,
    "referrals.files.asked": Permission.REFERRALS_ANSWER,
    "referrals.opening.file": Permission.REFERRALS_READ,
    "referrals.proof.download": Permission.REFERRALS_READ,
    "referrals.agreements.document": Permission.PLACEMENTS_MANAGE,
    "referrals.answer_calendar.feed": "a calendar reads its owner's deadlines by a link that the owner can take back",
    "referrals.placement_calendars.feed": "a calendar reads its owner's dates by a link that the owner can take back",
    "surveys.surveys.results_csv": Permission.SURVEYS_EXPORT,
    "qa_visits.visits.calendar_entry": Permission.VISITS_READ,
    "rights_data.copy": Permission.RIGHTS_HANDLE,
    "audit_log.export": Permission.AUDIT_READ,
    "people.importing.example": Permission.PEOPLE_MANAGE,
    "inbox.attachment": Permission.OWN_INBOX,
    "fps.open_data.changes_csv": Permission.OPEN_DATA_IMPORT,
    "sandbox.file": Permission.OPERATIONS,
}
"""The pages that hand out a file, by endpoint: a permission here is the one that the page itself asks for."""
