from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, LifoQueue

from channels.adapter import Pace
from channels.crew import Crew, ThreadCrew
from channels.email.compose import Composer, UnsendableError, wire_address
from channels.email.line import CutOffError, Line, Phase, SmtpRefusedError
from channels.email.settings import EmailSettings
from channels.email.status import is_dead
from channels.model import Channel, Outcome, OutcomeKind, PastAttempt, Post, Settled
from kernel.clock import Clock

_PERMANENT = 500
_AUTH_CODES = (530, 534, 535, 538)
_POLICY = "5.7."
_PAUSE_FOR_OPERATOR_S = 300
_PAUSE_WHEN_CUT_OFF_S = 30


class _Lines:
    """The kept connections of one crew; whoever sends borrows the one used last."""

    def __init__(self, settings: EmailSettings, context: ssl.SSLContext) -> None:
        self._settings = settings
        self._context = context
        self._resting: LifoQueue[Line] = LifoQueue()

    @contextmanager
    def borrow(self) -> Iterator[Line]:
        """Lend a connection."""
        try:
            line = self._resting.get_nowait()
        except Empty:
            line = Line(self._settings, self._context)
        try:
            yield line
        finally:
            self._resting.put(line)

    def close(self) -> None:
        """Take leave of the server on each."""
        while not self._resting.empty():
            self._resting.get_nowait().close()


class _SmtpCrew(ThreadCrew):
    """Threads with connections of their own, which go when the crew goes."""

    def __init__(self, adapter: SmtpAdapter, lines: _Lines, width: int) -> None:
        super().__init__(lambda post: adapter.hand_over_on(lines, post), width, "smtp")
        self._lines = lines

    def close(self) -> None:
        """Wait for what is under way, then close the connections."""
        super().close()
        self._lines.close()


class SmtpAdapter:
    """Email through an SMTP server over kept connections."""

    channel = Channel.EMAIL
    provider = "smtp"

    def __init__(self, settings: EmailSettings, clock: Clock) -> None:
        self.pace: Pace | None = settings.pace
        self._settings = settings
        self._clock = clock
        self._composer = Composer(settings)
        self._context = ssl.create_default_context()

    def crew(self) -> Crew:
        """Return threads, each with a connection that it keeps."""
        return _SmtpCrew(self, _Lines(self._settings, self._context), self._settings.connections)

    def hand_over(self, post: Post) -> Outcome:
        """Hand one message over, on a connection for it alone."""
        lines = _Lines(self._settings, self._context)
        try:
            return self.hand_over_on(lines, post)
        finally:
            lines.close()

    def hand_over_on(self, lines: _Lines, post: Post) -> Outcome:
        """Hand one message over on a kept connection; its Message-ID is made of the attempt's id."""
        try:
            recipient = wire_address(post.address)
            message = self._composer.compose(post, recipient, self._clock.now())
            with lines.borrow() as line:
                line.send(recipient, message)
        except UnsendableError as error:
            return Outcome(OutcomeKind.FAILED, detail=error.words)
        except SmtpRefusedError as refused:
            return _refusal(refused)
        except CutOffError as cut:
            if cut.is_unsent:
                return Outcome(OutcomeKind.RETRY, detail=str(cut), pause_s=_PAUSE_WHEN_CUT_OFF_S)
            return Outcome(OutcomeKind.UNKNOWN, detail=str(cut))
        return Outcome(OutcomeKind.SENT, self._composer.message_id(post.attempt_id))

    def settle(self, attempts: Sequence[PastAttempt]) -> dict[str, Settled]:  # noqa: ARG002 - SMTP has nobody to ask
        """Settle nothing: an SMTP server keeps no list that one could ask, so the message's own policy decides."""
        return {}


def _refusal(refused: SmtpRefusedError) -> Outcome:
    """Read a refusal: a bad recipient or message is final, everything else is for the operator or for later."""
    detail = str(refused)
    is_final = refused.code >= _PERMANENT
    if is_final and (refused.code in _AUTH_CODES or refused.phase in (Phase.LINE, Phase.SENDER)):
        return Outcome(OutcomeKind.RETRY, detail=f"operator: {detail}", pause_s=_PAUSE_FOR_OPERATOR_S)
    if refused.phase is Phase.LINE:
        return Outcome(OutcomeKind.RETRY, detail=detail, pause_s=_PAUSE_WHEN_CUT_OFF_S)
    if not is_final or (refused.phase is Phase.RECIPIENT and refused.enhanced.startswith(_POLICY)):
        return Outcome(OutcomeKind.RETRY, detail=detail)
    dead = refused.phase is Phase.RECIPIENT and is_dead(refused.enhanced)
    return Outcome(OutcomeKind.FAILED, detail=detail, unreachable=dead)
