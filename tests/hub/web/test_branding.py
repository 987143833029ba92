from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from hub.web.app import create_app
from hub.web.branding import Branding, checked_colour, contrast_with_white
from hub.web.site import Site
from kernel.errors import InvalidInputError
from kernel.work import Ground
from tests.hub.web.village import Village, client_of


def test_contrast_is_that_of_wcag() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("written", ["#0b5a55", "0B5A55", " #0B5A55 "])
def test_a_colour_may_be_written_in_several_ways(written: str) -> None:
    assert checked_colour(written) == "#0b5a55"


@pytest.mark.parametrize("written", ["", "teal", "#fff", "#0b5a5", "#0b5a55;}", "#777777", "#ffdd00", "#0b5a5g"])
def test_what_is_no_colour_or_too_pale_is_refused(written: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_colour(written)
    assert refused.value.field == "colour"


def test_the_colour_comes_as_a_style_sheet_that_browsers_keep(app: Flask) -> None:
    page = client_of(app).get("/").get_data(as_text=True)
    assert '<link rel="stylesheet" href="/branding/0b5a55.css">' in page
    assert "<style" not in page
    answer = client_of(app).get("/branding/0b5a55.css")
    assert answer.mimetype == "text/css"
    assert "#0b5a55" in answer.get_data(as_text=True)
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("colour", ["ffffff", "red", "0b5a55}body{color", "0B5A55", "777777"])
def test_no_other_style_can_be_asked_for(app: Flask, colour: str) -> None:
    assert client_of(app).get(f"/branding/{colour}.css").status_code == 404


def test_settings_and_a_councils_own_branding(ground: Ground, site: Site, village: Village) -> None:
    told = Branding("The Hub", "#1d3557", "Northern councils")
    own = Branding("Together", "#5a0b3f", "Seaborough")
    app = create_app(
        ground,
        replace(site, branding=told, own_branding=lambda _session, place: own if place == village.council else None),
    )
    visitor = client_of(app).get("/").get_data(as_text=True)
    officer = client_of(app, village.duty_officer).get("/").get_data(as_text=True)
    provider = client_of(app, village.provider_user).get("/").get_data(as_text=True)
    assert ("The Hub" in visitor, "Northern councils" in visitor, "1d3557.css" in visitor) == (True, True, True)
    assert ("Together" in officer, "Seaborough" in officer, "5a0b3f.css" in officer) == (True, True, True)
    assert "The Hub" in provider
    assert 'content="#5a0b3f"' in officer
