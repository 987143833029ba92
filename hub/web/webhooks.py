from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect, GovTextInput
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from hub.web.site import site
from kernel.errors import InvalidInputError
from kernel.web import ground
from kernel.work import Work
from people.model import Actor, OrganisationCard, OrganisationKind
from people.permissions import Permission, organisations_with
from people.queries import organisations_by_id
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.options import options
from people.web.paging import page_of
from referrals.actions.webhooks.add_endpoint import AddEndpoint, MadeSecret, add_endpoint
from referrals.actions.webhooks.change_endpoint import (
    end_old_secret,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from referrals.actions.webhooks.send_again import send_again, send_all_again, send_test
from referrals.model.webhooks import CHOSEN_TYPES, DeliveryState, EventType
from referrals.queries.webhooks import (
    count_deliveries,
    deliveries,
    delivery,
    endpoint,
    endpoints_of,
    parked_counts,
)
from referrals.rules.webhooks import MOST_ENDPOINTS

pages = Blueprint("webhooks", __name__)

STATE_TAGS: Mapping[DeliveryState, tuple[str, str]] = {
    DeliveryState.WAITING: ("To be sent", "yellow"),
    DeliveryState.DELIVERED: ("Taken", "green"),
    DeliveryState.PARKED: ("Given up", "red"),
    DeliveryState.DROPPED: ("Dropped", "grey"),
}


class EndpointForm(PageForm):
    """Which system, where it listens, and what it is told of."""

    council = SelectField("Council", widget=GovSelect(), validators=[InputRequired("Choose a council")])
    name = StringField(
        "Name of the system",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the name of the system, such as: case management")],
    )
    url = StringField(
        "Address",
        description="Where the system listens, by its public name. For example, https://cases.example.org/hub",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the address at which the system listens")],
    )
    types = SelectMultipleField(
        "What it is told of",
        widget=GovCheckboxesInput(),
        choices=options((each.value, each.words) for each in CHOSEN_TYPES),
        validators=[InputRequired("Choose what the system is told")],
    )


@pages.get("/administration/webhooks")
@requires(Permission.ADMINISTER)
def every() -> str:
    """List the addresses of the councils that one administers."""
    with ground().read() as session:
        found = endpoints_of(session, current_actor())
        parked = parked_counts(session, [each.id for each in found])
    return render_template("administration/webhooks.html", found=found, parked=parked, most=MOST_ENDPOINTS)


@pages.route("/administration/webhooks/new", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def new() -> str | tuple[str, int]:
    """Add an address, and show its secret once: in the answer itself, because nothing else may show it."""
    own = _own()
    form = EndpointForm()
    form.council.choices = options(((card.id, card.name) for card in own), first="Choose a council")
    if not form.is_submitted():
        form.types.data = list(CHOSEN_TYPES)
        return _form_page(form, own)
    if form.validate():
        try:
            return _secret_page(_add(form), is_new=True)
        except InvalidInputError as error:
            form.show(error)
    return _form_page(form, own), 422


def _own() -> list[OrganisationCard]:
    with ground().read() as session:
        ids = organisations_with(current_actor(), Permission.ADMINISTER)
        found = organisations_by_id(session, ids).values()
    return sorted((card for card in found if card.kind is OrganisationKind.COUNCIL), key=lambda card: card.name)


def _add(form: EndpointForm) -> MadeSecret:
    wanted = AddEndpoint(
        str(form.council.data),
        str(form.name.data),
        str(form.url.data),
        tuple(EventType(each) for each in form.types.data or ()),
        site().webhook_inside,
    )
    with ground().work() as work:
        return add_endpoint(work, current_actor(), wanted)


def _form_page(form: EndpointForm, own: list[OrganisationCard]) -> str:
    return render_template("administration/webhook_new.html", form=form, has_council=bool(own))


def _secret_page(made: MadeSecret, *, is_new: bool) -> str:
    return render_template("administration/webhook_secret.html", made=made, is_new=is_new)


@pages.get("/administration/webhooks/<endpoint_id>")
@requires(Permission.ADMINISTER)
def one(endpoint_id: str) -> str:
    """Show an address and what was sent to it: all of it, or what stands as the address of the page asks."""
    asked = request.args.get("state", "")
    state = DeliveryState(asked) if asked in set(DeliveryState) else None
    now = ground().clock.now()
    with ground().read() as session:
        card = endpoint(session, current_actor(), endpoint_id)
        page = page_of(count_deliveries(session, card.id, state))
        found = deliveries(session, card.id, state, offset=page.offset, limit=page.size)
        parked = parked_counts(session, [card.id]).get(card.id, 0)
    return render_template(
        "administration/webhook.html",
        card=card,
        found=found,
        page=page,
        now=now,
        parked=parked,
        state=state,
        tags=STATE_TAGS,
        states=[("", "Any"), *((each.value, words) for each, (words, _) in STATE_TAGS.items())],
    )


@pages.get("/administration/webhooks/<endpoint_id>/deliveries/<delivery_id>")
@requires(Permission.ADMINISTER)
def sent(endpoint_id: str, delivery_id: str) -> str:
    """Show one delivery: every attempt, and what it said."""
    with ground().read() as session:
        card = endpoint(session, current_actor(), endpoint_id)
        record = delivery(session, card.id, delivery_id)
    return render_template("administration/webhook_delivery.html", card=card, record=record, tags=STATE_TAGS)


@pages.post("/administration/webhooks/<endpoint_id>/deliveries/<delivery_id>/again")
@requires(Permission.ADMINISTER)
def again(endpoint_id: str, delivery_id: str) -> Response:
    """Send it anew."""
    with ground().work() as work:
        send_again(work, current_actor(), endpoint_id, delivery_id)
    flash("It is being sent again. Reload this page in a few seconds to see what came of it.")
    return redirect(url_for(".sent", endpoint_id=endpoint_id, delivery_id=delivery_id), code=303)


@pages.post("/administration/webhooks/<endpoint_id>/again")
@requires(Permission.ADMINISTER)
def all_again(endpoint_id: str) -> Response:
    """Send everything anew that was given up."""
    with ground().work() as work:
        count = send_all_again(work, current_actor(), endpoint_id)
    flash(f"{count} {'delivery is' if count == 1 else 'deliveries are'} being sent again.")
    return redirect(url_for(".one", endpoint_id=endpoint_id), code=303)


@pages.post("/administration/webhooks/<endpoint_id>/test")
@requires(Permission.ADMINISTER)
def test(endpoint_id: str) -> Response:
    """Send a test."""
    with ground().work() as work:
        delivery_id = send_test(work, current_actor(), endpoint_id)
    flash("A test is being sent. Reload this page in a few seconds to see what came of it.")
    return redirect(url_for(".sent", endpoint_id=endpoint_id, delivery_id=delivery_id), code=303)


@pages.post("/administration/webhooks/<endpoint_id>/secret")
@requires(Permission.ADMINISTER)
def secret(endpoint_id: str) -> str:
    """Make a new secret, and show it once."""
    with ground().work() as work:
        made = rotate_secret(work, current_actor(), endpoint_id)
    return _secret_page(made, is_new=False)


@pages.post("/administration/webhooks/<endpoint_id>/end-old-secret")
@requires(Permission.ADMINISTER)
def end_old(endpoint_id: str) -> Response:
    """Let the old secret sign no more."""
    return _press(end_old_secret, endpoint_id, "The old secret signs no more.")


@pages.post("/administration/webhooks/<endpoint_id>/pause")
@requires(Permission.ADMINISTER)
def pause(endpoint_id: str) -> Response:
    """Send nothing for now."""
    return _press(pause_endpoint, endpoint_id, "Paused. What happens meanwhile is sent once you resume it.")


@pages.post("/administration/webhooks/<endpoint_id>/resume")
@requires(Permission.ADMINISTER)
def resume(endpoint_id: str) -> Response:
    """Send again."""
    return _press(resume_endpoint, endpoint_id, "Resumed. What has waited is being sent.")


def _press(change: Callable[[Work, Actor, str], None], endpoint_id: str, done: str) -> Response:
    with ground().work() as work:
        change(work, current_actor(), endpoint_id)
    flash(done)
    return redirect(url_for(".one", endpoint_id=endpoint_id), code=303)


@pages.route("/administration/webhooks/<endpoint_id>/remove", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def remove(endpoint_id: str) -> str | Response:
    """Ask once more, then remove the address."""
    with ground().read() as session:
        card = endpoint(session, current_actor(), endpoint_id)
    if request.method == "GET":
        return render_template("administration/webhook_remove.html", card=card)
    with ground().work() as work:
        remove_endpoint(work, current_actor(), endpoint_id)
    flash(f"The address of {card.name} is removed. Nothing more is sent to it.")
    return redirect(url_for(".every"), code=303)
