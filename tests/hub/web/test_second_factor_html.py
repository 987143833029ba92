"""The HTML of every page of second factors and single sign-on is as the standard has it."""

from __future__ import annotations

from dataclasses import replace

from pydantic import SecretStr

import people.web
from hub.identity_providers import IdentityProvider
from hub.web.app import create_app
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.browser.walk import html_faults
from tests.hub.web.factor_walk import APP, ASK, codes_on, enrol, secret_on, send
from tests.hub.web.village import Village, client_of
from tests.signed_in import let_in

PROVIDER = IdentityProvider(
    name="council", issuer="http://localhost:9", client_id="hub", client_secret=SecretStr("secret")
)


def test_every_page_is_valid(ground: Ground, site: Site, village: Village, clock: FixedClock) -> None:
    told = replace(site, second_factor=True, pages=(people.web.blueprint(),), identity_providers=(PROVIDER,))
    app = create_app(replace(ground, base_url="https://hub.example.org"), told)
    new, old, weak = client_of(app, village.duty_officer), client_of(app, village.administrator), app.test_client()
    sent = {
        path: new.get(path).get_data(as_text=True)
        for path in ("/second-factor/begin", "/account/second-factor", APP, "/account/passkeys/new")
    }
    sent["wrong code"] = send(new, APP, code="1").get_data(as_text=True)
    sent["wrong passkey"] = send(new, "/account/passkeys/new", answer="{}").get_data(as_text=True)
    assert secret_on(old)
    enrol(old, clock)
    paths = ("/account/second-factor", APP, f"{APP}/remove", "/account/second-factor/recovery-codes")
    sent |= {f"{path} with an app": old.get(path).get_data(as_text=True) for path in paths}
    codes = send(old, "/account/second-factor/recovery-codes")
    assert codes_on(codes)
    sent["codes"] = codes.get_data(as_text=True)
    let_in(weak, village.administrator, is_strong=False)
    sent |= {path: weak.get(path).get_data(as_text=True) for path in (ASK, f"{ASK}/recovery-code")}
    sent["wrong recovery code"] = send(weak, f"{ASK}/recovery-code", code="1").get_data(as_text=True)
    for person in (village.duty_officer, village.administrator):
        path = f"/people/{person}/second-factor/reset"
        sent[path] = old.get(path).get_data(as_text=True)
    for path in ("/sign-in", "/sign-in/with/council", "/sign-in/with/council/back", "/signed-out/council"):
        sent[path] = app.test_client().get(path).get_data(as_text=True)
    assert all(page.count("<h1") == 1 for page in sent.values())
    assert html_faults(sent) == []
