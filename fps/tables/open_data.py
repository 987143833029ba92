from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base


class _SchoolColumns:
    """What is kept of a school; docs/register.md lists from which columns of GIAS."""

    urn: Mapped[str] = mapped_column(String(6), primary_key=True)
    ukprn: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(Text)
    la_gss: Mapped[str] = mapped_column(String(9))
    la_code: Mapped[str] = mapped_column(String(3))
    la_name: Mapped[str] = mapped_column(Text)
    previous_la_code: Mapped[str] = mapped_column(String(3))
    number: Mapped[str] = mapped_column(String(4))
    type_code: Mapped[str] = mapped_column(String(3))
    type_name: Mapped[str] = mapped_column(Text)
    status_code: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    closed_why: Mapped[str] = mapped_column(Text)
    phase: Mapped[str] = mapped_column(Text)
    age_from: Mapped[int | None] = mapped_column(SmallInteger)
    age_to: Mapped[int | None] = mapped_column(SmallInteger)
    boarders: Mapped[str] = mapped_column(Text)
    boarding: Mapped[str] = mapped_column(Text)
    gender: Mapped[str] = mapped_column(Text)
    capacity: Mapped[int | None]
    pupils: Mapped[int | None]
    section41: Mapped[str] = mapped_column(Text)
    sen: Mapped[str] = mapped_column(Text)
    inspectorate: Mapped[str] = mapped_column(Text)
    street: Mapped[str] = mapped_column(Text)
    town: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str] = mapped_column(String(8))
    district: Mapped[str] = mapped_column(String(4))
    district_code: Mapped[str] = mapped_column(String(9))
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    website: Mapped[str] = mapped_column(Text)
    childrens_home: Mapped[str] = mapped_column(Text)
    changed_on: Mapped[date | None] = mapped_column(Date)


class SchoolRow(_SchoolColumns, Base):
    """A school as the newest extract of GIAS has it; `left_on` is the day of the first extract without it."""

    __tablename__ = "fps_schools"

    left_on: Mapped[date | None] = mapped_column(Date)


class StagedSchoolRow(_SchoolColumns, Base):
    """A school of a file that was read and is not taken over yet."""

    __tablename__ = "fps_staged_schools"

    import_id: Mapped[str] = mapped_column(String(26), primary_key=True, sort_order=-1)


class _LinkColumns:
    urn: Mapped[str] = mapped_column(String(6), primary_key=True)
    link_urn: Mapped[str] = mapped_column(String(6), primary_key=True)
    link_type: Mapped[str] = mapped_column(String(100), primary_key=True)
    link_name: Mapped[str] = mapped_column(Text)
    established_on: Mapped[date | None] = mapped_column(Date)


class SchoolLinkRow(_LinkColumns, Base):
    """A school's predecessor, successor or other relation, as GIAS has it."""

    __tablename__ = "fps_school_links"


class StagedLinkRow(_LinkColumns, Base):
    """A link of a file that was read and is not taken over yet."""

    __tablename__ = "fps_staged_links"

    import_id: Mapped[str] = mapped_column(String(26), primary_key=True, sort_order=-1)


class _JudgementColumns:
    """What a file says of an inspection. `part` tells several of a kind apart by their inspection numbers.

    `grades` is JSON as text, keys in order, so that two of them can be compared in the database.
    """

    urn: Mapped[str] = mapped_column(String(6), primary_key=True)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    inspection: Mapped[str] = mapped_column(String(20))
    inspected_on: Mapped[date | None] = mapped_column(Date)
    published_on: Mapped[date | None] = mapped_column(Date)
    grades: Mapped[str] = mapped_column(Text)


class JudgementRow(_JudgementColumns, Base):
    """What the newest file of its source says of an inspection."""

    __tablename__ = "fps_judgements"

    as_at: Mapped[date | None] = mapped_column(Date)


class StagedJudgementRow(_JudgementColumns, Base):
    """What a file that was read says, and that is not taken over yet."""

    __tablename__ = "fps_staged_judgements"

    import_id: Mapped[str] = mapped_column(String(26), primary_key=True, sort_order=-1)


class PlaceRow(Base):
    """The middle of a postcode district, reckoned from the schools in it."""

    __tablename__ = "fps_places"

    district: Mapped[str] = mapped_column(String(4), primary_key=True)
    easting: Mapped[int]
    northing: Mapped[int]
    schools: Mapped[int]


class OpenDataImportRow(Base):
    """A file that was handed in, how far it has come and what it would change or has changed."""

    __tablename__ = "fps_open_data_imports"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    source: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(100))
    file_bytes: Mapped[int] = mapped_column(BigInteger)
    as_at: Mapped[date | None] = mapped_column(Date)
    is_forced: Mapped[bool]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    read_rows: Mapped[int]
    read_bytes: Mapped[int] = mapped_column(BigInteger)
    counts: Mapped[dict[str, Any]]
    faults: Mapped[list[Any]]
    fault_count: Mapped[int]
    notes: Mapped[list[Any]]

    __table_args__ = (Index("ix_fps_open_data_imports_created_at", "created_at"),)


class OpenDataPieceRow(Base):
    """A piece of an uploaded file, until the worker has read it."""

    __tablename__ = "fps_open_data_pieces"

    import_id: Mapped[str] = mapped_column(ForeignKey("fps_open_data_imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class OpenDataChangeRow(Base):
    """A line of an import's report. One of a setting on the register waits until somebody has dealt with it."""

    __tablename__ = "fps_open_data_changes"

    import_id: Mapped[str] = mapped_column(ForeignKey("fps_open_data_imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(12))
    urn: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(Text)
    la_gss: Mapped[str] = mapped_column(String(9))
    details: Mapped[list[Any]]
    setting_id: Mapped[str | None] = mapped_column(ForeignKey("fps_settings.id"))
    recorded_at: Mapped[datetime]
    dealt_at: Mapped[datetime | None]
    dealt_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))

    __table_args__ = (Index("ix_fps_open_data_changes_setting_id", "setting_id"),)
