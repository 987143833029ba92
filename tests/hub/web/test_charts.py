from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True)
class Mark:
    name: str
    value: int
    text: str


@dataclass(frozen=True)
class Row:
    label: str
    marks: tuple[Mark, ...]
    note: str


COLUMNS = ["Low", "Middle", "High", "Never"]
LONE = Row("Transport", (), "Too few to show")
WHOLE = Row("Place", (Mark("Low", 50, "£50"), Mark("Middle", 75, "£75"), Mark("High", 100, "£100")), "10 to 19")


def _drawn(app: Flask, *rows: Row) -> str:
    with app.test_request_context():
        macro = app.jinja_env.get_template("macros/charts.html").module.spread  # type: ignore[attr-defined] # a macro's
        return str(macro("k", "Prices", "Lot 1", rows, COLUMNS))


def test_a_chart_is_drawn_by_attributes_alone_and_named(app: Flask) -> None:
    page = _drawn(app, WHOLE, LONE)
    assert 'role="img" aria-labelledby="k-title k-text"' in page
    assert "<title" in page
    assert "style" not in page
    assert "<script" not in page
    assert re.search(r'<circle class="hub-chart__middle" cx="293.0"', page), "three quarters of the way from nought"
    assert page.count("hub-chart__mark") == 2
    assert "Transport" not in page.split("</svg>")[0], "what has no figures is not drawn"


def test_its_table_says_the_same_and_why_something_is_missing(app: Flask) -> None:
    table = _drawn(app, WHOLE, LONE).split("</svg>")[1]
    for words in ("£50", "£75", "£100", "10 to 19", "Too few to show", "Transport"):
        assert words in table
    assert table.count("Not shown") == 3
    assert "Never" not in table


def test_one_figure_alone_is_not_drawn(app: Flask) -> None:
    page = _drawn(app, Row("Place", (Mark("Middle", 75, "£75"),), "5 to 9"))
    assert "<svg" not in page
    assert "£75" in page


def test_figures_that_are_all_nought_stand_where_the_scale_begins(app: Flask) -> None:
    marks = (Mark("Low", 0, "0 seconds"), Mark("Middle", 0, "0 seconds"), Mark("High", 0, "0 seconds"))
    page = _drawn(app, Row("Email", marks, "3 of 3"))
    assert re.search(r'<circle class="hub-chart__middle" cx="14(\.0)?"', page)
