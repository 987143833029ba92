from __future__ import annotations

import re
import smtplib
import ssl
import time
from enum import StrEnum

from channels.email.settings import EmailSettings

_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_TAKEN = (250, 251)
_GO_AHEAD = (354,)
_CLOSING = 421
_NOT_OFFERED = 504
_BROKEN = (OSError, smtplib.SMTPServerDisconnected)


class Phase(StrEnum):
    """How far a message got on its way to the server."""

    LINE = "connecting"
    SENDER = "sender"
    RECIPIENT = "recipient"
    MESSAGE = "message"


class SmtpRefusedError(Exception):
    """The server said no: at which phase, with its code and, where it gave one, its enhanced code (RFC 3463).

    The server's own sentence is not kept: it may repeat the address.
    """

    def __init__(self, phase: Phase, code: int, answer: bytes) -> None:
        enhanced = _ENHANCED.match(answer)
        self.phase = phase
        self.code = code
        self.enhanced = enhanced[0].decode() if enhanced else ""
        super().__init__(f"SMTP {code} {self.enhanced}".rstrip() + f", {phase}")


class CutOffError(Exception):
    """The line broke. `is_unsent`: the server certainly does not have the whole message."""

    def __init__(self, error: Exception, *, is_unsent: bool) -> None:
        super().__init__(f"the SMTP line broke: {type(error).__name__}")
        self.is_unsent = is_unsent


class Line:
    """One kept connection to the SMTP server, opened when it is first needed; used by one thread at a time."""

    def __init__(self, settings: EmailSettings, context: ssl.SSLContext) -> None:
        self._settings = settings
        self._context = context
        self._smtp: smtplib.SMTP | None = None
        self._rests_since = 0.0

    def send(self, recipient: str, message: bytes) -> None:
        """Hand one message over and return once the server has taken it.

        Raises SmtpRefusedError if it will not, CutOffError if the line broke.
        """
        try:
            smtp = self._begin(recipient)
        except _BROKEN as error:
            self._drop()
            raise CutOffError(error, is_unsent=True) from error
        self._finish(smtp, message)
        self._rests_since = time.monotonic()

    def greet(self) -> None:
        """Open the line and sign in, and send nothing. Raises as `send` does."""
        try:
            if self._smtp is None:
                self._open()
        except _BROKEN as error:
            self._drop()
            raise CutOffError(error, is_unsent=True) from error

    def _begin(self, recipient: str) -> smtplib.SMTP:
        """Say who writes to whom. A kept connection that turns out closed is opened anew: nothing was sent yet."""
        self._wake()
        was_kept = self._smtp is not None
        try:
            return self._envelope(recipient)
        except _BROKEN:
            self._drop()
            if not was_kept:
                raise
        except SmtpRefusedError as refused:
            if not was_kept or refused.code != _CLOSING:
                raise
        return self._envelope(recipient)

    def _wake(self) -> None:
        if self._smtp is None or time.monotonic() - self._rests_since < self._settings.fresh_s:
            return
        try:
            code, _ = self._smtp.noop()
        except _BROKEN:
            code = _CLOSING
        if code not in _TAKEN:
            self._drop()

    def _envelope(self, recipient: str) -> smtplib.SMTP:
        smtp = self._smtp or self._open()
        self._demand(Phase.SENDER, _TAKEN, smtp.mail(self._settings.from_address))
        self._demand(Phase.RECIPIENT, _TAKEN, smtp.rcpt(recipient))
        self._demand(Phase.MESSAGE, _GO_AHEAD, smtp.docmd("DATA"))
        return smtp

    def _finish(self, smtp: smtplib.SMTP, message: bytes) -> None:
        is_unsent = True  # without the closing dot the server has nothing
        try:
            smtp.send(_LEADING_DOT.sub(b"..", message) + b".\r\n")
            is_unsent = False
            answer = smtp.getreply()
        except (*_BROKEN, smtplib.SMTPResponseException) as error:
            self._drop()
            raise CutOffError(error, is_unsent=is_unsent) from error
        self._demand(Phase.MESSAGE, _TAKEN, answer)

    def _demand(self, phase: Phase, wanted: tuple[int, ...], answered: tuple[int, bytes]) -> None:
        code, answer = answered
        if code in wanted:
            return
        if code == _CLOSING:
            self._drop()
        else:
            self._start_over()
        raise SmtpRefusedError(phase, code, answer)

    def _start_over(self) -> None:
        """Forget the message that was refused; on a line that will not even do that, hang up."""
        try:
            code, _ = self._smtp.rset() if self._smtp else (_CLOSING, b"")
        except _BROKEN:
            code = _CLOSING
        if code not in _TAKEN:
            self._drop()

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        try:
            if settings.security == "tls":
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    settings.host, settings.port, settings.domain, timeout=settings.timeout_s, context=self._context
                )
            else:
                smtp = smtplib.SMTP(settings.host, settings.port, settings.domain, timeout=settings.timeout_s)
            self._smtp = smtp
            if settings.security == "starttls":
                smtp.starttls(context=self._context)
            smtp.ehlo_or_helo_if_needed()
            if settings.username:
                smtp.login(settings.username, settings.password)
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise SmtpRefusedError(Phase.LINE, error.smtp_code, b"") from error
        except smtplib.SMTPNotSupportedError as error:
            self._drop()
            raise SmtpRefusedError(Phase.LINE, _NOT_OFFERED, b"") from error
        return smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def close(self) -> None:
        """Take leave of the server."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (*_BROKEN, smtplib.SMTPResponseException):
                self._drop()
            self._smtp = None
