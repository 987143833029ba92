from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, ColumnElement, Dialect, Text, event, inspect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from kernel.errors import ConfigurationError, HubError
from kernel.keys import Keys

VERSION = "s1"
"""The form in which values are sealed: AES-256-GCM under one of the data keys, the column as associated data."""
_NONCE_BYTES = 12
_SEALED = re.compile(rf"{VERSION}:[0-9a-f]{{8}}:[A-Za-z0-9_-]{{38,}}")
_RING = "hub_key_ring"
_SOURCE = "hub_digest_of"
_Value = TypeVar("_Value")


class NoKeyError(ConfigurationError, DontWrapMixin):
    """A sealed column is used and the key for it is not there."""


class BrokenSealError(HubError, DontWrapMixin):
    """A sealed value was changed, cut or moved here from another column."""

    code = "broken_seal"


class KeyRing:
    """The data keys, the newest first: everything is sealed under the newest and opened under any.

    Each secret gives two keys, one that seals and one for digests by which sealed addresses are found. A key is named
    by the digest of itself, so that no setting has to name it.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise NoKeyError("There is no data key: set HUB_SECRET or HUB_DATA_KEYS.")
        keys = [Keys(secret) for secret in dict.fromkeys(secrets)]
        self._boxes = {_name(key): AESGCM(key) for key in (each.derive("kernel.sealing.data") for each in keys)}
        self._indexes = [each.derive("kernel.sealing.index") for each in keys]
        self.names = tuple(self._boxes)
        self._newest = self._boxes[self.names[0]]
        self._head = f"{VERSION}:{self.names[0]}:"

    def __repr__(self) -> str:
        return f"KeyRing(names={self.names})"

    @property
    def head(self) -> str:
        """What every value begins with that is sealed under the newest key."""
        return self._head

    def seal(self, place: str, text: str) -> str:
        """Return the text sealed for a place, table.column: it opens in no other column."""
        return self.seal_bytes(place, text.encode())

    def seal_bytes(self, place: str, content: bytes) -> str:
        """Return the bytes sealed for a place, in the same form as a text."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._newest.encrypt(nonce, content, place.encode())
        return self._head + base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, place: str, kept: str) -> str:
        """Return what a place holds; a value from before columns were sealed is returned as it is.

        Raises NoKeyError for a key that is not on the ring, BrokenSealError for a value that does not belong here.
        """
        return self.open_bytes(place, kept).decode()

    def open_bytes(self, place: str, kept: str) -> bytes:
        """Return the bytes that a place holds; raises as `open` does."""
        if not kept.startswith(VERSION + ":") or not _SEALED.fullmatch(kept):
            return kept.encode()
        name = kept[3:11]
        box = self._boxes.get(name)
        if box is None:
            raise NoKeyError(
                "{place} is sealed under the key {name}, which is not set. Add its secret to HUB_DATA_KEYS or "
                "HUB_OLD_SECRETS; hub keys status lists the keys in use.",
                place=place,
                name=name,
            )
        try:
            data = base64.urlsafe_b64decode(kept[12:] + "=" * (-len(kept[12:]) % 4))
            return box.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            raise BrokenSealError("A sealed value of {place} does not belong there.", place=place) from None

    def digest(self, text: str) -> str:
        """Return the keyed digest by which a sealed value is found again; equal texts have equal digests."""
        return hmac.digest(self._indexes[0], text.encode(), hashlib.sha256).hex()

    def digests(self, text: str) -> list[str]:
        """Return every digest under which the value may be kept, the newest key's first: while keys change, several."""
        return [hmac.digest(key, text.encode(), hashlib.sha256).hex() for key in self._indexes]


def _name(key: bytes) -> str:
    return hmac.digest(key, b"kernel.sealing.name", hashlib.sha256)[:4].hex()


def give_ring(dialect: Dialect, ring: KeyRing) -> None:
    """Let the sealed columns of one engine (a dialect is an engine's own) use a ring."""
    setattr(dialect, _RING, ring)


def ring_of(dialect: Dialect) -> KeyRing:
    """Return the ring of an engine's dialect; raises NoKeyError if it has none."""
    ring: KeyRing | None = getattr(dialect, _RING, None)
    if ring is None:
        raise NoKeyError("This database was opened without data keys, and a sealed column is used.")
    return ring


def has_ring(dialect: Dialect) -> bool:
    """Tell whether an engine's dialect has been given a ring."""
    return getattr(dialect, _RING, None) is not None


def digests(session: Session, text: str) -> list[str]:
    """Return the digests under which a value may be found in the database of a session."""
    return ring_of(session.get_bind().dialect).digests(text)


_COMPARABLE = (operators.is_, operators.is_not)


def _is_same(column: Any, other: Any) -> bool:  # noqa: ANN401 - SQLAlchemy's expressions
    def named(each: Any) -> tuple[object, object]:  # noqa: ANN401 - the same
        return getattr(getattr(each, "table", None), "name", None), getattr(each, "name", None)

    return isinstance(other, ColumnElement) and None not in named(column) and named(column) == named(other)


class Sealed(TypeDecorator[_Value]):
    """A text column that the database sees only sealed; `place` is its table.column, to which values are bound.

    It can be asked whether it is empty (`is_`, `is_not`) and nothing else: every seal of the same value differs.
    """

    impl = Text
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[Any]):
        """Refuses comparisons that would find nothing."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own
            """Let through what asks for NULL, and SQLAlchemy's own question whether this is the same column."""
            if op not in _COMPARABLE and not (op is operators.eq and _is_same(self.expr, other[0])):
                message = "a sealed column cannot be compared, searched or sorted: use its digest"
                raise TypeError(message)
            return super().operate(op, *other, **kwargs)

        reverse_operate = operate

    comparator_factory = Comparator

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def write(self, value: _Value) -> str:
        """Return the value as text."""
        raise NotImplementedError

    def read(self, text: str) -> _Value:
        """Return the value of a text."""
        raise NotImplementedError

    def seal(self, ring: KeyRing, value: _Value | None) -> str | None:
        """Return what the database keeps of a value, for statements that go past SQLAlchemy."""
        return None if value is None else ring.seal(self.place, self.write(value))

    def process_bind_param(self, value: _Value | None, dialect: Dialect) -> str | None:
        """Seal on the way in."""
        return None if value is None else self.seal(ring_of(dialect), value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> _Value | None:  # noqa: ANN401 - as above
        """Open on the way out."""
        return None if value is None else self.read(ring_of(dialect).open(self.place, value))


class SealedText(Sealed[str]):
    """Text that the database sees only sealed."""

    cache_ok = True

    def write(self, value: str) -> str:
        """Return the text as it is."""
        return value

    def read(self, text: str) -> str:
        """Return the text as it is."""
        return text


class SealedJson(Sealed[Any]):
    """Plain values that the database sees only as sealed JSON; None is NULL."""

    cache_ok = True

    def write(self, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """Return the value as JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def read(self, text: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value of the JSON."""
        return json.loads(text)


class SealedBytes(Sealed[bytes]):
    """Bytes, such as a piece of a file, that the database sees only sealed."""

    cache_ok = True

    def seal(self, ring: KeyRing, value: bytes | None) -> str | None:
        """Return what the database keeps of the bytes."""
        return None if value is None else ring.seal_bytes(self.place, value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bytes | None:  # noqa: ANN401 - as above
        """Open on the way out."""
        return None if value is None else ring_of(dialect).open_bytes(self.place, value)


def digest_of(name: str) -> Callable[[DefaultExecutionContext], str | None]:
    """Return the default of a digest column: the digest of what is written into column `name` of the same row."""

    def default(context: DefaultExecutionContext) -> str | None:
        value = context.get_current_parameters()[name]  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
        return None if value is None else ring_of(context.dialect).digest(value)

    setattr(default, _SOURCE, name)
    return default


def digest_source(column: Column[Any]) -> str | None:
    """Return of which column of its row a column is the digest, None if it is none."""
    return getattr(getattr(column.default, "arg", None), _SOURCE, None)


def keep_digest(row: type[Any], name: str, digest: str) -> None:
    """Bring a row's digest column in step whenever its column `name` is changed, and only then.

    A row whose value was emptied keeps what stands in place of its digest, whatever else of it is changed.
    """

    def renew(_mapper: object, connection: Any, target: Any) -> None:  # noqa: ANN401 - any mapped row
        if not inspect(target).attrs[name].history.has_changes():
            return
        value = getattr(target, name)
        setattr(target, digest, None if value is None else ring_of(connection.dialect).digest(value))

    event.listen(row, "before_update", renew)
