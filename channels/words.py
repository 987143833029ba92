from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from channels.model import Channel, Status

CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        Channel.SMS: "Text message",
        Channel.EMAIL: "Email",
        Channel.SLACK: "Slack",
        Channel.WEB: "Messages page",
        "none": "No channel",
    }
)
"""What each channel is called on pages."""

STATUS_TAGS: Mapping[Status, tuple[str, str]] = MappingProxyType(
    {
        Status.QUEUED: ("Waiting", "turquoise"),
        Status.HELD: ("Held", "yellow"),
        Status.HANDING_OVER: ("Being sent", "turquoise"),
        Status.UNKNOWN: ("Being checked", "orange"),
        Status.SENT: ("Sent", "teal"),
        Status.DELIVERED: ("Delivered", "green"),
        Status.FAILED: ("Failed", "red"),
        Status.CANCELLED: ("Cancelled", "grey"),
        Status.EXPIRED: ("Out of date", "grey"),
    }
)
"""How each status of a message is shown: its word and the colour of its tag."""
