"""Open Referral UK (HSDS 3): the directory for programs, open to anybody, read only."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, jsonify, request, session, url_for
from sqlalchemy.orm import Session

from fps.model.directory import Need
from fps.model.directory_search import Listing, Wanted
from fps.queries import directory
from fps.web import open_referral_words as words
from fps.web.directory_asked import find_point
from fps.web.open_referral_openapi import description
from fps.web.open_referral_words import Json
from kernel.calendar import london_date
from kernel.errors import HubError, InvalidInputError, NotFoundError
from kernel.web import ground
from people.queries import organisation
from people.web.guard import public
from people.web.paging import Page

pages = Blueprint("open_referral", __name__, url_prefix="/open-referral")

_WHY = "Open Referral UK asks for open data: what is here, the directory shows to anybody"
_PROFILE = "https://docs.openreferraluk.org/en/latest/"
_SIZE, _MOST, _FARTHEST = 25, 100, 1_000_000
_KEPT_S = 300
_DIGITS = re.compile(r"[0-9]{1,7}")
_GOOD, _BAD, _LONGEST = 200, 400, 100


@pages.after_request
def open_to_all(response: Response) -> Response:
    """Let programs of any site read this, and keep it for some minutes; nothing in it is anybody's."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    is_kept = request.method in ("GET", "HEAD") and response.status_code == _GOOD and not session.modified
    if is_kept:
        response.headers["Cache-Control"] = f"public, max-age={_KEPT_S}"
        response.add_etag()
        return response.make_conditional(request)  # type: ignore[return-value]  # it is the same response
    return response


@pages.errorhandler(HubError)
def problem(error: HubError) -> Response:
    """Answer in the form of RFC 9457: what is wrong, and with which parameter."""
    status = _BAD if isinstance(error, InvalidInputError) else error.status
    told: Json = {"type": "about:blank", "title": error.code.replace("_", " "), "status": status, "detail": str(error)}
    if isinstance(error, InvalidInputError):
        told["parameter"] = error.field
    answer = jsonify(told)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    return answer


@pages.get("/")
@public(_WHY)
def about() -> Response:
    """Say which version and profile this is, and where it is described."""
    return jsonify(version="HSDS-UK-3.0", profile=_PROFILE, openapi_url=_own_url(".openapi"))


@pages.get("/openapi.json")
@public(_WHY)
def openapi() -> Response:
    """Describe this interface in OpenAPI."""
    return jsonify(description(_own_url(".about").rstrip("/")))


def _own_url(endpoint: str) -> str:
    return ground().base_url + url_for(endpoint)


@pages.get("/services")
@public(_WHY)
def services() -> Response:
    """Return a page of settings as services."""
    return _listed(lambda one, _point: words.service(one, ground().base_url))


@pages.get("/service_at_locations")
@public(_WHY)
def service_at_locations() -> Response:
    """Return a page of settings with the places where they are; near a postcode, if that is asked for."""
    return _listed(words.service_at_location)


def _listed(told: Callable[[Listing, tuple[int, int] | None], Json]) -> Response:
    number, size = _number("page", 1, _FARTHEST, default=1), _number("per_page", 1, _MOST, default=_SIZE)
    today = london_date(ground().clock.now())
    with ground().read() as database:
        wanted = _near(database, _wanted(database))
        offset = (number - 1) * size
        found, total = (
            ([], 0) if wanted is None else directory.find_settings(database, wanted, today, offset=offset, limit=size)
        )
        points = directory.points_of(database, [one.id for one in found])
    return _page([told(one, points.get(one.id)) for one in found], number, size, total)


def _page(contents: list[Json], number: int, size: int, total: int) -> Response:
    last = Page(1, size, total).last
    return jsonify(
        total_items=total,
        total_pages=last,
        page_number=number,
        size=len(contents),
        first_page=number == 1,
        last_page=number >= last,
        empty=not contents,
        contents=contents,
    )


@pages.get("/services/<uuid>")
@public(_WHY)
def service(uuid: str) -> Response:
    """Return a setting as a service, with all that hangs on it."""
    with ground().read() as database:
        one = _one(database, "service", uuid)
        provider = organisation(database, one.provider_id).name
        point = directory.points_of(database, [one.id]).get(one.id)
    return jsonify(words.full_service(one, provider, point, ground().base_url))


@pages.get("/service_at_locations/<uuid>")
@public(_WHY)
def service_at_location(uuid: str) -> Response:
    """Return where a setting is, with the service that it is."""
    with ground().read() as database:
        one = _one(database, "service_at_location", uuid)
        point = directory.points_of(database, [one.id]).get(one.id)
    told = words.service_at_location(one, point)
    return jsonify({**told, "service": words.service(one, ground().base_url)})


@pages.get("/taxonomies")
@public(_WHY)
def taxonomies() -> Response:
    """Return the taxonomies: there is one, of needs."""
    return _paged([words.taxonomy(is_full=False)])


@pages.get("/taxonomies/<uuid>")
@public(_WHY)
def taxonomy(uuid: str) -> Response:
    """Return a taxonomy with its terms."""
    if uuid.lower() != words.TAXONOMY_ID:
        raise NotFoundError
    return jsonify(words.taxonomy(is_full=True))


@pages.get("/taxonomy_terms")
@public(_WHY)
def taxonomy_terms() -> Response:
    """Return the needs as taxonomy terms."""
    return _paged([words.term(need) for need in Need])


@pages.get("/taxonomy_terms/<uuid>")
@public(_WHY)
def taxonomy_term(uuid: str) -> Response:
    """Return a need as a taxonomy term."""
    need = words.TERM_IDS.get(uuid.lower())
    if need is None:
        raise NotFoundError
    return jsonify(words.term(need))


def _paged(all_of: list[Json]) -> Response:
    number, size = _number("page", 1, _FARTHEST, default=1), _number("per_page", 1, _MOST, default=_SIZE)
    return _page(all_of[(number - 1) * size : number * size], number, size, len(all_of))


def _one(database: Session, kind: str, uuid: str) -> Listing:
    today, asked = london_date(ground().clock.now()), uuid.lower()
    known = (own for own, _ in directory.public_ids(database, today) if words.uuid_of(kind, own) == asked)
    setting_id = next(known, None)
    if setting_id is None:
        raise NotFoundError
    return directory.listing(database, setting_id, today)


def _number(name: str, least: int, most: int, *, default: int) -> int:
    written = request.args.get(name)
    if written is None:
        return default
    if not _DIGITS.fullmatch(written) or not least <= int(written) <= most:
        raise InvalidInputError(
            name, "{name} must be a whole number from {least} to {most}.", name=name, least=least, most=most
        )
    return int(written)


def _wanted(database: Session) -> Wanted | None:
    """Read what is asked for; None where it names something that nothing here can be."""
    args = request.args
    wanted = Wanted(
        words=(args.get("search") or args.get("text") or "")[:_LONGEST],
        least_age=_number("minimum_age", 0, _MOST, default=-1) if "minimum_age" in args else None,
        most_age=_number("maximum_age", 0, _MOST, default=-1) if "maximum_age" in args else None,
    )
    if "taxonomy_term_id" in args:
        need = words.TERM_IDS.get(args["taxonomy_term_id"].lower())
        if need is None:
            return None
        wanted = replace(wanted, need=need)
    if "taxonomy_id" in args:
        if args["taxonomy_id"].lower() != words.TAXONOMY_ID:
            return None
        wanted = replace(wanted, says_needs=True)
    return _of_organization(database, wanted)


def _of_organization(database: Session, wanted: Wanted) -> Wanted | None:
    asked = request.args.get("organization_id", "").lower()
    if not asked:
        return wanted
    providers = {provider_id for _, provider_id in directory.public_ids(database, london_date(ground().clock.now()))}
    known = (each for each in providers if words.uuid_of("organization", each) == asked)
    provider_id = next(known, None)
    return replace(wanted, provider_id=provider_id) if provider_id is not None else None


def _near(database: Session, wanted: Wanted | None) -> Wanted | None:
    """Look near a postcode, of which only the first part counts; `proximity` is in metres."""
    written = request.args.get("postcode", "")[:_LONGEST]
    if not written or wanted is None:
        return wanted
    point = find_point(database, written)
    if point is None:
        raise InvalidInputError("postcode", "We do not know that postcode.")
    metres = _number("proximity", 1, 1_000_000, default=20_000)
    return replace(wanted, near=point, within_km=metres / 1000)
