from __future__ import annotations

from dataclasses import replace

from channels.wording import Kind, MessageType, Policy
from kernel.translation import say
from qa_visits.model import ActionCard

_WORK = Policy(solicited=True)
_ACTION_VALUES = {"setting": Kind.TEXT, "action": Kind.TEXT, "due": Kind.DATE, "link": Kind.LINK}
_TO_DO = replace(_WORK, needs_action=True)

ACTION_NEW = MessageType(
    key="qa_visits.action_new",
    values=_ACTION_VALUES,
    title=say("qa_visits.action_new.title", "New improvement action for {setting}"),
    text=say(
        "qa_visits.action_new.text",
        "After the quality visit to {setting} there is something to improve: {action}\n\n"
        "It is due by {due}. See what is expected, and send your evidence here: {link}",
    ),
    short=say("qa_visits.action_new.short", "New improvement action for {setting}, due {due}: {link}"),
    policy=_TO_DO,
)

ACTION_REMINDER = MessageType(
    key="qa_visits.action_reminder",
    values=_ACTION_VALUES,
    title=say("qa_visits.action_reminder.title", "Reminder: improvement action for {setting}"),
    text=say(
        "qa_visits.action_reminder.text",
        "This improvement action for {setting} is due by {due}: {action}\n\nSend your evidence here: {link}",
    ),
    short=say("qa_visits.action_reminder.short", "Improvement action for {setting} is due by {due}: {link}"),
    policy=_TO_DO,
)

ACTION_DUE_TODAY = MessageType(
    key="qa_visits.action_due_today",
    values=_ACTION_VALUES,
    title=say("qa_visits.action_due_today.title", "Due today: improvement action for {setting}"),
    text=say(
        "qa_visits.action_due_today.text",
        "Today, {due}, is the last day for this improvement action for {setting}: {action}\n\n"
        "Send your evidence here: {link}",
    ),
    short=say("qa_visits.action_due_today.short", "Improvement action for {setting} is due today, {due}: {link}"),
    policy=_TO_DO,
)

ACTION_OVERDUE = MessageType(
    key="qa_visits.action_overdue",
    values=_ACTION_VALUES,
    title=say("qa_visits.action_overdue.title", "Overdue: improvement action for {setting}"),
    text=say(
        "qa_visits.action_overdue.text",
        "This improvement action for {setting} was due by {due} and is not yet shown to be done: {action}\n\n"
        "Send your evidence here: {link}",
    ),
    short=say("qa_visits.action_overdue.short", "Improvement action for {setting} was due by {due}: {link}"),
    policy=_TO_DO,
)

EVIDENCE_IN = MessageType(
    key="qa_visits.evidence_in",
    values=_ACTION_VALUES,
    title=say("qa_visits.evidence_in.title", "Evidence to check: {setting}"),
    text=say(
        "qa_visits.evidence_in.text",
        "The provider has sent evidence for an improvement action for {setting}: {action}\n\n"
        "It is due by {due}. Check the evidence here: {link}",
    ),
    short=say("qa_visits.evidence_in.short", "Evidence to check for {setting}, due {due}: {link}"),
    policy=_TO_DO,
)

EVIDENCE_REJECTED = MessageType(
    key="qa_visits.evidence_rejected",
    values={**_ACTION_VALUES, "reason": Kind.TEXT},
    title=say("qa_visits.evidence_rejected.title", "More evidence needed: {setting}"),
    text=say(
        "qa_visits.evidence_rejected.text",
        "The quality officer needs more evidence for this improvement action for {setting}: {action}\n\n"
        "What is missing: {reason}\n\nThe action is due by {due}. Send more evidence here: {link}",
    ),
    short=say("qa_visits.evidence_rejected.short", "More evidence needed for {setting}, due {due}: {link}"),
    policy=_TO_DO,
)

ACTION_VERIFIED = MessageType(
    key="qa_visits.action_verified",
    values=_ACTION_VALUES,
    title=say("qa_visits.action_verified.title", "Done: improvement action for {setting}"),
    text=say(
        "qa_visits.action_verified.text",
        "The quality officer has checked your evidence. This improvement action for {setting}, due by {due}, "
        "is done: {action}\n\nSee it here: {link}",
    ),
    short=say("qa_visits.action_verified.short", "Improvement action for {setting}, due {due}, is done: {link}"),
    policy=_WORK,
)


REMINDERS = (ACTION_REMINDER, ACTION_DUE_TODAY, ACTION_OVERDUE)
"""What a chaser says before the due date, on it and after it."""


def action_path(action_id: str) -> str:
    """Return the path of an improvement action's page for the council."""
    return f"/improvement-actions/{action_id}"


def own_action_path(action_id: str) -> str:
    """Return the path of an improvement action's page for the provider."""
    return f"/my-improvement-actions/{action_id}"


def action_values(action: ActionCard, path: str) -> dict[str, object]:
    """Return the values that messages about an action need; `path` is the reader's own page of it."""
    return {
        "setting": action.setting_name,
        "action": action.title,
        "due": action.due_on.isoformat(),
        "link": path,
    }
