from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SlackSettings:
    """How the hub reaches its Slack app, and how Slack proves that it is Slack.

    `per_s` and `burst` pace all posts together: Slack takes about one a second in each conversation, short bursts
    above that, and a few hundred a minute in a workspace. `width` is how many calls may be under way at once,
    `timeout_s` how long each may take to connect and to be answered. `form_timeout_s` is the same for opening a
    form, for which Slack leaves 3 seconds. `largest_request_bytes` bounds what is read of an incoming request.
    """

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    base_url: str = "https://slack.com/api/"
    per_s: float = 1.0
    burst: int = 5
    width: int = 8
    timeout_s: float = 10.0
    form_timeout_s: float = 2.0
    largest_request_bytes: int = 1_000_000
