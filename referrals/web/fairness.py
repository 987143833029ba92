"""How evenly a referral went out, and whom it has not reached."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from channels.words import CHANNELS, STATUS_TAGS
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.actions.equal.tell_again import tell_again
from referrals.messages.asking import ALERT, REMINDER
from referrals.messages.equal import ANSWERED, CHANGED, MOVED
from referrals.messages.outcomes import WITHDRAWN
from referrals.model import Phase
from referrals.queries.fairness import fairness, hand_overs
from referrals.rules.fairness import ALL, Round, Spread
from referrals.rules.wording import to_the_second

pages = Blueprint("fairness", __name__)

_ROUNDS: Mapping[str, str] = MappingProxyType(
    {
        ALERT.key: "Alert",
        REMINDER.key: "Reminder",
        CHANGED.key: "New version",
        MOVED.key: "Later deadline",
        ANSWERED.key: "Answer to a question",
        WITHDRAWN.key: "Withdrawal",
    }
)
_MARKS = ("First", "Middle", "Last")
_MINUTE_S = 60


@pages.get("/commissioning/referrals/<referral_id>/fairness")
@requires(Permission.REFERRALS_READ)
def one(referral_id: str) -> str:
    """Show when each message to all was handed over, by channel, and what has not reached anybody."""
    now = ground().clock.now()
    with ground().read() as session:
        page = fairness(session, current_actor(), referral_id, now)
        chosen = _chosen(page.rounds)
        sends = chosen.sends if chosen else ()
        paging = page_of(len(sends))
        lines = hand_overs(session, referral_id, sends[paging.offset : paging.offset + paging.size])
    return render_template(
        "referrals/equal/fairness.html",
        referral_id=referral_id,
        fair=page,
        chosen=chosen,
        rounds=[(each.name, _title(each)) for each in page.rounds],
        is_chosen="round" in request.args,
        title=_title(chosen) if chosen else "",
        rows=[_row(spread) for spread in chosen.spreads] if chosen else [],
        lines=lines,
        page=paging,
        can_repair=page.phase is Phase.OPEN,
        channels=CHANNELS,
        tags=STATUS_TAGS,
        seconds=_seconds,
        to_the_second=to_the_second,
    )


@pages.post("/commissioning/referrals/<referral_id>/fairness")
@requires(Permission.REFERRALS_ISSUE)
def again(referral_id: str) -> Response:
    """Send the same alert again to those who were not reached."""
    with ground().work() as work:
        count = tell_again(work, current_actor(), referral_id)
    people = f"{count} {'person' if count == 1 else 'people'}"
    told = f"The same alert is on its way to {people}." if count else "Nobody can be told just now, or a message waits."
    flash(told)
    return redirect(url_for(".one", referral_id=referral_id), code=303)


def _chosen(rounds: tuple[Round, ...]) -> Round | None:
    """Return the round that the address names, else the first one: the alert."""
    wanted = request.args.get("round", "")
    return next((each for each in rounds if each.name == wanted), rounds[-1] if rounds else None)


def _title(of: Round) -> str:
    return f"{_ROUNDS[of.key]}, {to_the_second(of.from_at)}"


def _row(spread: Spread) -> dict[str, object]:
    """Return a row of the chart: how long after they might leave the messages of a channel were handed over."""
    figures = (spread.first_s, spread.middle_s, spread.last_s)
    found = [(name, value) for name, value in zip(_MARKS, figures, strict=True) if value is not None]
    return {
        "label": "All channels" if spread.channel == ALL else CHANNELS[spread.channel],
        "marks": tuple({"name": name, "value": max(value, 0.0), "text": _seconds(value)} for name, value in found),
        "note": f"{spread.count - spread.never} of {spread.count} handed over",
    }


def _seconds(value: float | None) -> str:
    if value is None:
        return "Not yet"
    if abs(value) < _MINUTE_S:
        return f"{value:.2f} seconds"
    return f"{int(value // _MINUTE_S)} min {int(value % _MINUTE_S)} s"
