from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from channels.email.check import check_email
from channels.findings import Finding, Section, State, bad, good, warning
from channels.model import Channel
from channels.queries import Load, load
from channels.slack.check import check_slack
from channels.sms.check import check_twilio
from channels.words import CHANNELS
from fps.queries.unscanned import unjudged_files
from hub.adapters import email_settings, slack_settings, twilio_settings
from hub.migrations import alembic_config
from hub.row_security import rls_warnings
from hub.settings import Settings
from hub.wiring import House

_LATE = timedelta(minutes=15)
_HERE = ("localhost", "127.0.0.1", "::1")
_SHORT_SECRET = 32


def examine(house: House) -> list[Section]:
    """Look at the hub itself and, at the same time, at each channel that is set up, through its vendor.

    Nothing is sent to anybody; a check that gets no answer says so after a few seconds.
    """
    parts: list[tuple[str, Callable[[], Sequence[Finding]]]] = [
        ("The hub", lambda: _hub(house)),
        *((CHANNELS[channel], check) for channel, check in _channels(house.settings)),
    ]
    with ThreadPoolExecutor(max_workers=len(parts)) as pool:
        found = [(title, pool.submit(check)) for title, check in parts]
        return [Section(title, tuple(under_way.result())) for title, under_way in found]


def is_well(sections: Sequence[Section]) -> bool:
    """Tell whether nothing was found that loses messages."""
    return not any(finding.state is State.BAD for section in sections for finding in section.findings)


def _channels(settings: Settings) -> list[tuple[Channel, Callable[[], Sequence[Finding]]]]:
    sandbox = "The sandbox plays this channel: nobody real is reached."
    off = "This channel is not set up. docs/channels.md says what to set. Until then messages go another way."
    idle = [warning("Set-up", sandbox if settings.sandbox else off)]
    ways: list[tuple[Channel, bool, Callable[[], Sequence[Finding]]]] = [
        (Channel.SMS, settings.has_twilio, lambda: check_twilio(twilio_settings(settings))),
        (Channel.EMAIL, settings.has_smtp, lambda: _email(settings)),
        (Channel.SLACK, settings.has_slack, lambda: check_slack(slack_settings(settings), settings.base_url)),
    ]
    return [(channel, check if is_set_up else lambda: idle) for channel, is_set_up, check in ways]


def _email(settings: Settings) -> list[Finding]:
    return check_email(email_settings(settings), settings.email_dkim_selector)


def _hub(house: House) -> list[Finding]:
    return [*_address(house.settings), *_database(house), *_queue(house), _scanner(house)]


def _address(settings: Settings) -> list[Finding]:
    parts = urlsplit(settings.base_url)
    secret = settings.secret.get_secret_value() if settings.secret else ""
    found = [
        good("Address", f"People reach the hub at {settings.base_url}.")
        if parts.scheme == "https" or parts.hostname in _HERE
        else bad("Address", "HUB_BASE_URL begins with http: what people write can be read on its way. Use https.")
    ]
    if len(secret) < _SHORT_SECRET:
        found.append(warning("Secret", f"HUB_SECRET is shorter than {_SHORT_SECRET} letters. Rotate to a longer one."))
    return found


def _database(house: House) -> list[Finding]:
    newest = ScriptDirectory.from_config(alembic_config(house.ground.database)).get_current_head()
    try:
        with house.ground.read() as session:
            held = MigrationContext.configure(session.connection()).get_current_revision()
            if held != newest:
                return [bad("Database", f"Its schema is at {held}, this version wants {newest}. Run `hub migrate`.")]
            waiting = load(session, house.ground.clock.now())
            unheld = [warning("Row-level security", why) for why in rls_warnings(session)]
    except SQLAlchemyError as error:
        return [bad("Database", f"The database does not answer: {type(error).__name__}. Check HUB_DATABASE_URL.")]
    engine = house.ground.database.engine.dialect.name
    return [good("Database", f"{engine} answers, its schema is {held}."), *unheld, _worker(waiting)]


def _worker(waiting: Load) -> Finding:
    oldest = timedelta(seconds=max(waiting.oldest_due_s, waiting.oldest_inbound_s))
    if oldest > _LATE:
        minutes = int(oldest.total_seconds() // 60)
        return bad("Worker", f"Something has waited for {minutes} minutes. Does a worker run? See docs/operations.md.")
    return good("Worker", "Nothing waits for longer than it should.")


def _scanner(house: House) -> Finding:
    scanner = house.ground.scanner
    if not scanner.is_set_up:
        return warning("Virus scanner", "None looks at what providers upload. docs/register.md says how to set one up.")
    if not scanner.ping():
        return bad(
            "Virus scanner", "ClamAV does not answer. What providers upload waits for it, and nobody can read it."
        )
    try:
        with house.ground.read() as session:
            count, said = unjudged_files(session)
    except SQLAlchemyError:  # told by what looks at the database
        return good("Virus scanner", "ClamAV answers.")
    if count:
        why = "; ".join(said)
        return warning(
            "Virus scanner", f"ClamAV answers, but cannot judge {count} of the files, and nobody reads them: {why}"
        )
    return good("Virus scanner", "ClamAV answers.")


def _queue(house: House) -> list[Finding]:
    if house.redis is None:
        return []
    try:
        house.redis.ping()
    except RedisError as error:
        return [bad("Queue", f"Redis does not answer: {type(error).__name__}. Work goes on more slowly until it does.")]
    return [good("Queue", "Redis answers.")]
