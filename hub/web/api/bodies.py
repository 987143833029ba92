"""How what programs send is read."""

from __future__ import annotations

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError

from hub.web.api.parameters import fault
from hub.web.programs import InvalidParametersError
from kernel.errors import HubError


class SentBody(BaseModel):
    """What a program sends: these fields and no others."""

    model_config = ConfigDict(extra="forbid")


Sent = TypeVar("Sent", bound=SentBody)


class MediaTypeError(HubError):
    """What was sent is in a form that is not taken."""

    status = 415
    code = "media_type"


def sent(model: type[Sent]) -> Sent:
    """Return the body of the request; raises MediaTypeError, and InvalidParametersError that names each wrong field."""
    if request.mimetype != "application/json":
        raise MediaTypeError("Send JSON, and say so: Content-Type: application/json.")
    try:
        return model.model_validate_json(request.get_data(), strict=True)
    except ValidationError as error:
        raise InvalidParametersError(*map(fault, error.errors(include_url=False, include_input=False))) from error
