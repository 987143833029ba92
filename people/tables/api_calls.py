from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base
from kernel.sealing import SealedText


class ApiCallRow(Base):
    """A call of the API that changes something, by the key under which its program may send it again.

    Of key and body only keyed digests are kept. Whoever holds `attempt` works on it, until `leased_until`; once it is
    done, `status` and `answer` are what every further call with the key is told.
    """

    __tablename__ = "api_calls"

    token_id: Mapped[str] = mapped_column(ForeignKey("api_tokens.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(22), primary_key=True)
    body: Mapped[str] = mapped_column(String(22))
    attempt: Mapped[str] = mapped_column(String(26))
    begun_at: Mapped[datetime]
    leased_until: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[str | None] = mapped_column(SealedText("api_calls.answer"))

    __table_args__ = (Index("ix_api_calls_begun_at", "begun_at"),)
