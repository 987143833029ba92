"""Inputs and effects as JSON and back, each under its own name, so that a conversation can be stored and replayed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from surveys.model import Answer
from surveys.rules.state import (
    AsideOver,
    Begun,
    Effect,
    Ended,
    FormFilled,
    Input,
    NotMine,
    Recorded,
    Remarked,
    Say,
    Saying,
    SurveyOver,
    TextHeard,
)


def input_to_json(value: Input) -> dict[str, Any]:
    """The input under its name ("is"), with its moment in ISO 8601."""
    shape: dict[str, Any] = {"is": type(value).__name__, "at": value.at.isoformat()}
    if isinstance(value, TextHeard):
        shape["text"] = value.text
    if isinstance(value, FormFilled):
        shape["answer"] = value.answer.to_json()
    return shape


def input_from_json(shape: Mapping[str, Any]) -> Input:
    """Read what input_to_json wrote; KeyError for a name it does not know."""
    at = datetime.fromisoformat(shape["at"])
    if shape["is"] == TextHeard.__name__:
        return TextHeard(shape["text"], at)
    if shape["is"] == FormFilled.__name__:
        return FormFilled(Answer.from_json(shape["answer"]), at)
    bare: dict[str, type[Begun | AsideOver | SurveyOver]] = {
        kind.__name__: kind for kind in (Begun, AsideOver, SurveyOver)
    }
    return bare[shape["is"]](at)


def effect_to_json(effect: Effect) -> dict[str, Any]:
    """The effect under its name ("is")."""
    name = type(effect).__name__
    match effect:
        case Recorded(answer):
            return {"is": name, "answer": answer.to_json()}
        case Remarked(question_id, text):
            return {"is": name, "question_id": question_id, "text": text}
        case Say(saying, question_id, attempt):
            return {"is": name, "saying": saying.value, "question_id": question_id, "attempt": attempt}
        case NotMine(come_back):
            return {"is": name, "come_back": come_back}
        case Ended():
            return {"is": name}


def effect_from_json(shape: Mapping[str, Any]) -> Effect:
    """Read what effect_to_json wrote; KeyError for a name it does not know."""
    readers: dict[str, Callable[[], Effect]] = {
        "Recorded": lambda: Recorded(Answer.from_json(shape["answer"])),
        "Remarked": lambda: Remarked(shape["question_id"], shape["text"]),
        "Say": lambda: Say(Saying(shape["saying"]), shape["question_id"], shape["attempt"]),
        "NotMine": lambda: NotMine(shape["come_back"]),
        "Ended": Ended,
    }
    return readers[shape["is"]]()
