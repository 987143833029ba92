"""What is asked of a passkey and how its answer is checked (Web Authentication). No request, no database."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from people.actions.keep_passkey import NewPasskey
from people.model import PersonCard
from people.queries.factors import StoredPasskey

_TIMEOUT_MS = 120_000
_LARGEST_ANSWER = 20_000
_VERIFIED = UserVerificationRequirement.REQUIRED
_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, IndexError)


class PasskeyRefusedError(Exception):
    """The answer proves nothing. The text is for the log and holds nothing personal."""


@dataclass(frozen=True)
class RelyingParty:
    """For whom passkeys are made: the host of the hub's public address, and that address as browsers say it."""

    id: str
    origin: str
    name: str


def relying_party(base_url: str, name: str) -> RelyingParty | None:
    """Return for whom passkeys are made, or None where browsers make none: without https, or without a name."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if parts.scheme != "https" and host != "localhost":
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return RelyingParty(host, f"{parts.scheme}://{parts.netloc}", name)
    return None


def registration_options(party: RelyingParty, person: PersonCard, kept: Sequence[StoredPasskey], challenge: str) -> str:
    """Return as JSON what a browser needs to make a passkey; those kept already are not made again."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=person.id.encode(),
        user_name=person.name,
        challenge=base64url_to_bytes(challenge),
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_named(kept),
    )
    return options_to_json(options)


def verified_passkey(party: RelyingParty, answer: str, challenge: str, name: str) -> NewPasskey:
    """Return the passkey that a browser made; raises PasskeyRefusedError if its answer does not hold."""
    try:
        verified = verify_registration_response(
            credential=_parsed(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise PasskeyRefusedError(type(error).__name__) from error
    return NewPasskey(
        name=name,
        credential_id=bytes_to_base64url(verified.credential_id),
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
    )


def answer_options(party: RelyingParty, kept: Sequence[StoredPasskey], challenge: str) -> str:
    """Return as JSON what a browser needs to use one of these passkeys, or with none of them any that it knows."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=base64url_to_bytes(challenge),
        timeout=_TIMEOUT_MS,
        allow_credentials=_named(kept),
        user_verification=_VERIFIED,
    )
    return options_to_json(options)


def credential_in(answer: str) -> str:
    """Return the id of the passkey that an answer says it is of; raises PasskeyRefusedError if it is no answer."""
    found = _parsed(answer).get("id")
    if not isinstance(found, str):
        raise PasskeyRefusedError("no id")
    return found


def verified_count(party: RelyingParty, answer: str, challenge: str, passkey: StoredPasskey) -> int:
    """Return the sign count of a passkey's answer.

    Raises PasskeyRefusedError unless it was signed with the passkey, for us, on this challenge, by a person whom their
    device knows, and counts on from last time: a count that does not grow is a copy's.
    """
    try:
        verified = verify_authentication_response(
            credential=_parsed(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise PasskeyRefusedError(type(error).__name__) from error
    return verified.new_sign_count


def _parsed(answer: str) -> dict[str, object]:
    if len(answer) > _LARGEST_ANSWER:
        raise PasskeyRefusedError("too long")
    try:
        found = json.loads(answer)
    except ValueError as error:
        raise PasskeyRefusedError("no JSON") from error
    if not isinstance(found, dict):
        raise PasskeyRefusedError("no object")
    return found


def _named(kept: Sequence[StoredPasskey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential_id)) for passkey in kept]
