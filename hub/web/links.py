from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from hub.web.site import site
from kernel.errors import NotFoundError
from kernel.web import ground
from people.queries import grant_purpose
from people.web.guard import public

pages = Blueprint("links", __name__)


@pages.get("/l/<token>")
@public("a link carries its own grant; the page that it leads to opens it")
def follow(token: str) -> Response:
    """Lead a granting link to the page of its purpose. Nothing is spent: previews of messages fetch links too."""
    with ground().read() as session:
        purpose = grant_purpose(session, token)
    endpoint = site().link_pages.get(purpose)
    if endpoint is None:
        raise NotFoundError
    return redirect(url_for(endpoint, token=token), code=303)
