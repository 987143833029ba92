"""The route of a draft, and what it demands (R1, R5 to R8)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fps.queries import settings_by_id
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.actions.preparing.choose_route import ChooseRoute, choose_route
from referrals.model.particulars import DirectAwardReason
from referrals.model.routes import Route
from referrals.queries.chosen import CONTRACTS, choosable
from referrals.queries.contracts import contracts_for
from referrals.queries.drafts import DraftPage, draft
from referrals.web.form_page import Answer, FormPage, answer
from referrals.web.preparing_forms import ROUTE_HINTS, ContractForm, DirectAwardForm, RouteForm, SpotForm

pages = Blueprint("routing", __name__)

_LONGEST_WORDS = 100
_HINTS = [{"hint": {"text": ROUTE_HINTS[each]}} for each in Route]


@pages.route("/commissioning/referrals/<referral_id>/route", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def route(referral_id: str) -> str | Response | tuple[str, int]:
    """Choose by which route the place is bought (R1)."""
    written = _written(referral_id)
    form = RouteForm(data={"route": written.route.value})
    if not form.validate_on_submit():
        shown = render_template("referrals/preparing/route.html", form=form, written=written, hints=_HINTS)
        return shown, 422 if form.is_submitted() else 200
    wanted = Route(form.route.data)
    if wanted.is_competitive:
        with ground().work() as work:
            choose_route(work, current_actor(), ChooseRoute(referral_id, wanted))
        return redirect(_next(referral_id), code=303)
    return redirect(url_for(f".{wanted}", referral_id=referral_id), code=303)


@pages.get("/commissioning/referrals/<referral_id>/route/direct_award")
@requires(Permission.REFERRALS_ISSUE)
def direct_award(referral_id: str) -> str:
    """Choose the setting that is asked alone."""
    words = request.args.get("name", "")[:_LONGEST_WORDS]
    with ground().read() as session:
        written = draft(session, current_actor(), referral_id)
        found = choosable(session, current_actor(), referral_id, london_date(ground().clock.now()), words)
    page = page_of(len(found))
    return render_template(
        "referrals/preparing/settings.html",
        written=written,
        found=found[page.offset : page.offset + page.size],
        page=page,
        words=words,
    )


@pages.route("/commissioning/referrals/<referral_id>/route/direct_award/<setting_id>", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def reasons(referral_id: str, setting_id: str) -> Answer:
    """Say why one setting is asked without a competition (R5)."""
    written = _written(referral_id)
    with ground().read() as session:
        chosen = settings_by_id(session, [setting_id]).get(setting_id)
    if chosen is None:
        raise NotFoundError
    given = written.particulars
    code = given.reason_code.value if given.reason_code else ""
    form = DirectAwardForm(data={"reason_code": code, "reasons": given.reasons, "evidence": given.evidence})
    note = f"You ask {chosen.name} alone. A colleague must approve it."
    return _details(
        written,
        form,
        Route.DIRECT_AWARD,
        lambda: ChooseRoute(
            referral_id,
            Route.DIRECT_AWARD,
            setting_id=setting_id,
            reason_code=DirectAwardReason(form.reason_code.data),
            reasons=form.reasons.data or "",
            evidence=form.evidence.data or "",
        ),
        note,
        url_for(".direct_award", referral_id=referral_id),
    )


@pages.route("/commissioning/referrals/<referral_id>/route/block_calldown", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def block_calldown(referral_id: str) -> Answer:
    """Choose the block contract that the place is called off (R6)."""
    return _contract(referral_id, Route.BLOCK_CALLDOWN)


@pages.route("/commissioning/referrals/<referral_id>/route/existing_contract", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def existing_contract(referral_id: str) -> Answer:
    """Choose the contract from before that the place is called off (R8)."""
    return _contract(referral_id, Route.EXISTING_CONTRACT)


def _contract(referral_id: str, wanted: Route) -> Answer:
    written = _written(referral_id)
    with ground().read() as session:
        today = london_date(ground().clock.now())
        found = contracts_for(session, written.council_id, CONTRACTS[wanted], today, written.lot.id)
    if not found:
        return render_template("referrals/preparing/no_contract.html", written=written, wanted=wanted)
    form = ContractForm(data={"contract_id": written.contract_id})
    form.offer(found)
    return _details(
        written,
        form,
        wanted,
        lambda: ChooseRoute(referral_id, wanted, contract_id=form.contract_id.data),
        "Your council's contracts that run today and cover this lot.",
    )


@pages.route("/commissioning/referrals/<referral_id>/route/off_framework_spot", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def off_framework_spot(referral_id: str) -> Answer:
    """Say who sells the place, and which rule of the council allows it (R7)."""
    written = _written(referral_id)
    given = written.particulars
    form = SpotForm(
        data={
            "supplier": given.supplier,
            "supplier_number": given.supplier_number,
            "rule_reference": given.rule_reference,
        }
    )
    return _details(
        written,
        form,
        Route.OFF_FRAMEWORK_SPOT,
        lambda: ChooseRoute(
            referral_id,
            Route.OFF_FRAMEWORK_SPOT,
            supplier=form.supplier.data or "",
            supplier_number=form.supplier_number.data or "",
            rule_reference=form.rule_reference.data or "",
        ),
        "Nobody is asked through the hub. It stays out of the framework's statistics, and on the record.",
    )


def _details(
    written: DraftPage,
    form: DirectAwardForm | ContractForm | SpotForm,
    wanted: Route,
    command: Callable[[], ChooseRoute],
    note: str,
    back: str | None = None,
) -> Answer:
    page = FormPage(
        wanted.words,
        f"Referral {written.reference}",
        "Save and continue",
        back or url_for(".route", referral_id=written.id),
        "Settings" if back else "Route",
        then=_next(written.id),
        notes=(note,),
    )
    return answer(page, form, lambda work: choose_route(work, current_actor(), command()))


def _written(referral_id: str) -> DraftPage:
    with ground().read() as session:
        return draft(session, current_actor(), referral_id)


def _next(referral_id: str) -> str:
    return url_for("referrals.issuing.times", referral_id=referral_id)
