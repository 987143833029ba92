"""Every column that could hold an address or somebody's words is sealed, or this list says why not."""

from __future__ import annotations

from sqlalchemy import JSON, Column, String, Text

import hub.wiring  # noqa: F401 - loads every table
from kernel.database import Base, Moment
from kernel.sealing import Sealed

_SHORT = 64
"""What is no longer is a code, an id, a digest or a name of ours."""
_SCHOOL = (
    *("name", "la_name", "type_name", "status", "closed_why", "phase", "boarders", "boarding", "gender", "section41"),
    *("sen", "inspectorate", "street", "town", "website", "childrens_home"),
)
_OPEN_DATA = {
    "fps_schools": _SCHOOL,
    "fps_staged_schools": _SCHOOL,
    "fps_school_links": ("link_type", "link_name"),
    "fps_staged_links": ("link_type", "link_name"),
    "fps_judgements": ("grades",),
    "fps_staged_judgements": ("grades",),
    "fps_open_data_imports": ("file_name", "counts", "faults", "notes"),
    "fps_open_data_changes": ("name", "details"),
}
PLAIN = {
    **{
        f"{table}.{column}": "what public registers say of schools"
        for table, columns in _OPEN_DATA.items()
        for column in columns
    },
    "organisations.name": "a name: pages sort by it and search in it",
    "persons.name": "a name: pages sort by it and search in it",
    "fps_frameworks.name": "a name: pages sort by it and search in it",
    "fps_settings.name": "a name: pages sort by it and search in it",
    "fps_lots.name": "a name: pages sort by it and search in it",
    "referral_awards.supplier": "a name: everybody who was asked reads it",
    "referral_faults.recorded_from": "ids of ours",
    "referral_exclusions.setting_name": "a name: pages sort by it and search in it",
    "placements.supplier": "a name: pages sort by it and search in it",
    "placement_parts.supplier": "a name: pages sort by it and search in it",
    "referral_recipients.setting_name": "a name: pages sort by it and search in it",
    "invitations.name": "a name: pages sort by it and search in it",
    "surveys.title": "a public title or place",
    "fps_settings.district": "a public title or place",
    "audit.action": "a name of ours",
    "events.name": "a name of ours",
    "qa_steps.what": "a name of ours",
    "rights_steps.what": "a name of ours",
    "timetable.job": "a name of ours",
    "event_handlings.reaction": "a name of ours",
    "audit_checks.reason": "a name of ours",
    "inbound.detail": "a name of ours",
    "queue_items.reason": "a name of ours",
    "audit.details": "ids and facts only; tests/test_nothing_plain_at_rest.py looks",
    "events.payload": "ids and facts only; tests/test_nothing_plain_at_rest.py looks",
    "retention_runs.counts": "ids, counts, codes or figures",
    "rights_requests.erased": "ids, counts, codes or figures",
    "rights_decisions.record_key": "ids, counts, codes or figures",
    "api_tokens.scopes": "ids, counts, codes or figures",
    "webhook_endpoints.types": "ids, counts, codes or figures",
    "webhook_events.data": "ids, counts, codes or figures",
    "leavings.roles": "ids, counts, codes or figures",
    "merges.moved": "ids, counts, codes or figures",
    "messages.tried": "ids, counts, codes or figures",
    "messages.dedupe_key": "ids, counts, codes or figures",
    "qa_figures.value": "ids, counts, codes or figures",
    "inbound.vendor_id": "a vendor's id; found by it",
    "messages.vendor_id": "a vendor's id; found by it",
    "inbound.recipient": "the hub's own number or address",
    "passkeys.credential_id": "public by its nature, and found by it",
    "passkeys.public_key": "public by its nature, and found by it",
    "sso_identities.issuer": "public by its nature, and found by it",
    "sso_identities.subject": "public by its nature, and found by it",
    "fps_profiles.content": "what a provider publishes of its setting",
    "fps_profile_versions.content": "what a provider publishes of its setting, or means to",
    "fps_vacancies.note": "a provider's public note on its free places",
    "fps_vacancy_reports.note": "a provider's public note on its free places",
    "fps_rounds.title": "a public title or place",
    "fps_rounds.lot_ids": "ids, counts, codes or figures",
    "fps_benchmarks.figures": "ids, counts, codes or figures",
    "referral_statistics.figures": "ids, counts, codes or figures",
    "fps_benchmarks.groups": "ids, counts, codes or figures",
    "fps_rounds.advert": "an advert that everybody may read",
    "fps_rounds.notice_reference": "an advert that everybody may read",
    "fps_rounds.cancel_reason": "an advert that everybody may read",
    "fps_round_versions.terms": "an advert that everybody may read",
    "fps_round_versions.changes": "an advert that everybody may read",
    "fps_round_sessions.title": "a public title or place",
    "fps_round_sessions.place": "a public title or place",
    "fps_round_sessions.link": "a meeting's address, which opens nothing here",
    "fps_round_sessions.cancel_reason": "what everybody with a place reads",
    "fps_round_enquiries.text": "what is asked, not what is answered",
    "fps_round_enquiries.choices": "what is asked, not what is answered",
    "fps_round_answers.question": "published without who asked",
    "fps_round_answers.answer": "published without who asked",
    "survey_versions.definition": "what is asked, not what is answered",
    "fps_document_files.scan_said": "the virus scanner's own words on why it gave no verdict",
    "fps_application_files.scan_said": "the virus scanner's own words on why it gave no verdict",
    "fps_frameworks.terms": "terms and rules of a framework",
    "fps_frameworks.notices": "numbers of published notices",
    "fps_frameworks.approval_panel": "a public title or place",
    "fps_framework_users.name": "a public title or place",
    "fps_extension_options.note": "terms and rules of a framework",
    "fps_framework_changes.details": "ids, counts, codes or figures",
    "referral_issues.terms": "terms and rules of a framework",
    "referral_exclusions.reasons": "terms and rules of a framework",
    "referrals.weights": "terms and rules of a framework",
    "referral_late_responses.sealed": "sealed under a key of its own (docs/decisions/0015)",
    "referral_responses.sealed": "sealed under a key of its own (docs/decisions/0015)",
}


def _could_hold_words(column: Column[object]) -> bool:
    kind = column.type
    if isinstance(kind, Sealed | Moment) or column.foreign_keys:
        return False
    return isinstance(kind, JSON | Text) or (isinstance(kind, String) and (kind.length or _SHORT + 1) > _SHORT)


def test_every_column_for_words_is_sealed_or_says_why_not() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if _could_hold_words(column)
    }
    assert found == set(PLAIN), "seal it (SealedText, SealedJson), or say in PLAIN why it may be read"
