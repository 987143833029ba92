from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from fps.actions.directory.report_places import write_down
from fps.model.directory import AskedLine
from fps.queries.vacancies import asked_lines, newest_ask
from fps.rules.vacancies import Reply, Told, check_told
from fps.tables import SettingRow, VacancyAskLineRow, VacancyAskRow, VacancyRow
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


@dataclass(frozen=True)
class Answered:
    """What an answer has told of, as the lines stand now, and the lines for which a number is still missing."""

    noted: tuple[AskedLine, ...]
    missing: tuple[AskedLine, ...]


def answer_ask(work: Work, actor: Actor, ask_id: str, reply: Reply, channel: str) -> Answered:
    """Take the answer to a monthly question: what it names is changed, all else that was known is confirmed.

    Until the next question a number also corrects what was answered already; the same one again changes nothing.
    Raises NotFoundError for a question about others' settings, ConflictError for one that is over, InvalidInputError
    for an answer that does not fit its lines.
    """
    ask = work.session.scalars(select(VacancyAskRow).where(VacancyAskRow.id == ask_id).with_for_update()).first()
    if ask is None or not _is_own(work, actor, ask_id):
        raise NotFoundError
    lines = _answerable(work, ask, reply)
    _check(reply, lines, work)
    noted, missing = [], []
    for line in lines:
        places = reply.numbers.get(line.letter, line.places)
        if places is None:
            missing.append(line)
        else:
            _tell(work, actor, line, places, channel)
            noted.append(AskedLine(line.letter, line.vacancy_id, line.title, places, is_answered=True))
    return Answered(tuple(noted), tuple(missing))


def _answerable(work: Work, ask: VacancyAskRow, reply: Reply) -> list[AskedLine]:
    """Return the open lines and those answered already that the reply names anew.

    Raises ConflictError where the next question has come, or where all was answered and the reply has no number.
    """
    is_newest = newest_ask(work.session, ask.person_id) == ask.id
    if ask.closed_at is not None and not (is_newest and reply.numbers):
        raise ConflictError("This question is no longer open.")
    lines = asked_lines(work.session, ask.id)
    offered = select(VacancyRow.id).where(
        VacancyRow.id.in_([line.vacancy_id for line in lines]), VacancyRow.closed_at.is_(None)
    )
    still = set(work.session.scalars(offered))
    return [
        line for line in lines if not line.is_answered or (line.letter in reply.numbers and line.vacancy_id in still)
    ]


def _is_own(work: Work, actor: Actor, ask_id: str) -> bool:
    own = organisations_with(actor, Permission.SETTINGS_OWN)
    providers = (
        select(SettingRow.provider_id)
        .join(VacancyRow, VacancyRow.setting_id == SettingRow.id)
        .join(VacancyAskLineRow, VacancyAskLineRow.vacancy_id == VacancyRow.id)
        .where(VacancyAskLineRow.ask_id == ask_id)
    )
    asked = set(work.session.scalars(providers.distinct()))
    return bool(asked) and asked <= set(own)


def _check(reply: Reply, lines: list[AskedLine], work: Work) -> None:
    known = {line.letter for line in lines}
    if not reply.is_yes and not reply.numbers:
        raise InvalidInputError("numbers", "Say which letter has how many places, like A 2.")
    if not set(reply.numbers) <= known:
        raise InvalidInputError("numbers", "Use the letters of the list, each once.")
    for places in reply.numbers.values():
        check_told(Told(places), london_date(work.now))
    if reply.is_yes and all(line.places is None for line in lines):
        raise InvalidInputError("numbers", "We do not know a number yet. Give it in figures.")


def _tell(work: Work, actor: Actor, line: AskedLine, places: int, channel: str) -> None:
    row = work.session.get_one(VacancyRow, line.vacancy_id, with_for_update=True)
    if line.is_answered and row.places == places:
        return
    is_ahead = row.expected_on is not None and row.expected_on > london_date(work.now)
    expected = (row.expected_places, row.expected_on) if is_ahead else (None, None)
    write_down(work, actor, row, Told(places, *expected, row.note), channel)
