from __future__ import annotations

import io
from collections.abc import Callable

import xlsxwriter
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Reply

from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooManyError
from kernel.sheets import LARGEST_BYTES, read_sheet
from kernel.uploads import FileKind, check_upload
from kernel.web import ground
from people.actions.import_people import give_up_import, keep_import, write_import
from people.permissions import Permission
from people.queries import organisations
from people.queries.imports import import_of, what_will_be
from people.rules.importing import HEADINGS, Known, read_people
from people.rules.roles import roles_to_give
from people.web.guard import current_actor, requires, takes_body
from people.web.paging import page_of
from people.web.seeing import area_of, sight
from people.web.words import CHANNELS, LANGUAGES, ROLES

pages = Blueprint("importing", __name__)

_FAULTS_SHOWN = 100
_KINDS = (FileKind.CSV, FileKind.XLSX)
_EXAMPLE = ("Amelia Hart", "Parent or carer", "", "", "07700 900101", "English")
WHAT = {
    "new": "Will be added",
    "shared": "Will be added; shares an address with somebody",
    "role": "Is known and gets the role",
    "invited": "Is known elsewhere: will be invited",
    "there": "Is known and has the role",
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/people/import")
@requires(Permission.PEOPLE_MANAGE)
def choose() -> str:
    """Explain the sheet and ask for it."""
    return _choose_page()


@pages.get("/people/import/example.<kind>")
@requires(Permission.PEOPLE_MANAGE)
def example(kind: str) -> Response:
    """Hand out a sheet with the headings and an invented person."""
    writers: dict[str, tuple[Callable[[], bytes], str]] = {"csv": (_csv, "text/csv"), "xlsx": (_workbook, _XLSX)}
    if kind not in writers:
        raise NotFoundError
    write, mime = writers[kind]
    return Response(write(), mimetype=mime, headers={"Content-Disposition": f'attachment; filename="people.{kind}"'})


@pages.post("/people/import")
@requires(Permission.PEOPLE_MANAGE)
@takes_body(LARGEST_BYTES + 100_000)
def read() -> Reply | tuple[str, int]:
    """Read a sheet: show everything that is wrong with it, or what writing it would do."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _choose_page(error="Choose a file"), 422
    with ground().read() as session:
        known = _known(session)
    try:
        sheet = check_upload(file.filename, file.stream.read(), _KINDS, most_bytes=LARGEST_BYTES)
        reading = read_people(read_sheet(sheet.content), known)
    except InvalidInputError as error:
        return _choose_page(error=str(error)), error.status
    if reading.faults:
        return _choose_page(faults=reading.faults[:_FAULTS_SHOWN], fault_count=len(reading.faults)), 422
    with ground().work() as work:
        import_id = keep_import(work, current_actor(), reading.people)
    return redirect(url_for(".preview", import_id=import_id), code=303)


@pages.get("/people/import/<import_id>")
@requires(Permission.PEOPLE_MANAGE)
def preview(import_id: str) -> str:
    """Show whom the sheet holds and what writing it will do."""
    with ground().read() as session:
        card = import_of(session, current_actor(), import_id)
        page = page_of(len(card.people))
        shown = card.people[page.offset : page.offset + page.size]
        wills = [what_will_be(session, sight(), person)[0] for person in card.people]
        rows = [(person, WHAT[will]) for person, will in zip(shown, wills[page.offset :], strict=False)]
        places = {place.id: place.name for place in organisations(session)}
    return render_template(
        "people/import_preview.html",
        card=card,
        page=page,
        rows=rows,
        places=places,
        counts=[(words, wills.count(what)) for what, words in WHAT.items() if what in wills],
        role_words=ROLES,
        channel_words=CHANNELS,
        language_words=LANGUAGES,
    )


@pages.post("/people/import/<import_id>")
@requires(Permission.PEOPLE_MANAGE)
def finish(import_id: str) -> Reply:
    """Write the sheet, or give it up."""
    try:
        with ground().work() as work:
            if request.form.get("do") == "give_up":
                give_up_import(work, current_actor(), import_id)
                said = "Nothing from the file was written."
            else:
                done = write_import(work, current_actor(), import_id)
                said = f"{_people(done.added)} added. {_people(done.changed)} given a role. "
                said += f"{_people(done.unchanged)} already there."
                said += f" {_people(done.invited)} invited." if done.invited else ""
    except (ConflictError, TooManyError) as error:
        said = str(error)
    flash(said)
    return redirect(url_for("people.directory.index"), code=303)


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"


def _known(session: Session) -> Known:
    actor = current_actor()
    own = [(place, roles_to_give(actor, place, area_of(session, place))) for place in organisations(session)]
    return Known(
        roles={name: role for role, words in ROLES.items() for name in (role.value, words.casefold())},
        languages={
            **{words.casefold(): code for code, words in LANGUAGES.items()},
            **{code: code for code in LANGUAGES},
        },
        places={place.name.casefold(): place.id for place, roles in own if roles},
        givable={place.id: frozenset(roles) for place, roles in own if roles},
    )


def _choose_page(**found: object) -> str:
    with ground().read() as session:
        known = _known(session)
        names = [place.name for place in organisations(session) if place.id in known.givable]
    roles = [words for role, words in ROLES.items() if any(role in given for given in known.givable.values())]
    return render_template("people/import.html", roles=roles, places=names, languages=LANGUAGES.values(), **found)


def _csv() -> bytes:
    return "".join(",".join(row) + "\r\n" for row in (HEADINGS, _EXAMPLE)).encode("utf-8-sig")


def _workbook() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("People")
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet.set_column(0, len(HEADINGS) - 1, 24, text)  # as text, or a mobile number loses its first 0
    sheet.write_row(0, 0, HEADINGS, bold)
    sheet.write_row(1, 0, _EXAMPLE, text)
    book.close()
    return made.getvalue()
