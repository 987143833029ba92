"""What an operation of the API is: one description from which its route, its check and its document are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hub.web.api.bodies import Sent
from hub.web.api.parameters import Found
from kernel.calendar import london_date
from kernel.work import Work
from people.api_scopes import ApiScope
from people.queries.api_tokens import ApiTokenCard


@dataclass(frozen=True)
class Asking:
    """Who asks, when, and for which ids of the path; `session` reads what the token's organisation may."""

    session: Session
    token: ApiTokenCard
    now: datetime
    ids: Mapping[str, str]

    @property
    def today(self) -> date:
        """The London day."""
        return london_date(self.now)


@dataclass(frozen=True)
class Operation(Generic[Found]):
    """A reading operation. `path` comes after the prefix; {names} in it are ids. `tag` groups it in the document.

    `read` returns an `answer`; it raises NotFoundError for an id that nobody has or that this token may not know.
    """

    name: str
    path: str
    tag: str
    title: str
    text: str
    scope: ApiScope
    asked: type[Found]
    answer: type[BaseModel]
    read: Callable[[Asking, Found], BaseModel]

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET"

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the ids in the path."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))


@dataclass(frozen=True)
class Creation(Generic[Sent]):
    """An operation that makes something of a body, once for each Idempotency-Key, in one transaction.

    `make` returns an `answer`, of which `made_path` tells where it can be read from then on, after the prefix. It
    raises HubError where the body cannot be used; then nothing has changed.
    """

    name: str
    path: str
    tag: str
    title: str
    text: str
    scope: ApiScope
    sent: type[Sent]
    answer: type[BaseModel]
    make: Callable[[Work, ApiTokenCard, Sent], BaseModel]
    made_path: Callable[[Any], str]

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "POST"
