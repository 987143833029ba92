from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import InvalidInputError

LARGEST_UNPACKED = 60_000_000
MOST_MEMBERS = 2_000
_LONGEST_NAME = 100
_PIECE = 1 << 16
_ZIP = b"PK\x03\x04"
_ENCRYPTED = 0x1
_LINK = 0xA
_UNFIT = re.compile(r"[^\w .()\[\]&+,'-]")
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class FileKind(StrEnum):
    """What a file is, by its content; the value is how its name ends."""

    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"


_BEGINS = ((FileKind.PDF, b"%PDF-"), (FileKind.PNG, b"\x89PNG\r\n\x1a\n"), (FileKind.JPEG, b"\xff\xd8\xff"))
_HOLDS = ((FileKind.XLSX, "xl/workbook.xml"), (FileKind.DOCX, "word/document.xml"))
_OTHER_ENDINGS = {"jpeg": FileKind.JPEG, "txt": FileKind.CSV}


@dataclass(frozen=True)
class CheckedFile:
    """A file that was let in: a name fit to be shown and saved under, what it is, and its content."""

    name: str
    kind: FileKind
    content: bytes


def check_upload(name: str, content: bytes, kinds: Collection[FileKind], *, most_bytes: int) -> CheckedFile:
    """Let a file in that is one of `kinds` by its content as well as by its name, and not too large.

    Raises InvalidInputError("file") otherwise. Nothing is unpacked to disk and nothing in the file is followed.
    """
    if not content:
        raise InvalidInputError("file", "The file is empty.")
    if len(content) > most_bytes:
        raise InvalidInputError("file", "The file is larger than {most} MB.", most=most_bytes // 1_000_000)
    kind = kind_of(content)
    wanted = ", ".join(sorted(each.value.upper() for each in kinds))
    if kind is None or kind not in kinds:
        raise InvalidInputError("file", "This kind of file is not taken here. Choose one of: {kinds}.", kinds=wanted)
    clean = clean_name(name)
    if kind_of_name(clean) is not kind:
        raise InvalidInputError("file", "The file is not what its name says. Save it again as .{kind}.", kind=kind)
    return CheckedFile(clean, kind, content)


def kind_of(content: bytes) -> FileKind | None:
    """Return what a file is by its first bytes, or by the parts of an Office file; None for anything else.

    Raises InvalidInputError("file") for an Office file that check_package refuses.
    """
    for kind, begins in _BEGINS:
        if content.startswith(begins):
            return kind
    if content.startswith(_ZIP):
        parts = check_package(content)
        return next((kind for kind, part in _HOLDS if part in parts), None)
    return FileKind.CSV if _is_text(content) else None


def kind_of_name(name: str) -> FileKind | None:
    """Return what a file's name says that it is."""
    ending = name.rpartition(".")[2].lower()
    return _OTHER_ENDINGS.get(ending) or next((kind for kind in FileKind if kind == ending), None)


def check_package(
    content: bytes, *, most_unpacked: int = LARGEST_UNPACKED, most_members: int = MOST_MEMBERS
) -> frozenset[str]:
    """Return the names of a zip's parts, after unpacking it once into nothing: its own figures may lie.

    Raises InvalidInputError("file") where it is broken, locked, holds macros, links or names that lead elsewhere, has
    too many parts or unpacks to more than `most_unpacked` bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            if len(members) > most_members or sum(each.file_size for each in members) > most_unpacked:
                raise _too_much(most_unpacked)
            if any(_is_unfit(each) for each in members):
                raise InvalidInputError("file", "The file is locked or holds macros or links. Save it without them.")
            left = most_unpacked
            for member in members:
                left -= _unpacked_size(packed, member, left)
                if left < 0:
                    raise _too_much(most_unpacked)
            return frozenset(each.filename for each in members)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise InvalidInputError("file", "The file cannot be read as a spreadsheet or document.") from error


def _is_unfit(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    leads_elsewhere = name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name
    is_link = (member.external_attr >> 28) == _LINK
    has_macros = name.lower().endswith("vbaproject.bin")
    return leads_elsewhere or is_link or has_macros or bool(member.flag_bits & _ENCRYPTED)


def _too_much(most_unpacked: int) -> InvalidInputError:
    most = most_unpacked // 1_000_000
    return InvalidInputError("file", "The file unpacks to more than {most} MB. Divide it into smaller ones.", most=most)


def _unpacked_size(packed: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> int:
    """Return how much a part unpacks to, or a little more than `most` once it is above."""
    size = 0
    with packed.open(member) as part:
        while size <= most and (piece := part.read(_PIECE)):
            size += len(piece)
    return size


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _CONTROL.search(text) is None and not _is_markup(text)
    return False


def _is_markup(text: str) -> bool:
    """Tell whether a browser that guesses would take it for a page."""
    return text.lstrip().lower().startswith(("<!doctype", "<html", "<svg", "<?xml", "<script"))


def clean_name(name: str) -> str:
    """Return a file's name without its path, without signs that steer a terminal, a page or a line's direction."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    plain = _SPACES.sub(" ", _UNFIT.sub("_", visible)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:_LONGEST_NAME] or "file"
    return f"{stem[: _LONGEST_NAME - len(ending) - 1].strip(' .') or 'file'}.{ending}"[:_LONGEST_NAME]
