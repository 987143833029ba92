from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from email import policy
from email.message import Message, MIMEPart

from channels.model import Attachment

_LONGEST_LINE = 998
_PLAIN_HEADER = 60
_WORD_BYTES = 45
_BASE64_BYTES = 57
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEWLINE = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class Part:
    """A body ready for the wire, with its transfer encoding; lines end in CRLF, the last one too."""

    encoding: str
    body: bytes


def tidy(text: str) -> str:
    """Return text with one kind of line end and without the control characters that no mail may hold."""
    return _UNFIT.sub("", _NEWLINE.sub("\n", text))


def one_line(text: str) -> str:
    """Return text fit for a header: on one line, so that nothing in it can begin another, and of whole characters."""
    return " ".join(_UNFIT.sub("", text).split()).encode("utf-8", "replace").decode()


def unstructured(text: str) -> str:
    """Return a header's text, encoded (RFC 2047) where it must be and folded so that no line is too long."""
    line = one_line(text)
    if line.isascii() and len(line) <= _PLAIN_HEADER and "=?" not in line:
        return line
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in _words(line))


def _words(line: str) -> list[bytes]:
    """Cut text into pieces of bytes that fit one encoded word each and never split a character."""
    words, word = [], b""
    for sign in line:
        coded = sign.encode()
        if len(word) + len(coded) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += coded
    return [*words, word]


def encoded(text: str) -> Part:
    """Encode a text part as plainly as it allows: 7bit, else quoted-printable, else (mostly not Latin) base64."""
    data = text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace")
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    if data.isascii() and max(map(len, data.split(b"\r\n"))) <= _LONGEST_LINE:
        return Part("7bit", data)
    foreign = len(data) - len(data.decode("ascii", "ignore"))
    if foreign * 6 <= len(data):
        return Part("quoted-printable", _quoted_printable(data))
    return Part("base64", _base64(data))


def _quoted_printable(data: bytes) -> bytes:
    quoted = binascii.b2a_qp(data)
    return quoted if quoted.endswith(b"\r\n") else quoted + b"\r\n"


def _base64(data: bytes) -> bytes:
    pieces = (data[at : at + _BASE64_BYTES] for at in range(0, len(data), _BASE64_BYTES))
    return b"\r\n".join(binascii.b2a_base64(piece, newline=False) for piece in pieces) + b"\r\n"


def is_invitation(attachment: Attachment) -> bool:
    """Tell whether an attachment is a calendar's request, which mail programs show instead of listing it."""
    kind, parameters = _kind(attachment.mime)
    return kind == "text/calendar" and "method" in parameters


def invitation(attachment: Attachment) -> bytes:
    """Return an invitation as the part that stands beside the text: how Outlook and Google find it."""
    method = re.sub(r"[^A-Z]", "", _kind(attachment.mime)[1]["method"].upper())
    part = encoded(tidy(attachment.content))
    head = (
        f'Content-Type: text/calendar; charset="utf-8"; method={method}\r\nContent-Transfer-Encoding: {part.encoding}'
    )
    return head.encode() + b"\r\n\r\n" + part.body


def attached(attachment: Attachment) -> bytes:
    """Return an attachment as a part of its own, name and all."""
    kind, parameters = _kind(attachment.mime)
    if kind == "text/calendar":
        kind = "application/ics"
    maintype, _, subtype = kind.partition("/")
    parameters = {"charset": "utf-8"} if maintype == "text" else {}
    part = MIMEPart(policy=policy.SMTP)
    name = one_line(attachment.name).replace("/", "-").replace("\\", "-") or "attachment"
    content = _NEWLINE.sub("\r\n", attachment.content).encode("utf-8", "replace")
    part.set_content(content, maintype, subtype, disposition="attachment", filename=name, params=parameters)
    return part.as_bytes()


def _kind(mime: str) -> tuple[str, dict[str, str]]:
    message = Message()
    message["Content-Type"] = one_line(mime)
    parameters = {name.lower(): str(value) for name, value in (message.get_params() or [])[1:]}
    return message.get_content_type(), parameters
