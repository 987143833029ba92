"""Bring the tables in docs/ in step with the code: python -m tools.docs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask import Flask
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from channels.wording import MessageType
from hub import permission_map
from hub.cli import main as command_line
from hub.migrations import upgrade
from hub.reactions import REACTIONS
from hub.row_security import OPEN
from hub.serving import Front, open_front
from hub.settings import Settings
from hub.web.row_scope import WHOLE_HUB
from hub.wiring import ACTIONS, CREWS, JOBS, MESSAGES, House, open_house
from kernel.timetable import DailyAt, Every, Job
from people.api_scopes import HELD_BY, SCOPE_WORDS, ApiScope
from people.permissions import PERMISSIONS, Permission
from people.web.guard import declared_access

ROOT = Path(__file__).resolve().parents[1]
PAGES = tuple(sorted((ROOT / "docs").glob("*.md")))
_SECTION = re.compile(r"<!-- begin: (?P<name>[a-z-]+) -->\n(?P<body>.*?)<!-- end -->", re.DOTALL)
_GROUPS = {"sms": ("twilio_",), "email": ("smtp_", "email_"), "slack": ("slack_",)}


@contextmanager
def whole_house(database_url: str = "sqlite://") -> Iterator[House]:
    """Put together a hub with everything on: each channel's way in and out, and the sandbox."""
    settings = Settings(
        secret=SecretStr("an invented secret"),
        database_url=database_url,
        sandbox=True,
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_tokens=[SecretStr("invented")],
        twilio_from="+447700900000",
        smtp_host="127.0.0.1",
        email_webhook_secrets=[SecretStr("invented")],
        slack_bot_token=SecretStr("xoxb-invented"),
        slack_signing_secret=SecretStr("invented"),
    )
    house = open_house(settings)
    try:
        yield house
    finally:
        house.close()


def pages_of(front: Front) -> Flask:
    """Return the web application behind the doors."""
    if not isinstance(front.app, Flask):
        raise TypeError(type(front.app).__name__)
    return front.app


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _settings(group: str | None) -> str:
    own = tuple(prefix for prefixes in _GROUPS.values() for prefix in prefixes)
    fields = {
        name: field
        for name, field in Settings.model_fields.items()
        if (name.startswith(_GROUPS[group]) if group else not name.startswith(own))
    }
    rows = ((f"`HUB_{name.upper()}`", field.description or "", _default(field)) for name, field in fields.items())
    return _table(("setting", "meaning", "without it"), rows)


def _default(field: FieldInfo) -> str:
    value = field.get_default()
    if value in (None, "", []):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _roles() -> str:
    rows = (
        (role.value, ", ".join(f"`{held}`" for held in Permission if held in PERMISSIONS[role])) for role in PERMISSIONS
    )
    return _table(("role", "holds"), rows)


def _views() -> list[tuple[str, str, Permission | ApiScope | str | None]]:
    """Return every way in: its methods, its path and who may take it."""
    with whole_house() as house:
        front = open_front(house)
        app = pages_of(front)
        found = [
            (", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})), rule.rule, declared_access(view))
            for rule in app.url_map.iter_rules()
            if (view := app.view_functions[rule.endpoint]) and rule.endpoint != "static"
        ]
        doors = [("POST", door, str(permission_map.DOORS[door])) for door in front.doors]
    return sorted([*found, *doors], key=lambda view: (view[1], view[0]))


def _opened() -> str:
    views = _views()
    opened = {held: [f"{path}" for method, path, access in views if access is held] for held in Permission}
    return _table(
        ("permission", "pages"),
        (
            (f"`{held}`", ", ".join(f"`{path}`" for path in dict.fromkeys(paths)) or "none yet")
            for held, paths in opened.items()
        ),
    )


def _scopes() -> str:
    views = _views()
    rows = (
        (
            f"`{scope}`",
            SCOPE_WORDS[scope],
            ", ".join(sorted(HELD_BY[scope])),
            ", ".join(f"`{path}`" for _, path, access in views if access is scope),
        )
        for scope in ApiScope
    )
    return _table(("scope", "opens", "held by", "addresses"), rows)


def _public() -> str:
    rows = (
        (f"`{path}`", methods, access)
        for methods, path, access in _views()
        if not isinstance(access, Permission | ApiScope) and access
    )
    return _table(("path", "methods", "why it is public"), rows)


def _beyond_pages() -> str:
    """Return the map of everything that is no page, with the pages that hand out files."""
    parts: tuple[tuple[str, Mapping[str, Permission | str]], ...] = (
        ("button or form", ACTIONS),
        ("file", permission_map.EXPORTS),
        ("door", permission_map.DOORS),
        ("job", permission_map.JOBS),
        ("reaction", permission_map.REACTIONS),
        ("command", permission_map.COMMANDS),
    )
    rows = (
        (kind, f"`{name}`", f"`{access}`" if isinstance(access, Permission) else access)
        for kind, part in parts
        for name, access in part.items()
    )
    return _table(("what", "name", "asks for"), rows)


def _open_rows() -> str:
    return _table(("table", "why"), ((f"`{name}`", why) for name, why in sorted(OPEN.items())))


def _whole_hub() -> str:
    return _table(("permission", "why"), ((f"`{held}`", why) for held, why in WHOLE_HUB.items()))


def _messages() -> str:
    head = ("key", "subject and SMS", "urgency", "after STOP", "quiet hours", "worthless after", "if unproven")
    return _table(head, (_message(found) for found in sorted(MESSAGES, key=lambda found: found.key)))


def _message(found: MessageType) -> tuple[str, ...]:
    policy = found.policy
    return (
        f"`{found.key}`",
        f"**{found.title.text}**<br>" + found.short.text.replace("\n", "<br>"),
        policy.urgency.name.lower(),
        "goes out" if policy.solicited else "does not",
        "waits" if policy.mind_quiet_hours else "goes out",
        _span(policy.expires_after),
        policy.if_unproven.value.replace("_", " "),
    )


def _span(span: timedelta | None) -> str:
    if span is None:
        return "never"
    return f"{span.days} days" if span.days else f"{span.seconds // 60} minutes"


def _jobs() -> str:
    return _table(("job", "when", "what"), ((f"`{job.name}`", _when(job), _first_line(job.run)) for job in JOBS))


def _when(job: Job) -> str:
    match job.when:
        case Every(minutes=minutes):
            return f"every {minutes} minutes"
        case DailyAt(hour=hour, minute=minute):
            return f"daily at {hour:02}:{minute:02}, London time"
        case _:
            raise TypeError(type(job.when).__name__)


def _first_line(found: Callable[..., object]) -> str:
    return (inspect.getdoc(found) or "").split("\n")[0]


def _reactions() -> str:
    return _table(
        ("reaction", "hears", "and does"),
        ((f"`{reaction.name}`", f"`{reaction.event.name}`", _first_line(reaction.run)) for reaction in REACTIONS),
    )


def _crews() -> str:
    return _table(
        ("process", "answers"), ((str(number), ", ".join(map(str, crew))) for number, crew in enumerate(CREWS, 1))
    )


def _commands() -> str:
    return _table(
        ("command", "does"),
        ((f"`{name}`", command.get_short_help_str(200)) for name, command in commands(command_line, "hub")),
    )


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Return every command of the command line by its whole name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _metrics() -> str:
    with TemporaryDirectory() as folder, whole_house(f"sqlite:///{folder}/hub.db") as house:
        upgrade(house.ground.database)
        found = {metric.name: metric for metric in house.metrics.collect()}
    rows = (
        (f"`{name}_total`" if metric.type == "counter" else f"`{name}`", metric.type, metric.documentation)
        for name, metric in sorted(found.items())
    )
    return _table(("metric", "kind", "meaning"), rows)


SECTIONS: Mapping[str, Callable[[], str]] = {
    "settings": lambda: _settings(None),
    "settings-sms": lambda: _settings("sms"),
    "settings-email": lambda: _settings("email"),
    "settings-slack": lambda: _settings("slack"),
    "roles": _roles,
    "permissions": _opened,
    "public": _public,
    "scopes": _scopes,
    "beyond-pages": _beyond_pages,
    "open-rows": _open_rows,
    "whole-hub": _whole_hub,
    "messages": _messages,
    "jobs": _jobs,
    "reactions": _reactions,
    "crews": _crews,
    "commands": _commands,
    "metrics": _metrics,
}
"""What can stand between <!-- begin: name --> and <!-- end --> in a page of docs/."""


def sections_in(text: str) -> list[str]:
    """Return the names of the sections that a page holds."""
    return [found["name"] for found in _SECTION.finditer(text)]


def refreshed(text: str) -> str:
    """Return a page with its sections written anew; raises KeyError for a section that nobody writes."""
    return _SECTION.sub(lambda found: f"<!-- begin: {found['name']} -->\n{SECTIONS[found['name']]()}<!-- end -->", text)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(refreshed(page.read_text()))
