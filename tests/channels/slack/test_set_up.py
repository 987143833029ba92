from __future__ import annotations

from channels.slack.receiver import PATH
from tests.conftest import ROOT

MANIFEST = (ROOT / "docs" / "slack-manifest.yaml").read_text()
GUIDE = (ROOT / "docs" / "slack.md").read_text()


def items(key: str) -> set[str]:
    """The entries of the list that follows a key of the manifest."""
    lines = MANIFEST.partition(f" {key}:\n")[2].splitlines()
    found = set()
    for line in lines:
        if not line.strip().startswith("- "):
            break
        found.add(line.partition("#")[0].strip().removeprefix("- "))
    return found


def test_the_manifest_points_to_the_address_at_which_slack_is_heard() -> None:
    assert MANIFEST.count(f"https://hub.example.org{PATH}\n") == 3


def test_the_manifest_subscribes_to_what_the_hub_hears() -> None:
    assert items("bot_events") == {"app_mention", "message.im"}
    assert "- command: /hub\n" in MANIFEST


def test_the_guide_says_why_each_permission_is_asked_for() -> None:
    scopes = items("bot")
    assert "chat:write" in scopes
    assert {scope for scope in scopes if f"`{scope}`" not in GUIDE} == set()
