"""A provider's own documents: what is asked, what is held, what runs out, and the way to send a new one."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.evidence.withdraw_document import withdraw_document
from fps.model import DocumentKind
from fps.model.evidence import WAITING
from fps.queries import setting, settings_of
from fps.queries.evidence import documents_of, own_document, required_kinds, views_of
from fps.queries.rechecks import items_of_provider
from fps.waiting import own_documents_running_out
from fps.web.evidence_files import LARGEST_BODY, send_file, taken
from fps.web.evidence_forms import UploadForm
from fps.web.evidence_words import document_tag, ending_tag, kind_words, newest_of_each
from kernel.calendar import london_date
from kernel.errors import ConflictError, NotFoundError
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.queries import organisation, organisations, persons
from people.web.guard import current_actor, requires, takes_body

pages = Blueprint("own_evidence", __name__)


@pages.get("/my-settings/documents")
@requires(Permission.SETTINGS_OWN)
def index() -> str:
    """Show a provider what it has to renew or confirm, and where its documents are."""
    now, actor = ground().clock.now(), current_actor()
    own = organisations_with(actor, Permission.SETTINGS_OWN)
    with ground().read() as session:
        ending = own_documents_running_out(session, actor, now)
        owed = sum(item.answer is None for item in items_of_provider(session, actor))
        settings = settings_of(session, own)
        providers = [place for place in organisations(session) if place.id in own]
    return render_template(
        "fps/evidence/own_index.html",
        ending=[(one, ending_tag(one.valid_until, london_date(now))) for one in ending],
        owed=owed,
        settings=settings,
        providers=providers,
        names={place.id: place.name for place in providers},
        kind_words=kind_words,
    )


@pages.get("/my-settings/<setting_id>/documents")
@requires(Permission.SETTINGS_OWN)
def of_setting(setting_id: str) -> str:
    """Show a provider the documents of one of its settings, and every version of one kind where `kind` asks for it."""
    provider_id, name = _own_setting(setting_id)
    return _documents_page(provider_id, setting_id, name)


@pages.get("/my-settings/organisation/<provider_id>/documents")
@requires(Permission.SETTINGS_OWN)
def of_organisation(provider_id: str) -> str:
    """Show a provider the documents that count for all of its settings."""
    return _documents_page(provider_id, None, _own_organisation(provider_id))


@pages.route("/my-settings/<setting_id>/documents/new", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
@takes_body(LARGEST_BODY)
def upload_for_setting(setting_id: str) -> str | Reply | tuple[str, int]:
    """Take a document for one of a provider's settings."""
    provider_id, name = _own_setting(setting_id)
    return _upload(provider_id, setting_id, name)


@pages.route("/my-settings/organisation/<provider_id>/documents/new", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
@takes_body(LARGEST_BODY)
def upload_for_organisation(provider_id: str) -> str | Reply | tuple[str, int]:
    """Take a document that counts for all of a provider's settings."""
    return _upload(provider_id, None, _own_organisation(provider_id))


@pages.get("/my-settings/documents/<document_id>")
@requires(Permission.SETTINGS_OWN)
def one(document_id: str) -> str:
    """Show a provider one of its documents: what became of it, and which organisations have read it."""
    return _page(document_id)


@pages.get("/my-settings/documents/<document_id>/file")
@requires(Permission.SETTINGS_OWN)
def file(document_id: str) -> Response:
    """Hand a provider the file of one of its documents."""
    with ground().read() as session:
        card = own_document(session, current_actor(), document_id)
    return send_file(card)


@pages.post("/my-settings/documents/<document_id>/withdraw")
@requires(Permission.SETTINGS_OWN)
def withdraw(document_id: str) -> Reply | tuple[str, int]:
    """Take a document back that nobody has decided on."""
    try:
        with ground().work() as work:
            withdraw_document(work, current_actor(), document_id)
    except ConflictError as error:
        return _page(document_id, refusal=str(error)), error.status
    flash("The document is withdrawn. Nobody will check it.")
    return redirect(url_for(".one", document_id=document_id), code=303)


def _own_setting(setting_id: str) -> tuple[str, str]:
    with ground().read() as session:
        card = setting(session, setting_id)
    if card.provider_id not in organisations_with(current_actor(), Permission.SETTINGS_OWN):
        raise NotFoundError
    return card.provider_id, card.name


def _own_organisation(provider_id: str) -> str:
    if provider_id not in organisations_with(current_actor(), Permission.SETTINGS_OWN):
        raise NotFoundError
    with ground().read() as session:
        return organisation(session, provider_id).name


def _documents_page(provider_id: str, setting_id: str | None, name: str) -> str:
    today = london_date(ground().clock.now())
    with ground().read() as session:
        found = documents_of(session, provider_id, setting_id)
        of_all = newest_of_each(documents_of(session, provider_id, None)) if setting_id else {}
        required = required_kinds(session, provider_id, setting_id, today)
    asked = request.args.get("kind", "")
    newest = newest_of_each(found)
    return render_template(
        "fps/evidence/own_of_place.html",
        name=name,
        provider_id=provider_id,
        setting_id=setting_id,
        newest=newest,
        of_all=of_all,
        required=sorted(required, key=kind_words),
        others=sorted(set(newest) - required, key=kind_words),
        versions=[card for card in found if card.kind == asked],
        asked=DocumentKind(asked) if asked in set(DocumentKind) else None,
        kind_words=kind_words,
        tag=lambda card: document_tag(card, today),
    )


def _upload(provider_id: str, setting_id: str | None, name: str) -> str | Reply | tuple[str, int]:
    form = UploadForm()
    with ground().read() as session:
        required = required_kinds(session, provider_id, setting_id, london_date(ground().clock.now()))
    form.offer(required, request.args.get("kind"))
    document_id, status = taken(form, provider_id, setting_id)
    if document_id is not None:
        flash("Your document is sent. The lead authority will check it and you will be told.")
        return redirect(url_for(".one", document_id=document_id), code=303)
    there = url_for(".of_setting", setting_id=setting_id) if setting_id else None
    back = there or url_for(".of_organisation", provider_id=provider_id)
    most_mb = ground().most_upload_bytes // 1_000_000
    return render_template("fps/evidence/upload.html", form=form, name=name, back=back, most_mb=most_mb), status


def _page(document_id: str, *, refusal: str = "") -> str:
    today = london_date(ground().clock.now())
    with ground().read() as session:
        card = own_document(session, current_actor(), document_id)
        views = views_of(session, document_id)
        sender = persons(session, {card.recorded_by}).get(card.recorded_by)
        place = setting(session, card.setting_id).name if card.setting_id else None
        places = {each.id: each.name for each in organisations(session)}
    readers: dict[str, int] = {}
    for view in views:
        if view.organisation_id != card.provider_id:
            readers[places[view.organisation_id]] = readers.get(places[view.organisation_id], 0) + 1
    return render_template(
        "fps/evidence/own_one.html",
        card=card,
        tag=document_tag(card, today),
        title=kind_words(card.kind),
        place=place or places[card.provider_id],
        sender=sender.name if sender else "somebody who has left",
        readers=sorted(readers.items()),
        may_withdraw=card.state in WAITING,
        refusal=refusal,
    )
