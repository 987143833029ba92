"""Server-side request forgery is closed: who may open a connection to the outside, and to where, is this list."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("kernel", "people", "channels", "fps", "surveys", "referrals", "qa_visits", "chatbot", "hub")
CONNECTS = {
    "aiohttp",
    "asyncio",
    "authlib",
    "dns",
    "ftplib",
    "http.client",
    "httpx",
    "imaplib",
    "poplib",
    "psycopg",
    "pycurl",
    "redis",
    "requests",
    "rq",
    "slack_bolt",
    "slack_sdk",
    "smtplib",
    "socket",
    "telnetlib",
    "twilio",
    "urllib.request",
    "urllib3",
    "webbrowser",
    "xmlrpc",
}
ALLOWED = {
    "kernel/scanning.py": "the virus scanner, at HUB_CLAMD_HOST or HUB_CLAMD_SOCKET",
    "kernel/scope.py": "psycopg's names for the state of a transaction; opens nothing",
    "channels/inbox/accept.py": "PostgreSQL, at HUB_DATABASE_URL",
    "channels/email/line.py": "the SMTP server, at HUB_SMTP_HOST",
    "channels/email/check.py": "DNS, for the domain of HUB_EMAIL_FROM",
    "channels/slack/client.py": "Slack, at HUB_SLACK_API_URL",
    "channels/slack/adapter.py": "Slack's errors; goes through client.py",
    "channels/slack/outcomes.py": "Slack's errors; opens nothing",
    "channels/slack/receiver.py": "Slack's verifier; answers go through client.py",
    "channels/slack/check.py": "Slack, through client.py, and the hub's own HUB_BASE_URL",
    "channels/sms/loop.py": "Twilio, at the address that transport.py gives it",
    "channels/sms/transport.py": "Twilio, at HUB_TWILIO_API_URL",
    "channels/sms/adapter.py": "Twilio's client, over transport.py",
    "channels/sms/check.py": "Twilio's client, over transport.py, and the hub's own HUB_BASE_URL",
    "channels/sms/webhook.py": "Twilio's signature; opens nothing",
    "referrals/webhooks/line.py": "systems of councils, at public addresses only or HUB_WEBHOOK_INSIDE",
    "hub/doctor.py": "Redis, at HUB_REDIS_URL",
    "hub/engine/queued.py": "Redis, at HUB_REDIS_URL",
    "hub/serving.py": "Redis' errors; opens nothing",
    "hub/wiring.py": "Redis, at HUB_REDIS_URL",
    "hub/web/issuer_client.py": "the issuers of HUB_OIDC_*, which hub/identity_providers.py limits to their hosts",
}


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found |= {f"{node.module}.{each.name}" for each in node.names}
    return found


def _connects(name: str) -> bool:
    return any(name == each or name.startswith(each + ".") for each in CONNECTS)


def _modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_only_these_modules_may_open_outbound_connections() -> None:
    found = {str(path.relative_to(ROOT)) for path in _modules() if any(map(_connects, _imported(path)))}
    assert found == set(ALLOWED), "a new one needs a reason here, and its address must come from a setting"


def test_the_settings_that_the_list_names_are_there() -> None:
    settings = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    named = {name for why in ALLOWED.values() for name in re.findall(r"HUB_[A-Z_]+[A-Z]", why)}
    assert {name for name in named - {"HUB_OIDC"} if f"`{name}`" not in settings} == set()


def test_no_code_is_made_from_text_and_no_shell_is_asked() -> None:
    """Neither eval nor pickle nor a shell: what somebody wrote never becomes a program (ASVS 1.3.2, 1.5.2, 1.2.5)."""
    forbidden = {"pickle", "marshal", "shelve", "subprocess", "xml.etree.ElementTree", "lxml", "yaml"}
    calls = re.compile(r"(?<![\w.])(eval|exec|__import__|render_template_string|os\.system|os\.popen)\(")
    found = []
    for path in _modules():
        names = {name for name in _imported(path) for each in forbidden if name == each or name.startswith(each + ".")}
        found += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(names)]
        found += [f"{path.relative_to(ROOT)}: {call}" for call in calls.findall(path.read_text(encoding="utf-8"))]
    assert found == []
