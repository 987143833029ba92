from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from channels.inbox.hearing import Disposition, Ending, Heard, Hearer, reply
from channels.wording import MessageType
from kernel.errors import ConflictError, ForbiddenError, HubError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.permissions import Permission
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.decline_visit import DeclineVisit, decline_visit
from qa_visits.actions.offer_day import OfferDay, offer_day
from qa_visits.actions.take_day import DayTakenError, other_days
from qa_visits.messages.to_officers import (
    BOOKED_OFFICER,
    BOOKED_QUIETLY,
    DAY_REFUSED,
    DECLINED,
    STALE,
    proposal_values,
    visit_path,
    visit_values,
)
from qa_visits.model import VisitCard, VisitState
from qa_visits.queries import visit_card
from qa_visits.rules.days import is_provider_told
from qa_visits.rules.wording import day_label
from qa_visits.tables import VisitRow

_VISITS = "/visits"
_NOT_YOURS = "This visit is not yours to answer."


def hear_answer(work: Work, heard: Heard) -> Disposition | None:
    """Take an officer's answer to a proposed visit: a pressed button or a sent form.

    A button that no longer applies, a second press and somebody else's press change nothing and are told so.
    """
    answer = _ANSWERS.get(heard.action or "")
    if answer is None:
        return None
    visit_id = heard.values.get("value", "")
    try:
        with work.session.begin_nested():
            message_type, values = answer(work, heard, visit_id)
    except (ForbiddenError, NotFoundError):
        reply(work, heard, STALE, {"standing": _NOT_YOURS, "link": _VISITS})
        return Disposition(Ending.ANSWERED, "not this person's visit")
    except (DayTakenError, InvalidInputError) as error:
        return _refuse_day(work, heard, visit_id, error)
    except ConflictError as error:
        return _refuse_button(work, heard, visit_id, error)
    reply(work, heard, message_type, values)
    return Disposition(Ending.RECORDED, message_type.key)


def _accept(work: Work, heard: Heard, visit_id: str) -> tuple[MessageType, dict[str, object]]:
    accept_visit(work, heard.person, visit_id)
    return _booked(visit_card(work.session, visit_id))


def _offer_day(work: Work, heard: Heard, visit_id: str) -> tuple[MessageType, dict[str, object]]:
    offer_day(work, heard.person, OfferDay(visit_id, _day(heard.values.get("day", ""))))
    return _booked(visit_card(work.session, visit_id))


def _decline(work: Work, heard: Heard, visit_id: str) -> tuple[MessageType, dict[str, object]]:
    decline_visit(work, heard.person, DeclineVisit(visit_id, heard.values.get("reason", "")))
    card = visit_card(work.session, visit_id)
    return DECLINED, {"setting": card.setting_name, "day": card.day.isoformat()}


_ANSWERS: Mapping[str, Callable[[Work, Heard, str], tuple[MessageType, dict[str, object]]]] = MappingProxyType(
    {"qa_visits.accept": _accept, "qa_visits.offer_day": _offer_day, "qa_visits.decline": _decline}
)


def _booked(card: VisitCard) -> tuple[MessageType, dict[str, object]]:
    is_told = is_provider_told(card.visit_type, is_unannounced=card.is_unannounced)
    return BOOKED_OFFICER if is_told else BOOKED_QUIETLY, visit_values(card)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("day", "That is not a day.") from error


def _refuse_day(work: Work, heard: Heard, visit_id: str, error: HubError) -> Disposition:
    choices = other_days(work, work.session.get_one(VisitRow, visit_id))
    if not choices:
        return _refuse_button(work, heard, visit_id, error)
    values = proposal_values(visit_card(work.session, visit_id), choices)
    reply(work, heard, DAY_REFUSED, {**values, "reasons": [str(error)]})
    return Disposition(Ending.ANSWERED, "the day does not fit")


def _refuse_button(work: Work, heard: Heard, visit_id: str, error: HubError) -> Disposition:
    card = visit_card(work.session, visit_id)
    where = f" It is on {day_label(card.day)}." if card.state is VisitState.BOOKED else ""
    reply(work, heard, STALE, {"standing": f"{error}{where}", "link": visit_path(visit_id)})
    return Disposition(Ending.ANSWERED, "the button no longer applies")


HEARERS: tuple[Hearer, ...] = (hear_answer,)
ACTIONS: Mapping[str, Permission] = MappingProxyType(dict.fromkeys(_ANSWERS, Permission.VISITS_PLAN))
"""What each button and form asks for; whose visit it is, find_own_visit says."""
