"""The documents of providers and settings, as the lead authority checks them and councils read them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.evidence.judge_document import accept_document, refuse_document
from fps.model import DocumentKind
from fps.model.evidence import DocumentCard, DocumentState
from fps.queries import setting
from fps.queries.evidence import (
    count_waiting_documents,
    document,
    documents_of,
    leads_provider,
    may_judge,
    reminders_of,
    required_kinds,
    views_of,
    waiting_documents,
)
from fps.queries.settings import settings_by_id
from fps.waiting import documents_running_out
from fps.web.evidence_files import LARGEST_BODY, send_file, taken
from fps.web.evidence_forms import RefuseForm, UploadForm
from fps.web.evidence_words import document_tag, ending_tag, kind_words, newest_of_each
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from kernel.work import Work
from people.model import OrganisationKind
from people.permissions import Permission
from people.queries import organisation, organisations, persons
from people.web.guard import current_actor, requires, takes_body
from people.web.paging import page_of

pages = Blueprint("evidence", __name__)

_SHOWN = ("check", "ending")


@pages.get("/register/documents")
@requires(Permission.EVIDENCE_JUDGE)
def index() -> str:
    """Show the lead authority which documents wait to be checked, and which run out."""
    show, kind = request.args.get("show", ""), _kind_asked()
    show = show if show in _SHOWN else _SHOWN[0]
    now, actor = ground().clock.now(), current_actor()
    with ground().read() as session:
        waiting = count_waiting_documents(session, actor, kind)
        total = documents_running_out(session, actor, now, kind=kind, limit=0)[1]
        page = page_of(waiting if show == "check" else total)
        to_check = waiting_documents(session, actor, kind, offset=page.offset) if show == "check" else []
        ending = documents_running_out(session, actor, now, kind=kind, offset=page.offset)[0] if show != "check" else []
        names = {place.id: place.name for place in organisations(session, OrganisationKind.PROVIDER)}
        cards = settings_by_id(session, {card.setting_id for card in to_check if card.setting_id})
    return render_template(
        "fps/evidence/index.html",
        show=show,
        waiting=waiting,
        total=total,
        to_check=to_check,
        ending=[(one, ending_tag(one.valid_until, london_date(now))) for one in ending],
        page=page,
        kind=kind,
        kinds=[("", "Every kind"), *((each.value, kind_words(each)) for each in sorted(DocumentKind, key=kind_words))],
        names=names,
        settings=cards,
        kind_words=kind_words,
    )


def _kind_asked() -> DocumentKind | None:
    asked = request.args.get("kind", "")
    return DocumentKind(asked) if asked in set(DocumentKind) else None


@pages.get("/register/documents/<document_id>")
@requires(Permission.EVIDENCE_READ)
def one(document_id: str) -> str:
    """Show a document: what it is, until when it holds, who has read it; the lead authority decides on it here."""
    return _page(document_id, RefuseForm())


@pages.get("/register/documents/<document_id>/file")
@requires(Permission.EVIDENCE_READ)
def file(document_id: str) -> Response:
    """Hand out a document's file; that it was taken is noted."""
    with ground().read() as session:
        card = document(session, current_actor(), document_id)
    return send_file(card)


@pages.post("/register/documents/<document_id>/accept")
@requires(Permission.EVIDENCE_JUDGE)
def accept(document_id: str) -> Reply | tuple[str, int]:
    """Accept a document."""
    return _decide(
        document_id,
        RefuseForm(),
        "The document is accepted. The provider is told.",
        lambda work: accept_document(work, current_actor(), document_id),
    )


@pages.post("/register/documents/<document_id>/refuse")
@requires(Permission.EVIDENCE_JUDGE)
def refuse(document_id: str) -> Reply | tuple[str, int]:
    """Refuse a document, saying what is wrong with it."""
    form = RefuseForm()
    if not form.validate():
        return _page(document_id, form), 422
    return _decide(
        document_id,
        form,
        "The document is refused. The provider is told why.",
        lambda work: refuse_document(work, current_actor(), document_id, str(form.reason.data)),
    )


def _decide(document_id: str, form: RefuseForm, said: str, act: Callable[[Work], None]) -> Reply | tuple[str, int]:
    try:
        with ground().work() as work:
            act(work)
    except (ConflictError, InvalidInputError) as error:
        return _page(document_id, form, refusal=str(error)), error.status
    flash(said)
    return redirect(url_for(".one", document_id=document_id), code=303)


def _page(document_id: str, form: RefuseForm, *, refusal: str = "") -> str:
    actor, today = current_actor(), london_date(ground().clock.now())
    with ground().read() as session:
        card = document(session, actor, document_id)
        is_led = may_judge(session, actor, document_id)
        views = views_of(session, document_id) if is_led else []
        reminders = reminders_of(session, document_id) if is_led else []
        before = [each for each in documents_of(session, card.provider_id, card.setting_id) if each.kind is card.kind]
        people = persons(session, {card.recorded_by, card.decided_by or "", *(view.person_id for view in views)})
        place = setting(session, card.setting_id).name if card.setting_id else None
        places = {each.id: each.name for each in organisations(session)}
    return render_template(
        "fps/evidence/one.html",
        card=card,
        tag=document_tag(card, today),
        title=kind_words(card.kind),
        place=place,
        provider=places[card.provider_id],
        counts=next((each for each in before if each.is_current and each.id != card.id), None),
        may_decide=is_led and card.state is DocumentState.OFFERED,
        is_led=is_led,
        views=views,
        reminders=reminders,
        people={person.id: person.name for person in people.values()},
        places=places,
        form=form,
        refusal=refusal,
    )


@pages.get("/register/settings/<setting_id>/documents")
@requires(Permission.EVIDENCE_READ)
def of_setting(setting_id: str) -> str:
    """Show the documents of a setting, and every version of one kind where `kind` asks for it."""
    with ground().read() as session:
        card = setting(session, setting_id)
    return _documents_page(card.provider_id, card.id, card.name)


@pages.get("/register/providers/<provider_id>/documents")
@requires(Permission.EVIDENCE_READ)
def of_provider(provider_id: str) -> str:
    """Show the documents that count for all settings of a provider."""
    return _documents_page(provider_id, None, _provider(provider_id))


def _provider(provider_id: str) -> str:
    with ground().read() as session:
        place = organisation(session, provider_id)
    if place.kind is not OrganisationKind.PROVIDER:
        raise NotFoundError
    return place.name


def _documents_page(provider_id: str, setting_id: str | None, name: str) -> str:
    today, actor = london_date(ground().clock.now()), current_actor()
    with ground().read() as session:
        found = documents_of(session, provider_id, setting_id)
        required = required_kinds(session, provider_id, setting_id, today)
        provider = organisation(session, provider_id).name
        is_led = leads_provider(session, actor, provider_id)
    shown = found if is_led else [card for card in found if _is_every_councils(card)]
    asked = _kind_asked()
    return render_template(
        "fps/evidence/of_place.html",
        name=name,
        provider=provider,
        provider_id=provider_id,
        setting_id=setting_id,
        newest=newest_of_each(shown),
        required=sorted(required, key=kind_words),
        versions=[card for card in shown if card.kind is asked],
        asked=asked,
        may_upload=is_led,
        kind_words=kind_words,
        tag=lambda card: document_tag(card, today),
    )


def _is_every_councils(card: DocumentCard) -> bool:
    return card.state is DocumentState.ACCEPTED


@pages.route("/register/settings/<setting_id>/documents/new", methods=["GET", "POST"])
@requires(Permission.EVIDENCE_JUDGE)
@takes_body(LARGEST_BODY)
def upload_for_setting(setting_id: str) -> str | Reply | tuple[str, int]:
    """Keep a document that the lead authority has got another way, for a setting."""
    with ground().read() as session:
        card = setting(session, setting_id)
    return _upload(card.provider_id, card.id, card.name)


@pages.route("/register/providers/<provider_id>/documents/new", methods=["GET", "POST"])
@requires(Permission.EVIDENCE_JUDGE)
@takes_body(LARGEST_BODY)
def upload_for_provider(provider_id: str) -> str | Reply | tuple[str, int]:
    """Keep a document that the lead authority has got another way, for all settings of a provider."""
    return _upload(provider_id, None, _provider(provider_id))


def _upload(provider_id: str, setting_id: str | None, name: str) -> str | Reply | tuple[str, int]:
    form = UploadForm()
    with ground().read() as session:
        if not leads_provider(session, current_actor(), provider_id):
            raise NotFoundError
        required = required_kinds(session, provider_id, setting_id, london_date(ground().clock.now()))
    form.offer(required, request.args.get("kind"))
    document_id, status = taken(form, provider_id, setting_id)
    if document_id is not None:
        flash("The document is kept. Check it, then accept it.")
        return redirect(url_for(".one", document_id=document_id), code=303)
    back = (
        url_for(".of_setting", setting_id=setting_id)
        if setting_id
        else url_for(".of_provider", provider_id=provider_id)
    )
    return render_template(
        "fps/evidence/upload.html", form=form, name=name, back=back, most_mb=ground().most_upload_bytes // 1_000_000
    ), status
