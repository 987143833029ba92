"""The OpenAPI document says what the API does: schemathesis asks all that it allows, and much that it does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import schemathesis
from flask import Flask
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from werkzeug.serving import make_server

from hub.web.api.contract import CREATIONS, OPERATIONS
from hub.web.app import create_app
from hub.web.site import site
from kernel.work import Ground
from tests.fps.world import World
from tests.hub.api.program import Program

EXAMPLES = 15


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """Serve the pages on a port of their own: headers and paths go the whole way."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _config(token: str | None, address: str) -> schemathesis.Config:
    return schemathesis.Config.from_dict(
        {
            "seed": 20261123,
            "base-url": address,
            "headers": {"Authorization": f"Bearer {token}"},
            "workers": 1,
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none", "mode": "all"},
            "phases": {"stateful": {"enabled": False}},
            # whether a year fits an age is more than a schema can say
            "operations": [
                {
                    "include-method": "POST",
                    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "422"]}},
                }
            ],
        }
    )


def _faults(recorder: ScenarioRecorder) -> Iterator[tuple[str, str]]:
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                case = recorder.cases[case_id].value
                yield f"{case.method} {case.path} {case.path_parameters} {case.query}", str(check.failure_info.failure)


def test_schemathesis_finds_nothing(ground: Ground, app: Flask, world: World, reader: Program) -> None:
    """Every check: status codes, content types, headers, schemas, what cannot be, methods, tokens that are missing."""
    with ground.work() as work:
        world.active_setting(work, 1)
    with app.app_context():
        patient = create_app(ground, replace(site(), api_per_minute=1_000_000))
    document = patient.test_client().get("/api/openapi.json").get_json()
    faults, checked, seen = [], set(), 0
    with _served(patient) as address:
        schema = schemathesis.openapi.from_dict(document, config=_config(reader.token, address))
        for event in from_schema(schema).execute():
            assert not isinstance(event, events.FatalError | events.NonFatalError), event
            if isinstance(event, events.ScenarioFinished):
                seen += len(event.recorder.cases)
                checked |= {check.name for checks in event.recorder.checks.values() for check in checks}
                faults += list(_faults(event.recorder))
    assert "\n".join(f"{asked}: {told}" for asked, told in faults) == ""
    assert seen > EXAMPLES * len([*OPERATIONS, *CREATIONS])
    assert {"negative_data_rejection", "positive_data_acceptance", "ignored_auth", "unsupported_method"} <= checked
