from __future__ import annotations

import pytest
from flask import Flask

from people.web.paging import Page, page_asked, page_of


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/things", "things", lambda: "")
    app.add_url_rule("/shelf/<name>", "shelf", lambda name: name)
    return app


def _shown(page: Page) -> list[object]:
    items = page.links()["items"]
    assert isinstance(items, list)
    return ["…" if "ellipsis" in item else (item["number"], item["current"]) for item in items]


def test_a_list_of_one_page_has_no_way_on(app: Flask) -> None:
    with app.test_request_context("/things"):
        links = page_of(25, 25).links()
    assert set(links) == {"items"}


def test_shows_the_ends_and_what_is_near(app: Flask) -> None:
    with app.test_request_context("/things?page=6"):
        shown = _shown(page_of(300, 25))
    assert shown == [(1, False), "…", (5, False), (6, True), (7, False), "…", (12, False)]


def test_leaves_out_no_single_page(app: Flask) -> None:
    with app.test_request_context("/things?page=4"):
        assert _shown(page_of(125, 25)) == [(1, False), (2, False), (3, False), (4, True), (5, False)]


def test_links_keep_the_filters(app: Flask) -> None:
    with app.test_request_context("/shelf/a?q=two+words&of=1&of=2&page=2"):
        links = page_of(100, 25).links()
    assert links["previous"] == {"href": "/shelf/a?q=two+words&of=1&of=2"}
    assert links["next"] == {"href": "/shelf/a?q=two+words&of=1&of=2&page=3"}


@pytest.mark.parametrize("written", ["", "0", "-3", "x", "1.5", "٣x", "99999999999999999999"])
def test_any_page_number_can_be_asked_for(app: Flask, written: str) -> None:
    with app.test_request_context("/things", query_string={"page": written}):
        assert 1 <= page_asked() <= 100_000
        assert page_of(30, 25).number in (1, 2)


def test_a_page_past_the_end_is_the_last() -> None:
    page = Page(9, 25, 60)
    assert (page.number, page.offset, page.first_row, page.last_row) == (3, 50, 51, 60)
    assert (Page(1, 25, 0).last, Page(1, 25, 0).first_row, Page(1, 25, 0).last_row) == (1, 0, 0)
