from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table

from referrals.rules.agreement import Agreement, Section

_LINE = "_" * 40
_SIGNED = ("Name", "Role", "Signature", "Date")
_STYLE = "Table Grid"


def agreement_as_word(agreement: Agreement) -> bytes:
    """Return the agreement as a Word document, with real headings and tables with header rows."""
    document = Document()
    document.core_properties.title = agreement.title
    document.core_properties.author = ""
    document.core_properties.language = "en-GB"
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(11)
    for edge in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(document.sections[0], edge, Cm(2.2))
    document.add_heading(agreement.title, level=1)
    document.add_paragraph(agreement.subtitle)
    for section in agreement.sections:
        _write(document, section)
    document.add_heading("Signatures", level=2)
    for side in agreement.signatures:
        document.add_heading(side, level=3)
        _pairs(document, [(name, "") for name in _SIGNED])
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _write(document: WordDocument, section: Section) -> None:
    document.add_heading(section.title, level=2)
    if section.rows:
        _pairs(document, section.rows)
    if section.head:
        _table(document, section.head, section.table)
    for sentence in section.sentences:
        document.add_paragraph(_shown(sentence))


def _pairs(document: WordDocument, rows: Sequence[tuple[str, str]]) -> None:
    table = document.add_table(rows=0, cols=2, style=_STYLE)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, _shown(value)
        cells[0].paragraphs[0].runs[0].bold = True
        cells[0].width, cells[1].width = Cm(5.5), Cm(11)
    document.add_paragraph()


def _table(document: WordDocument, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1, cols=len(head), style=_STYLE)
    for cell, name in zip(table.rows[0].cells, head, strict=True):
        cell.text = name
        cell.paragraphs[0].runs[0].bold = True
    _repeat_head(table)
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value.strip("\u00a0")
    document.add_paragraph()


def _repeat_head(table: Table) -> None:
    """Say that the first row is the head: programs read it out with each cell and repeat it on each page."""
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no word for it
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)


def _shown(value: str) -> str:
    return value if value.strip() else _LINE
