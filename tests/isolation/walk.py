"""Somebody of one half who walks through every route with the other half's ids in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import product

from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hub.wiring import House
from kernel.database import Base
from people.model import Actor, Role
from people.permissions import Permission, may
from people.queries import contact_points
from people.web.guard import declared_access
from tests.isolation.browsing import UNKNOWN, Browser, Data, forms_on, open_browser, told, words_of
from tests.isolation.half import Half, may_know
from tests.isolation.ids import IDS, NOT_IDS, VALUES, everybody, ids_of
from tests.isolation.world import Twins

LEFT_OUT = ("static", "sandbox.")
"""Not walked: files that everybody gets, and the sandbox, in which everybody is invented."""
OPEN_TO_READERS = frozenset({"people.places.one"})
"""Pages of what all councils know, an organisation's name above all: they hold nobody who may not be known."""
_OWN_TRACES = {"audit", "sessions", "events", "alembic_version"}
"""Tables in which whoever asks leaves a trace of their own."""
_FAULT = 500


@dataclass(frozen=True)
class Walk:
    """Who walks where."""

    house: House
    app: Flask
    twins: Twins
    half: Half
    looked_up: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def others(self) -> Half:
        """Whose rows must stay out of reach."""
        return self.twins.other(self.half)

    @cached_property
    def rules(self) -> list[Rule]:
        """The routes that are walked."""
        found = (rule for rule in self.app.url_map.iter_rules() if not rule.endpoint.startswith(LEFT_OUT))
        return sorted(found, key=lambda rule: rule.rule)

    def ids(self, half: Half, argument: str) -> list[str]:
        """Return a half's ids for an argument."""
        if (half.mark, argument) not in self.looked_up:
            with self.house.ground.read() as session:
                self.looked_up[half.mark, argument] = ids_of(session, half, argument)
        return self.looked_up[half.mark, argument]

    def paths(self, rule: Rule, half: Half, but: Mapping[str, str] | None = None) -> Iterator[str]:
        """Return the addresses of a route with the ids of a half, or others where `but` names them."""
        wanted = {name: [(but or {}).get(name) or each for each in self._values(name, half)] for name in rule.arguments}
        for values in product(*wanted.values()):
            built = rule.build(dict(zip(wanted, values, strict=True)))
            assert built
            yield built[1]

    def _values(self, argument: str, half: Half) -> list[str]:
        if argument in IDS:
            return self.ids(half, argument)
        return [half.setting] if argument == "setting_id" else list(VALUES.get(argument, ("none",)))

    def reaches(self, rule: Rule, who: Actor | None) -> bool:
        """Tell whether somebody gets as far as the view."""
        access = declared_access(self.app.view_functions[rule.endpoint])
        return not isinstance(access, Permission) or (who is not None and may(who, access))

    def known(self, who: Actor | None) -> dict[str, tuple[str, ...]]:
        """Return whom of the others somebody may know: by id their name and addresses."""
        role = who.roles[0].role if who else None
        people = (*self.others.people.values(), *self.others.colleagues)
        found = {each.id: each for each in people if may_know(role, each.roles[0].role)}
        places: dict[str, tuple[str, ...]] = {self.others.provider: ()} if role is Role.LEAD_AUTHORITY else {}
        with self.house.ground.read() as session:
            points = {each: contact_points(session, each) for each in found}
        return places | {
            each.id: (each.name, *(word for point in points[each.id] for word in (point.address, point.id)))
            for each in found.values()
        }

    def rows_of_others(self) -> dict[str, list[str]]:
        """Return every row in which an id of the others stands, but for the traces of who asks."""
        theirs = {self.others.council, self.others.forum, self.others.provider, *everybody(self.others)}
        with self.house.ground.read() as session:
            theirs |= {each for ids in IDS.values() for each in ids(session, self.others)}
        found = {}
        with self.house.ground.database.engine.connect() as connection:
            for table in sorted(set(Base.metadata.tables) - _OWN_TRACES):
                rows = [str(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]  # noqa: S608 - our own tables
                found[table] = sorted(row for row in rows if any(each in row for each in theirs))
        return found

    def shows(self, answer: TestResponse, known: Mapping[str, tuple[str, ...]]) -> bool:
        """Tell whether an answer holds a word of the others, but for what may be known of people."""
        shown = words_of(answer)
        for word in (word for words in known.values() for word in words):
            shown = shown.replace(word, "")
        return self.others.mark.lower() in shown.lower()

    def try_rule(self, rule: Rule, browser: Browser, forms: Mapping[str, Data], who: Actor | None) -> Iterator[str]:
        """Ask a route for the others' rows; return how its answers differ from those about rows that nobody has."""
        known = self.known(who)
        spared = {*known, *(word for words in known.values() for word in words)}
        is_open = rule.endpoint in OPEN_TO_READERS and may_know(who.roles[0].role if who else None, Role.PROVIDER_USER)
        sends = self._sends(rule, browser, forms)
        nobodys: dict[tuple[int, str], tuple[int, str, str]] = {}
        for path, beside, ids in self._asks(rule):
            if spared & set(ids):
                continue
            for number, send in enumerate(sends):
                answer = send(path)
                if is_open:
                    yield rule.endpoint if self.shows(answer, known) else ""
                    continue
                if (number, beside) not in nobodys:
                    nobodys[number, beside] = told(send(beside), UNKNOWN)
                yield self._difference(rule, told(answer, *ids, UNKNOWN), nobodys[number, beside])
            if not self.reaches(rule, who):
                return

    @staticmethod
    def _sends(rule: Rule, browser: Browser, forms: Mapping[str, Data]) -> list[Callable[[str], TestResponse]]:
        """Return the ways to ask: for the page, with an empty form, and with the form as somebody fills it in."""
        found: list[Callable[[str], TestResponse]] = [browser.get] if "GET" in (rule.methods or ()) else []
        if "POST" in (rule.methods or ()):
            filled = [forms[rule.endpoint]] if rule.endpoint in forms else []
            found += [partial(browser.post, data=data) for data in ({}, *filled)]
        return found

    def _asks(self, rule: Rule) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Return for each id of the others: the path with it, the same with an id that nobody has, and the ids."""
        arguments = id_arguments(rule)
        for chosen in [[one] for one in arguments] + ([arguments] if len(arguments) > 1 else []):
            for values in product(*(self.ids(self.others, argument) for argument in chosen)):
                theirs = self.paths(rule, self.half, dict(zip(chosen, values, strict=True)))
                nobodys = self.paths(rule, self.half, dict.fromkeys(chosen, UNKNOWN))
                for path, beside in dict(zip(theirs, nobodys, strict=True)).items():
                    yield path, beside, values

    def _difference(self, rule: Rule, theirs: tuple[int, str, str], nobodys: tuple[int, str, str]) -> str:
        if self.others.mark.lower() in theirs[2].lower():
            return f"{rule.endpoint} shows a word of the others"
        if theirs != nobodys:
            return f"{rule.endpoint} answers {theirs[0]} for the others' and {nobodys[0]} for nobody's"
        return "" if theirs[0] < _FAULT else f"{rule.endpoint} breaks"


def id_arguments(rule: Rule) -> list[str]:
    """Return the arguments of a route that name rows."""
    return sorted(set(rule.arguments) - set(NOT_IDS))


def forms_of(walk: Walk) -> dict[str, Data]:
    """Return the forms on the pages of a half as somebody fills them in, by the endpoint to which each goes."""
    found: dict[str, Data] = {}
    urls = walk.app.url_map.bind("localhost")
    for who in walk.half.people.values():
        browser = open_browser(walk.app, who.id)
        for rule in walk.rules:
            if "GET" not in (rule.methods or ()) or not walk.reaches(rule, who) or set(rule.arguments) - set(IDS):
                continue
            for path in walk.paths(rule, walk.half):
                for form in forms_on(browser.get(path), path):
                    endpoint = urls.match(form.action.partition("?")[0], method="POST")[0]
                    found.setdefault(endpoint, form.filled())
    return found
