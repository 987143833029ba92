from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.open_data.decide import approve_import, deal_with_change, discard_import
from fps.actions.open_data.hand_in import NewFile, hand_in_file, keep_pieces
from fps.model.open_data_imports import Change, ChangeLine, ImportState
from fps.queries.open_data_imports import all_changes, changes_of, import_card, imports, newest, to_deal_with
from fps.rules.open_data.changes import change_in_words
from fps.rules.open_data.faults import UnreadableError
from fps.rules.open_data.headings import WORDS
from fps.rules.open_data.pages import plain_cell
from fps.rules.open_data.reading import OpenFile
from fps.rules.open_data.text import LARGEST_BYTES
from kernel.calendar import london_date
from kernel.errors import ConflictError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires, takes_body
from people.web.paging import SIZE, Page, page_asked

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

pages = Blueprint("open_data", __name__)

UPLOAD_PATH = "/register/open-data/new"
MOST_BYTES = LARGEST_BYTES + 1_000_000
CHANGES = {
    Change.NEW: "New",
    Change.CHANGED: "Changed",
    Change.CLOSED: "Closed",
    Change.REOPENED: "Open again",
    Change.GONE: "Not in the file any more",
    Change.BACK: "In the file again",
    Change.PREDECESSOR: "Predecessor",
    Change.SUCCESSOR: "Successor",
    Change.LINK: "Other link",
    Change.JUDGEMENT: "Judgement",
}
STATES = {
    ImportState.WAITING: ("Being read", "blue"),
    ImportState.READY: ("To be checked", "yellow"),
    ImportState.APPROVED: ("Being taken over", "blue"),
    ImportState.APPLIED: ("Taken over", "green"),
    ImportState.FAILED: ("Failed", "red"),
    ImportState.DISCARDED: ("Dropped", "grey"),
}
_HEAD = ("What", "URN", "School", "Council GSS code", "On the register", "Heading", "Before", "After")


@pages.get("/register/open-data")
@requires(Permission.OPEN_DATA_IMPORT)
def index() -> str:
    """Show how new the public data is, which changes of settings wait, and the files handed in."""
    number = page_asked()
    with ground().read() as session:
        waiting, total = to_deal_with(session, offset=(number - 1) * SIZE, limit=SIZE)
        files, _ = imports(session, limit=10)
        taken = newest(session)
    return render_template(
        "fps/open_data/index.html",
        sources=[(words, taken.get(source)) for source, words in WORDS.items()],
        waiting=waiting,
        page=Page(number, SIZE, total),
        files=files,
        file_words=WORDS,
        states=STATES,
        changes=CHANGES,
        in_words=change_in_words,
    )


@pages.get("/register/open-data/files")
@requires(Permission.OPEN_DATA_IMPORT)
def files() -> str:
    """List every file that was handed in."""
    number = page_asked()
    with ground().read() as session:
        found, total = imports(session, offset=(number - 1) * SIZE, limit=SIZE)
    return render_template(
        "fps/open_data/files.html", files=found, page=Page(number, SIZE, total), file_words=WORDS, states=STATES
    )


@pages.get(UPLOAD_PATH)
@requires(Permission.OPEN_DATA_IMPORT)
def choose() -> str:
    """Ask for a file."""
    return _choose_page()


@pages.post(UPLOAD_PATH)
@requires(Permission.OPEN_DATA_IMPORT)
@takes_body(MOST_BYTES)
def hand_in() -> Reply | tuple[str, int]:
    """Look at a file's headings and keep it for the worker, or say what is wrong with it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _choose_page(error="Choose a file"), 422
    try:
        today = london_date(ground().clock.now())
        opened = OpenFile(lambda: io.BufferedReader(_Again(file.stream)), file.filename, today)
    except UnreadableError as error:
        return _choose_page(error=str(error.fault)), 422
    if opened.faults.count:
        return _choose_page(faults=opened.faults.lines()), 422
    new = NewFile(opened.source, file.filename, opened.size, is_forced=bool(request.form.get("force")))
    with ground().work() as work:
        import_id = hand_in_file(work, current_actor().id, new, is_read_here=False)
        keep_pieces(work, import_id, io.BufferedReader(_Again(file.stream)))
    return redirect(url_for(".one", file_id=import_id), code=303)


@pages.get("/register/open-data/<file_id>")
@requires(Permission.OPEN_DATA_IMPORT)
def one(file_id: str) -> str:
    """Show how far a file is, what is wrong with it, or what it changes."""
    number = page_asked()
    asked = request.args.get("what", "")
    what = Change(asked) if asked in set(Change) else None
    with ground().read() as session:
        card = import_card(session, file_id)
        lines, total = changes_of(session, file_id, what=what, offset=(number - 1) * SIZE, limit=SIZE)
    return render_template(
        "fps/open_data/one.html",
        card=card,
        words=WORDS[card.source],
        state=STATES[card.state],
        lines=lines,
        page=Page(number, SIZE, total),
        what=what,
        is_following=request.args.get("follow") != "no",
        changes=CHANGES,
        in_words=change_in_words,
        counts=[(words, card.counts[kind]) for kind, words in CHANGES.items() if card.counts.get(kind)],
        choices=[("", "All changes"), *((kind.value, words) for kind, words in CHANGES.items())],
    )


@pages.post("/register/open-data/<file_id>")
@requires(Permission.OPEN_DATA_IMPORT)
def decide(file_id: str) -> Reply:
    """Take a file over, or drop it."""
    try:
        with ground().work() as work:
            if request.form.get("do") == "drop":
                discard_import(work, current_actor(), file_id)
                flash("The file was dropped. Nothing from it was taken over.")
            else:
                approve_import(work, current_actor(), file_id)
    except ConflictError as error:
        flash(str(error), "error")
    return redirect(url_for(".one", file_id=file_id), code=303)


@pages.post("/register/open-data/<file_id>/changes/<int:number>")
@requires(Permission.OPEN_DATA_IMPORT)
def deal(file_id: str, number: int) -> Reply:
    """Note that a change of a setting on the register has been looked after."""
    with ground().work() as work:
        deal_with_change(work, current_actor(), file_id, number)
    flash("Noted: this change has been dealt with.")
    return redirect(url_for(".index"), code=303)


@pages.get("/register/open-data/<file_id>/changes.csv")
@requires(Permission.OPEN_DATA_IMPORT)
def changes_csv(file_id: str) -> Response:
    """Send a file's whole report as CSV in which no cell is a formula."""
    held = ground()
    with held.read() as session:
        import_card(session, file_id)

    def rows() -> Iterator[str]:
        yield "\ufeff" + _written(_HEAD)
        with held.read() as session:
            for line in all_changes(session, file_id):
                yield from map(_written, _cells(line))

    answer = Response(rows(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="changes.csv"'
    return answer


def _cells(line: ChangeLine) -> list[tuple[str, ...]]:
    whose = (CHANGES[line.what], line.urn, line.name, line.la_gss, "Yes" if line.setting_id else "No")
    return [(*whose, *detail) for detail in line.details or (("", "", ""),)]


def _written(cells: tuple[str, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([plain_cell(cell) for cell in cells])
    return out.getvalue()


def _choose_page(**found: object) -> str:
    return render_template("fps/open_data/new.html", kinds=list(WORDS.values()), **found)


class _Again(io.RawIOBase):
    """An upload from its beginning, as often as it is asked for; closing it leaves the upload open."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        stream.seek(0)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._stream.tell()

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer."""
        room = memoryview(buffer).cast("B")
        taken = self._stream.read(len(room))
        room[: len(taken)] = taken
        return len(taken)
