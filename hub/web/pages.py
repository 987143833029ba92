from __future__ import annotations

from flask import Blueprint

from hub.web import (
    about,
    account,
    administration,
    api_tokens,
    audit_log,
    authenticator,
    branding,
    come_back,
    councils,
    history,
    home,
    inbox,
    invitations,
    links,
    operations,
    own_passkeys,
    passkeys,
    questions,
    retention,
    rights,
    rights_data,
    rights_person,
    sandbox,
    search,
    second_factor,
    sign_in,
    sso,
    webhooks,
    worries,
    your_rights,
)
from hub.web.api.views import blueprint as api_pages
from hub.web.site import Sandbox, Site


def own_pages(told: Site) -> tuple[Blueprint, ...]:
    """Return the blueprints of the shell's own pages; the sandbox is not even there unless it is switched on."""
    always = (
        home.pages,
        about.pages,
        branding.pages,
        sign_in.pages,
        account.pages,
        come_back.pages,
        sso.pages,
        passkeys.pages,
        second_factor.pages,
        authenticator.pages,
        own_passkeys.pages,
        links.pages,
        invitations.pages,
        inbox.pages,
        search.pages,
        history.pages,
        questions.pages,
        worries.pages,
        operations.pages,
        administration.pages,
        api_tokens.pages,
        webhooks.pages,
        api_pages(),
        councils.pages,
        rights.pages,
        rights_person.pages,
        rights_data.pages,
        your_rights.pages,
        retention.pages,
        audit_log.pages,
    )
    return always if told.sandbox is Sandbox.OFF else (*always, sandbox.blueprint(told.sandbox))
