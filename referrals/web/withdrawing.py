"""The end of a referral before its deadline: issued by mistake, or not needed any more."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for

from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.actions.withdraw_referral import withdraw_referral
from referrals.model import Phase
from referrals.queries.councils import ReferralPage, referral
from referrals.web.equal_forms import WithdrawReferralForm
from referrals.web.form_page import Answer, FormPage, answer

pages = Blueprint("withdrawing", __name__)

_LEFT = "The referral ends without an award. You can draft it anew."
_UNTOLD = "Nobody has been told of it yet, so nobody hears of it: the alerts are cancelled."
_TOLD = (
    "Everybody who was asked is told at once, in the same words, that it is withdrawn. They do not read the reason.",
    "Answers that are in stay sealed: nobody opens them.",
)


@pages.route("/commissioning/referrals/<referral_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def withdraw(referral_id: str) -> Answer:
    """Withdraw a referral that is out, or on its way, with the reason (R9, R27, R29)."""
    with ground().read() as session:
        one = referral(session, current_actor(), referral_id, ground().clock.now())
    back = url_for("referrals.overview.one", referral_id=referral_id)
    if one.phase not in {Phase.SCHEDULED, Phase.OPEN}:
        return redirect(back, code=303)
    form, is_out = WithdrawReferralForm(), one.phase is Phase.OPEN
    said = "The referral is withdrawn. " + ("All who were asked are told." if is_out else "No alert goes out.")
    return answer(
        _page(one, back, is_out=is_out),
        form,
        lambda work: withdraw_referral(work, current_actor(), referral_id, form.reason.data or ""),
        said,
    )


def _page(one: ReferralPage, back: str, *, is_out: bool) -> FormPage:
    notes = (*(_told(one) if is_out else (_UNTOLD,)), _LEFT)
    caption = f"Referral {one.text.reference}"
    return FormPage("Withdraw this referral", caption, "Withdraw it", back, "Overview", notes=notes, is_warning=True)


def _told(one: ReferralPage) -> tuple[str, ...]:
    """Return what happens with one that is out; where nobody competes the council may have read the answer already."""
    return _TOLD if one.text.route.is_competitive else _TOLD[:1]
