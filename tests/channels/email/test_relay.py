"""The program that docs/channels.md gives for posting mail to the hub does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

from channels.email.webhook import EmailWebhook
from channels.inbox.accept import Inbox
from kernel.clock import SystemClock
from kernel.work import Ground
from tests.channels.email.smtp_world import PARENT, settings
from tests.conftest import ROOT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing."""


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/webhooks/email"
        server.shutdown()
        thread.join()


def test_the_program_in_the_docs_posts_mail(ground: Ground, tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/channels.md").read_text(), re.DOTALL)
    (tmp_path / "mail-to-hub").write_text(program)
    (tmp_path / "secret").write_text("a secret\n")
    counted: Counter[str] = Counter()
    told = settings(webhook_secrets=("a secret",))
    now = Ground(ground.database, SystemClock(), ground.bell, ground.keys, ground.base_url, ground.translations)
    inbox = Inbox(now)

    def post(address: str, mail: str, held_in: str = "secret") -> int:
        order = [sys.executable, str(tmp_path / "mail-to-hub"), address, str(tmp_path / held_in)]
        return subprocess.run(order, input=mail.encode(), check=False).returncode  # noqa: S603 - the docs' own program

    with serving(EmailWebhook(told, inbox, now, lambda how: counted.update([how]))) as address:
        assert post(address, f"From: {PARENT}\n\nYes żółw") == 0
        assert post(address, "Subject: nobody\n\nx") == 65
        (tmp_path / "other").write_text("another secret")
        assert post(address, f"From: {PARENT}\n\nYes", "other") == 75
    assert post(address, f"From: {PARENT}\n\nYes") == 75
    inbox.close()
    assert counted == {"accepted": 1, "malformed": 1, "forged": 1}
