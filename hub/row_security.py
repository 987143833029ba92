from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.database import Base

_REGISTER = "the register is every member council's, lead authority's and provider's"
_ROUNDS = "what a joining round says, asks and answers is public; drafts are kept back by the queries"
_ASKS = "who is asked about which free places, and when: ids and times; a colleague may answer"
_PEOPLE = "whoever writes to somebody must find their name, language and ways; pages ask by role (people.rules.seeing)"
_SIGNING_IN = "read to find out who somebody is, before there is anybody whose rows could be told"
_ENGINE = "the hub's own machinery: ids and times, no words of anybody"
_OPEN_DATA = "public registers of schools (GIAS, Ofsted), and what their files have changed"
_RIGHTS = "holds for a person or for all, whichever council they have to do with"

OPEN: Mapping[str, str] = MappingProxyType(
    {
        "audit": "one chain for all, append-only; ids and facts, read by those who hold audit.read",
        "audit_checks": _ENGINE,
        "event_handlings": _ENGINE,
        "events": _ENGINE,
        "maintenance": _ENGINE,
        "paces": _ENGINE,
        "timetable": _ENGINE,
        "sandbox_posts": "invented people's",
        "qa_figures": "figures of the whole hub",
        "qa_setting_spans": _REGISTER,
        "fps_rechecks": "which framework is checked by when is known to every provider that is asked",
        "fps_profiles": "what a provider publishes of its setting is for everybody",
        "fps_profile_terms": "what a provider publishes of its setting is for everybody",
        "fps_vacancies": "free places are shown to everybody, with the day on which they were confirmed",
        "fps_vacancy_reports": _REGISTER,
        "fps_vacancy_asks": _ASKS,
        "fps_vacancy_ask_lines": _ASKS,
        "fps_frameworks": _REGISTER,
        "fps_extension_options": _REGISTER,
        "fps_framework_users": _REGISTER,
        "fps_framework_changes": _REGISTER,
        "fps_lots": _REGISTER,
        "fps_lot_kinds": _REGISTER,
        "fps_lot_documents": _REGISTER,
        "fps_memberships": _REGISTER,
        "fps_list_publications": _REGISTER,
        "fps_listed_settings": _REGISTER,
        "fps_settings": _REGISTER,
        "fps_settings_on_lots": _REGISTER,
        "fps_status_changes": _REGISTER,
        "fps_rounds": _ROUNDS,
        "fps_round_versions": _ROUNDS,
        "fps_round_sessions": _ROUNDS,
        "fps_round_enquiries": _ROUNDS,
        "fps_round_answers": _ROUNDS,
        "fps_judgements": _OPEN_DATA,
        "fps_open_data_changes": _OPEN_DATA,
        "fps_open_data_imports": _OPEN_DATA,
        "fps_open_data_pieces": _OPEN_DATA,
        "fps_places": _OPEN_DATA,
        "fps_school_links": _OPEN_DATA,
        "fps_schools": _OPEN_DATA,
        "fps_staged_judgements": _OPEN_DATA,
        "fps_staged_links": _OPEN_DATA,
        "fps_staged_schools": _OPEN_DATA,
        "organisations": "names of councils, forums and providers are known to all",
        "organisation_successions": "which council took over from which is known to all",
        "brandings": "shown to anybody who comes to the site",
        "persons": _PEOPLE,
        "roles": _PEOPLE,
        "past_roles": _PEOPLE,
        "contact_points": _PEOPLE,
        "consents": _PEOPLE,
        "contact_checks": _PEOPLE,
        "invitations": _PEOPLE,
        "delegations": _PEOPLE,
        "distinct_persons": _PEOPLE,
        "merges": _PEOPLE,
        "leavings": _PEOPLE,
        "grants": "a link is found by the digest of its token, which only its holder has",
        "sessions": _SIGNING_IN,
        "sign_in_asks": _SIGNING_IN,
        "sign_in_codes": _SIGNING_IN,
        "sign_in_ceremonies": _SIGNING_IN,
        "authenticators": _SIGNING_IN,
        "recovery_codes": _SIGNING_IN,
        "passkeys": _SIGNING_IN,
        "sso_identities": _SIGNING_IN,
        "restrictions": _RIGHTS,
        "suppressed_addresses": _RIGHTS,
        "stated_purposes": _RIGHTS,
        "retention_runs": _RIGHTS,
    }
)
"""Tables whose rows PostgreSQL keeps from nobody who is signed in, and why: there the queries alone do it."""

_BYPASSES = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
_HELD = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind IN ('r', 'p')")


def rls_warnings(session: Session) -> list[str]:
    """Say why PostgreSQL would not keep organisations apart by itself; nothing where it does, and on SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    found = []
    if session.scalar(_BYPASSES):
        found.append(
            "The database's role is a superuser or has BYPASSRLS, so that row-level security holds nothing back. "
            "docs/operations.md says how to make a role that is neither."
        )
    bare = sorted(set(Base.metadata.tables) - set(OPEN) - set(session.scalars(_HELD)))
    if bare:
        found.append(f"These tables have no row-level security: {', '.join(bare)}. Run `hub migrate`.")
    return found
