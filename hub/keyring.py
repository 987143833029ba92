from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from hub.settings import Settings
from kernel.errors import ConfigurationError
from kernel.keys import Keys
from kernel.sealing import KeyRing

_SHORTEST = 16
_PREFIX = "HUB_"
_OF_TOOLS = frozenset({"HUB_SECRETS_DIR", "HUB_NODE"})
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def keys_from(settings: Settings) -> Keys:
    """Return the keys that sign: of HUB_SECRET, and still accepting what those of HUB_OLD_SECRETS signed.

    Raises ConfigurationError for a secret that is missing or too short to be one.
    """
    if settings.secret is None or not settings.secret.get_secret_value():
        raise ConfigurationError("Set HUB_SECRET to a long random text and keep it: every key comes from it.")
    newest, *older = [
        *_plain("HUB_SECRET", [settings.secret]),
        *_plain("HUB_OLD_SECRETS", settings.old_secrets),
    ]
    return Keys(newest, older)


def ring_from(settings: Settings) -> KeyRing:
    """Return the keys that seal: those of HUB_DATA_KEYS, then those of the secrets, the newest first."""
    return KeyRing([*_plain("HUB_DATA_KEYS", settings.data_keys), *keys_from(settings).secrets])


def _plain(name: str, values: Iterable[SecretStr]) -> list[str]:
    texts = [value.get_secret_value() for value in values]
    if any(len(text) < _SHORTEST for text in texts):
        raise ConfigurationError(
            "{name} is too short to be a secret: make one with `python -c 'import secrets; "
            "print(secrets.token_urlsafe(32))'`.",
            name=name,
        )
    return texts


def check_names(environment: Mapping[str, str], secrets_dir: Path | None) -> None:
    """Refuse names that begin with HUB_ and are no setting: a misspelt one would be passed over in silence.

    Raises ConfigurationError, which names each and what it is nearest to.
    """
    known = {_PREFIX + name.upper() for name in Settings.model_fields} | _OF_TOOLS
    files = secrets_dir.iterdir() if secrets_dir is not None and secrets_dir.is_dir() else ()
    names = (name.upper() for name in (*environment, *(file.name for file in files)))  # capitals make no difference
    given = {name for name in names if name.startswith(_PREFIX)}
    wrong = sorted(given - known)
    if wrong:
        raise ConfigurationError(
            "There is no such setting: {names}. docs/settings.md lists them all.",
            names="; ".join(_with_nearest(name, known) for name in wrong),
        )


def _with_nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    return f"{name} (did you mean {near[0]}?)" if near else name


def is_this_machine(address: str) -> bool:
    """Tell whether an address is on this machine."""
    return urlsplit(address).hostname in _THIS_MACHINE


def check_addresses(settings: Settings) -> None:
    """Refuse an outbound address that is not https, unless it is on this machine: credentials go there.

    Raises ConfigurationError.
    """
    asked = {
        "HUB_TWILIO_API_URL": settings.twilio_api_url,
        "HUB_SLACK_API_URL": settings.slack_api_url,
        "HUB_OIDC_ISSUER": settings.oidc_issuer,
        **{f"HUB_OIDC_PROVIDERS ({one.name})": one.issuer for one in settings.oidc_providers},
    }
    for name, address in asked.items():
        parts = urlsplit(address)
        if address and parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(address)):
            raise ConfigurationError("{name} must begin with https://.", name=name)
        if parts.username or parts.password:
            raise ConfigurationError("{name} must hold no user and password.", name=name)
