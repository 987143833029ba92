from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from urllib3.exceptions import HTTPError

from channels.adapter import Pace
from channels.crew import Crew, ThreadCrew
from channels.model import Channel, Outcome, OutcomeKind, PastAttempt, Post, Settled, Settlement
from channels.slack.blocks import UnfitError, fallback_text, message_blocks
from channels.slack.client import SlackClient
from channels.slack.outcomes import broken, refused
from channels.slack.settings import SlackSettings

log = logging.getLogger(__name__)

EVENT_TYPE: Final = "hub_message"
CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)
"""How far our clock and Slack's may be apart when an attempt is looked for."""
_PAGE: Final = 200
_PAGES: Final = 10


class SlackAdapter:
    """Posts to a person (U..., W...: their conversation with the app) or a channel (C..., G...) of a workspace.

    Each post carries its attempt as message metadata, by which it is found again. Attachments are left out: what
    is said in them is also in the words, and the calendar entry goes by email.
    """

    channel = Channel.SLACK
    provider = "slack"

    def __init__(self, settings: SlackSettings) -> None:
        self.pace: Pace | None = Pace(per_s=settings.per_s, burst=settings.burst)
        self._width = settings.width
        self._client = SlackClient(
            settings.bot_token, settings.base_url, timeout_s=settings.timeout_s, width=settings.width
        )

    def crew(self) -> Crew:
        """Return fresh threads that post."""
        return ThreadCrew(self.hand_over, self._width, self.provider)

    def hand_over(self, post: Post) -> Outcome:
        """Post one message and say what came of it."""
        try:
            answer = self._client.chat_postMessage(
                channel=post.address,
                text=fallback_text(post.rendered),
                blocks=message_blocks(post.rendered, post.message_id),
                metadata={
                    "event_type": EVENT_TYPE,
                    "event_payload": {"attempt": post.attempt_id, "message": post.message_id},
                },
                # Slack would fetch the links in order to preview them, and some of them grant.
                unfurl_links=False,
                unfurl_media=False,
            )
        except UnfitError as error:
            return Outcome(OutcomeKind.FAILED, detail=str(error))
        except SlackApiError as error:
            said = error.response
            return refused(said.status_code, str(said.get("error") or ""), said.headers.get("Retry-After"))
        except HTTPError as error:
            return broken(error)
        return Outcome(OutcomeKind.SENT, vendor_id=f"{answer['channel']}:{answer['ts']}")

    def settle(self, attempts: Sequence[PastAttempt]) -> dict[str, Settled]:
        """Look for attempts in the history of the conversations to which they went.

        Not found in a history that was read to its end means unsent. Where Slack does not say all, unproven.
        """
        by_address: dict[str, list[PastAttempt]] = defaultdict(list)
        for attempt in attempts:
            by_address[attempt.address].append(attempt)
        settled: dict[str, Settled] = {}
        for address, theirs in by_address.items():
            found = self._look(address, min(attempt.started_at for attempt in theirs))
            settled |= {attempt.attempt_id: found.settle(attempt.attempt_id) for attempt in theirs}
        return settled

    def _look(self, address: str, since: datetime) -> _Found:
        found = _Found()
        try:
            conversation = self._conversation(address)
            ours = self._client.auth_test()
            for messages in self._history(conversation, since - CLOCKS_DIFFER_BY):
                found.read(conversation, messages, ours["bot_id"])
            is_in_time = _is_past(since - CLOCKS_DIFFER_BY, ours.headers.get("Date"))
            found.is_whole = found.pages < _PAGES and not found.has_hidden and is_in_time
        except (SlackApiError, HTTPError) as error:
            log.warning("slack history not read", extra={"reason": _reason(error)})
        return found

    def _conversation(self, address: str) -> str:
        if address[:1] not in ("U", "W"):
            return address
        return str(self._client.conversations_open(users=address)["channel"]["id"])

    def _history(self, conversation: str, since: datetime) -> Iterator[Sequence[Mapping[str, Any]]]:
        cursor: str | None = None
        for _ in range(_PAGES):
            page = self._client.conversations_history(
                channel=conversation,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
                limit=_PAGE,
                cursor=cursor,
            )
            yield page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


@dataclass
class _Found:
    """What was found in one conversation. `has_hidden`: posts of ours came without the metadata that they carry."""

    vendor_ids: dict[str, str] = field(default_factory=dict)
    pages: int = 0
    has_hidden: bool = False
    is_whole: bool = False

    def read(self, conversation: str, messages: Sequence[Mapping[str, Any]], bot_id: str | None) -> None:
        """Take in one page."""
        self.pages += 1
        for message in messages:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE:
                attempt_id = str(metadata.get("event_payload", {}).get("attempt"))
                self.vendor_ids[attempt_id] = f"{conversation}:{message['ts']}"
            elif bot_id is not None and message.get("bot_id") == bot_id and "subtype" not in message:
                self.has_hidden = True

    def settle(self, attempt_id: str) -> Settled:
        """Say what is proven of one attempt."""
        if attempt_id in self.vendor_ids:
            return Settled(Settlement.PROVEN_SENT, self.vendor_ids[attempt_id])
        return Settled(Settlement.PROVEN_UNSENT if self.is_whole else Settlement.UNPROVEN)


def _is_past(since: datetime, date: str | None) -> bool:
    """Tell whether Slack's clock has come as far. It has not where ours was moved ahead, as in a demonstration."""
    try:
        return date is None or since < parsedate_to_datetime(date)
    except ValueError:
        return False


def _reason(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
