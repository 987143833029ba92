from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base


class ProfileRow(Base):
    """What a setting's provider says of it in public, and where it is: eastings and northings in metres."""

    __tablename__ = "fps_profiles"

    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), primary_key=True)
    content: Mapped[dict[str, Any]]
    easting: Mapped[int | None] = mapped_column(Integer)
    northing: Mapped[int | None] = mapped_column(Integer)
    published_at: Mapped[datetime]


class ProfileTermRow(Base):
    """One of the terms by which a published profile is found: `need:asd`, `stay:day`, `stage:ks3`."""

    __tablename__ = "fps_profile_terms"

    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), primary_key=True)
    term: Mapped[str] = mapped_column(String(40), primary_key=True)

    __table_args__ = (Index("ix_fps_profile_terms_term", "term", "setting_id"),)


class ProfileVersionRow(Base):
    """One version of a setting's profile, numbered from 1; its provider's alone until it is published."""

    __tablename__ = "fps_profile_versions"

    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    provider_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    content: Mapped[dict[str, Any]]
    written_by: Mapped[str] = mapped_column(String(26))
    written_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class VacancyRow(Base):
    """Free places of a setting on a lot for an age band, as last told; `places` is empty until then.

    `closed_at` is when the provider took the band away, empty while it offers it.
    """

    __tablename__ = "fps_vacancies"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"))
    lot_id: Mapped[str] = mapped_column(ForeignKey("fps_lots.id"))
    age_from: Mapped[int] = mapped_column(SmallInteger)
    age_to: Mapped[int] = mapped_column(SmallInteger)
    places: Mapped[int | None] = mapped_column(SmallInteger)
    expected_places: Mapped[int | None] = mapped_column(SmallInteger)
    expected_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(200), default="")
    confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("setting_id", "lot_id", "age_from", "age_to"),
        CheckConstraint("0 <= age_from AND age_from <= age_to", name="ages"),
        CheckConstraint("places IS NULL OR places >= 0", name="places"),
    )


class VacancyReportRow(Base):
    """What was told of a vacancy at one time; append-only."""

    __tablename__ = "fps_vacancy_reports"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    setting_id: Mapped[str] = mapped_column(ForeignKey("fps_settings.id"))
    vacancy_id: Mapped[str] = mapped_column(ForeignKey("fps_vacancies.id"))
    at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(String(26))
    channel: Mapped[str] = mapped_column(String(8))
    is_same: Mapped[bool]
    places: Mapped[int] = mapped_column(SmallInteger)
    expected_places: Mapped[int | None] = mapped_column(SmallInteger)
    expected_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index("ix_fps_vacancy_reports_setting", "setting_id", "at"),)


class VacancyAskRow(Base):
    """The question of one month to one contact about the free places of all their settings."""

    __tablename__ = "fps_vacancy_asks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    month: Mapped[date] = mapped_column(Date)
    asked_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("person_id", "month"), Index("ix_fps_vacancy_asks_open", "closed_at", "month"))


class VacancyAskLineRow(Base):
    """One line of a question: the vacancy, the places that it named, and when the line was answered."""

    __tablename__ = "fps_vacancy_ask_lines"

    ask_id: Mapped[str] = mapped_column(ForeignKey("fps_vacancy_asks.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    vacancy_id: Mapped[str] = mapped_column(ForeignKey("fps_vacancies.id"), index=True)
    places: Mapped[int | None] = mapped_column(SmallInteger)
    answered_at: Mapped[datetime | None]
