from __future__ import annotations

from flask import Flask, render_template, url_for
from jinja2 import DictLoader

from tests.services.apps import CompiledRule, CompiledTemplates


def app_with(text: str, *, trimmed: bool, rule: str, defaults: dict[str, str] | None = None) -> Flask:
    app = Flask("shared")
    app.jinja_loader = DictLoader({"page.html": text})
    app.jinja_env.trim_blocks = trimmed
    app.add_url_rule(rule, endpoint="page", view_func=lambda **_: "", defaults=defaults)
    return app


def shown(app: Flask) -> str:
    with app.test_request_context():
        return render_template("page.html", name="Alder")


def address(app: Flask) -> str:
    with app.test_request_context():
        return url_for("page", name="Alder & Co", extra=1)


def test_every_application_of_a_test_run_shares() -> None:
    assert Flask.url_rule_class is CompiledRule
    assert isinstance(Flask.jinja_options["bytecode_cache"], CompiledTemplates)


def test_one_name_with_two_contents_or_two_ways_of_compiling_is_never_mixed_up() -> None:
    text = "{% if name %}\n<{{ name }}>{% endif %}"
    first = app_with(text, trimmed=True, rule="/a")
    assert shown(first) == shown(app_with(text, trimmed=True, rule="/a")) == "<Alder>"
    assert shown(app_with(text, trimmed=False, rule="/a")) == "\n<Alder>"
    assert shown(app_with("{{ name }}!", trimmed=True, rule="/a")) == "Alder!"
    assert shown(first) == "<Alder>"


def test_addresses_are_written_as_each_rule_says() -> None:
    def of(rule: str, **defaults: str) -> str:
        return address(app_with("", trimmed=True, rule=rule, defaults=defaults or None))

    assert of("/a/<name>") == of("/a/<name>") == "/a/Alder%20&%20Co?extra=1"
    assert of("/b/<name>") == "/b/Alder%20&%20Co?extra=1"
    assert of("/a/<name>", kind="x") == "/a/Alder%20&%20Co?extra=1"
    assert of("/<path:name>") == "/Alder%20&%20Co?extra=1"
