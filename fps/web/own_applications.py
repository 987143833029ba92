"""A provider's own applications: started, filled in section by section, with their settings and evidence."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.applications.change_settings import add_setting, remove_setting
from fps.actions.applications.save_section import SavedMeanwhileError, SaveSection, save_section
from fps.actions.applications.start_application import start_application
from fps.model.application_form import Section
from fps.model.applications import APPLICATION_WORDS, ORGANISATION, ApplicationCard, Draft, Part
from fps.queries import settings_of
from fps.queries.applications import (
    clarifications_of,
    contract_of,
    draft_of,
    own_application,
    own_applications,
)
from fps.queries.rounds import joining_round, joining_rounds, open_rounds, public_round
from fps.rules.application_tasks import all_tasks, frozen, sections_of, tasks_of
from fps.rules.applications import checksum, is_in_time
from fps.web.application_forms import AddSettingForm, SectionForm, StartForm, answers_of, section_form
from fps.web.application_words import STATE_TAGS, shown_answers, task_item
from kernel.calendar import london_date
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.queries import organisations, persons
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.options import options
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("own_applications", __name__)
NEW = "new"


@pages.get("/my-applications")
@requires(Permission.SETTINGS_OWN)
def index() -> str:
    """Show a provider its applications, and the rounds that it can join."""
    now, number = ground().clock.now(), page_asked()
    with ground().read() as session:
        found, total = own_applications(session, current_actor(), offset=(number - 1) * SIZE)
        rounds = joining_rounds(session, {card.round_id for card in found})
        rounds_open = open_rounds(session, now)
    return render_template(
        "fps/applications/mine.html",
        found=found,
        rounds=rounds,
        rounds_open=rounds_open,
        page=Page(number, SIZE, total),
        words=APPLICATION_WORDS,
        tags=STATE_TAGS,
    )


@pages.route("/my-applications/start/<round_id>", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def start(round_id: str) -> str | Reply | tuple[str, int]:
    """Start an application to a round, or go on with the one that is there."""
    at, actor = ground().clock.now(), current_actor()
    own = organisations_with(actor, Permission.SETTINGS_OWN)
    form = StartForm()
    with ground().read() as session:
        joined = public_round(session, round_id)
        places = [place for place in organisations(session) if place.id in own]
    form.provider.choices = options((place.id, place.name) for place in places)
    if len(places) == 1:
        form.provider.data = places[0].id
    if form.validate_on_submit():
        with ground().work() as work:
            application_id = start_application(work, actor, round_id, str(form.provider.data), at)
        return redirect(url_for(".one", application_id=application_id), code=303)
    is_open = joined.takes_applications(at)
    page = render_template("fps/applications/start.html", joined=joined, form=form, places=places, is_open=is_open)
    return page, 422 if form.is_submitted() else 200


@pages.get("/my-applications/<application_id>")
@requires(Permission.SETTINGS_OWN)
def one(application_id: str) -> str:
    """Show the task list of an application: what is done, what is missing, and what happens next."""
    now = ground().clock.now()
    with ground().read() as session:
        card, draft = _own(application_id)
        joined = joining_round(session, card.round_id)
        asked = clarifications_of(session, card.id)
        contract = contract_of(session, card.id)
    today = london_date(now)
    groups = [("Your organisation", ORGANISATION, tasks_of(draft, ORGANISATION, today))]
    groups += [(entry.name, entry.id, tasks_of(draft, entry.id, today)) for entry in draft.entries]
    is_open = is_in_time(now, joined.closes_at) and card.state in ("draft", "submitted") and card.opened_at is None
    lists = [
        (title, subject, [task_item(card.id, task, is_open=is_open) for task in tasks])
        for title, subject, tasks in groups
    ]
    every = all_tasks(draft, today)
    return render_template(
        "fps/applications/tasks.html",
        card=card,
        joined=joined,
        lists=lists,
        left=sum(not task.is_done for task in every),
        total=len(every),
        is_open=is_open,
        is_changed=card.checksum is not None and card.checksum != checksum(frozen(draft)),
        asked=asked,
        contract=contract,
        words=APPLICATION_WORDS,
        tags=STATE_TAGS,
        today=today,
    )


@pages.route("/my-applications/<application_id>/organisation/<section>", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def of_organisation(application_id: str, section: str) -> str | Reply | tuple[str, int]:
    """Fill in a section about the organisation."""
    return _section(application_id, ORGANISATION, section)


@pages.route("/my-applications/<application_id>/settings/<entry_id>/<section>", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def of_setting(application_id: str, entry_id: str, section: str) -> str | Reply | tuple[str, int]:
    """Fill in a section about a setting."""
    return _section(application_id, entry_id, section)


@pages.route("/my-applications/<application_id>/settings/add", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def add(application_id: str) -> str | Reply | tuple[str, int]:
    """Add a setting of the register, or a new one."""
    at = ground().clock.now()
    card, draft = _own(application_id)
    there = {entry.card.id for entry in draft.entries if entry.card}
    form = AddSettingForm()
    with ground().read() as session:
        others = [each for each in settings_of(session, [card.provider_id]) if each.id not in there]
    choices = [*((each.id, each.name) for each in others), (NEW, "A new setting, which is not on the register")]
    form.setting.choices = options(choices)
    if form.validate_on_submit():
        chosen = None if form.setting.data == NEW else str(form.setting.data)
        with ground().work() as work:
            entry_id = add_setting(work, current_actor(), application_id, chosen, at)
        first = "place" if chosen is None else "lots"
        return redirect(
            url_for(".of_setting", application_id=application_id, entry_id=entry_id, section=first), code=303
        )
    page = render_template("fps/applications/form.html", form=form, heading="Add a setting", card=card, button="Go on")
    return page, 422 if form.is_submitted() else 200


@pages.route("/my-applications/<application_id>/settings/<entry_id>/remove", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def remove(application_id: str, entry_id: str) -> str | Reply:
    """Take a setting out of an application, after a second look."""
    at = ground().clock.now()
    card, draft = _own(application_id)
    entry = next((each for each in draft.entries if each.id == entry_id), None)
    if entry is None:
        raise NotFoundError
    form = PageForm()
    if form.validate_on_submit():
        with ground().work() as work:
            remove_setting(work, current_actor(), application_id, entry_id, at)
        flash(f"{entry.name} is taken out of the application.")
        return redirect(url_for(".one", application_id=application_id), code=303)
    return render_template(
        "fps/applications/form.html",
        form=form,
        heading=f"Take {entry.name} out of the application?",
        lead="What you have entered for it comes back if you add it again.",
        card=card,
        button="Take it out",
        is_warning=True,
    )


def _own(application_id: str) -> tuple[ApplicationCard, Draft]:
    with ground().read() as session:
        card = own_application(session, current_actor(), application_id)
        return card, draft_of(session, card)


def _section(application_id: str, subject: str, key: str) -> str | Reply | tuple[str, int]:
    """Show a section with what was saved, and save it. Nothing is lost: a refusal shows again what was written."""
    at = ground().clock.now()
    card, draft = _own(application_id)
    section = _section_of(draft, subject, key)
    kept = draft.parts.get((subject, key), Part(subject, key, {}, 0))
    form = section_form(section, draft.lots, kept.answers, kept.version)
    if not form.validate_on_submit():
        return _section_page(card, draft, section, form, kept), 422 if form.is_submitted() else 200
    version = int(form.version.data) if str(form.version.data).isdigit() else 0
    command = SaveSection(application_id, subject, key, answers_of(form, section), version)
    try:
        with ground().work() as work:
            save_section(work, current_actor(), command, at)
    except InvalidInputError as error:
        form.show(error)
        return _section_page(card, draft, section, form, kept), error.status
    except SavedMeanwhileError as error:
        form.version.data = str(kept.version)
        return _section_page(card, draft, section, form, kept, is_conflict=True), error.status
    flash("Saved.")
    if "stay" in request.form:
        return redirect(request.path, code=303)
    return redirect(url_for(".one", application_id=application_id), code=303)


def _section_of(draft: Draft, subject: str, key: str) -> Section:
    try:
        return next(section for section in sections_of(draft, subject) if section.key == key)
    except (KeyError, StopIteration):
        raise NotFoundError from None


def _section_page(
    card: ApplicationCard, draft: Draft, section: Section, form: SectionForm, kept: Part, *, is_conflict: bool = False
) -> str:
    with ground().read() as session:
        names = persons(session, [kept.saved_by] if kept.saved_by else [])
    entry = next((each for each in draft.entries if each.id == kept.subject), None)
    return render_template(
        "fps/applications/section.html",
        card=card,
        section=section,
        form=form,
        kept=kept,
        entry=entry,
        is_conflict=is_conflict,
        saved_by=names[kept.saved_by].name if kept.saved_by in names else None,
        theirs=shown_answers(section, kept.answers, draft.lots) if is_conflict else (),
    )
