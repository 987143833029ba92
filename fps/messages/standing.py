"""Decisions about a setting's standing. Their reasons stand on its page, behind sign-in; nothing here is of a child."""

from __future__ import annotations

from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

_TO_DO = Policy(solicited=True, needs_action=True)
_TO_KNOW = Policy(solicited=True)
_SETTING = {"setting": Kind.TEXT, "link": Kind.LINK}
_WITH_DAY = {**_SETTING, "day": Kind.DATE}
_WITH_COUNCIL = {**_SETTING, "council": Kind.TEXT}

NOTICE = MessageType(
    key="fps.standing_notice",
    values=_WITH_DAY,
    title=say("fps.standing_notice.title", "{setting} may be suspended: reply by {day}"),
    text=say(
        "fps.standing_notice.text",
        "The lead authority may suspend {setting} from new referrals.\n\n"
        "You have the right to reply until the end of {day}. Read the reasons and reply here: {link}\n\n"
        "Nothing has changed yet.",
    ),
    short=say("fps.standing_notice.short", "{setting} may be suspended. Read why and reply by {day}: {link}"),
    policy=_TO_DO,
)

SUSPENDED = MessageType(
    key="fps.standing_suspended",
    values=_WITH_DAY,
    title=say("fps.standing_suspended.title", "{setting} is suspended from new referrals"),
    text=say(
        "fps.standing_suspended.text",
        "The lead authority has suspended {setting}. Councils cannot send it new referrals. Learners who are placed "
        "there stay.\n\n"
        "Read the reasons here, and what you can do: {link}\n\n"
        "The decision will be reviewed by {day}.",
    ),
    short=say("fps.standing_suspended.short", "{setting} is suspended from new referrals. Why, and what next: {link}"),
    policy=_TO_DO,
)

LIFTED = MessageType(
    key="fps.standing_lifted",
    values=_SETTING,
    title=say("fps.standing_lifted.title", "{setting}: the suspension has ended"),
    text=say(
        "fps.standing_lifted.text",
        "{setting} is not suspended any more, or the notice of it is withdrawn.\n\nSee where it stands now: {link}",
    ),
    short=say("fps.standing_lifted.short", "{setting} is not suspended any more. Where it stands now: {link}"),
    policy=_TO_KNOW,
)

PAUSED = MessageType(
    key="fps.standing_paused",
    values={**_WITH_COUNCIL, "day": Kind.DATE},
    title=say("fps.standing_paused.title", "{council} has paused new placements at {setting}"),
    text=say(
        "fps.standing_paused.text",
        "{council} will not place more learners at {setting} for now. Other councils decide for themselves.\n\n"
        "You have the right to reply until the end of {day}. Read the reasons and reply here: {link}",
    ),
    short=say("fps.standing_paused.short", "{council} has paused new placements at {setting}. Reply by {day}: {link}"),
    policy=_TO_DO,
)

RESUMED = MessageType(
    key="fps.standing_resumed",
    values=_WITH_COUNCIL,
    title=say("fps.standing_resumed.title", "{council} places learners at {setting} again"),
    text=say(
        "fps.standing_resumed.text",
        "{council} has ended its pause of new placements at {setting}.\n\nSee where it stands: {link}",
    ),
    short=say("fps.standing_resumed.short", "{council} has ended its pause of new placements at {setting}: {link}"),
    policy=_TO_KNOW,
)

LEAVING = MessageType(
    key="fps.standing_leaving",
    values=_WITH_DAY,
    title=say("fps.standing_leaving.title", "{setting} is to leave the list"),
    text=say(
        "fps.standing_leaving.text",
        "The lead authority has decided that {setting} leaves the list of settings. Each council plans with you what "
        "comes next for its learners.\n\n"
        "You have the right to reply until the end of {day}. Read the reasons and reply here: {link}",
    ),
    short=say("fps.standing_leaving.short", "{setting} is to leave the list. Read why and reply by {day}: {link}"),
    policy=_TO_DO,
)

COUNCILS_SUSPENDED = MessageType(
    key="fps.standing_told_suspended",
    values=_WITH_DAY,
    title=say("fps.standing_told_suspended.title", "{setting} is suspended in the region"),
    text=say(
        "fps.standing_told_suspended.text",
        "The lead authority has suspended {setting}: it gets no new referrals from any council. Contracts for "
        "learners who are placed there go on.\n\n"
        "If your council has learners there, make a welfare check of each within 5 working days.\n\n"
        "Read the reasons: {link}\n\nThe decision will be reviewed by {day}.",
    ),
    short=say("fps.standing_told_suspended.short", "{setting} is suspended in the region. What to do: {link}"),
    policy=_TO_DO,
)

COUNCILS_LIFTED = MessageType(
    key="fps.standing_told_lifted",
    values=_SETTING,
    title=say("fps.standing_told_lifted.title", "{setting}: the suspension is lifted"),
    text=say(
        "fps.standing_told_lifted.text",
        "The lead authority has lifted the suspension of {setting}.\n\nSee where it stands now: {link}",
    ),
    short=say("fps.standing_told_lifted.short", "The suspension of {setting} is lifted: {link}"),
    policy=_TO_KNOW,
)

COUNCILS_PAUSED = MessageType(
    key="fps.standing_told_paused",
    values=_WITH_COUNCIL,
    title=say("fps.standing_told_paused.title", "{council} has paused its own placements at {setting}"),
    text=say(
        "fps.standing_told_paused.text",
        "{council} places no more learners at {setting} for now. That is its own decision, and it binds nobody "
        "else.\n\nAsk {council} if you have learners there. The setting on the register: {link}",
    ),
    short=say("fps.standing_told_paused.short", "{council} has paused its own placements at {setting}: {link}"),
    policy=_TO_KNOW,
)

COUNCILS_LEAVING = MessageType(
    key="fps.standing_told_leaving",
    values=_WITH_DAY,
    title=say("fps.standing_told_leaving.title", "{setting} leaves the list on {day}: list your learners"),
    text=say(
        "fps.standing_told_leaving.text",
        "{setting} leaves the list of settings, planned for {day}.\n\n"
        "Say for each learner whom your council has placed there what comes next, or that there is nobody: {link}\n\n"
        "The setting leaves only when every council has answered.",
    ),
    short=say("fps.standing_told_leaving.short", "{setting} leaves the list on {day}. List your learners: {link}"),
    policy=_TO_DO,
)

REPLIED = MessageType(
    key="fps.standing_replied",
    values=_SETTING,
    title=say("fps.standing_replied.title", "{setting}: the provider has replied"),
    text=say(
        "fps.standing_replied.text",
        "The provider of {setting} has replied to your decision.\n\nRead the reply and decide what follows: {link}",
    ),
    short=say("fps.standing_replied.short", "The provider of {setting} has replied to your decision: {link}"),
    policy=_TO_DO,
)

REVIEW_DUE = MessageType(
    key="fps.standing_review_due",
    values=_WITH_DAY,
    title=say("fps.standing_review_due.title", "{setting}: review the decision by {day}"),
    text=say(
        "fps.standing_review_due.text",
        "The decision about {setting} is to be reviewed by {day}.\n\nKeep it with a new day and your reasons, or end "
        "it: {link}",
    ),
    short=say("fps.standing_review_due.short", "Review the decision about {setting} by {day}: {link}"),
    policy=_TO_DO,
)

LEARNERS_DUE = MessageType(
    key="fps.standing_learners_due",
    values=_WITH_DAY,
    title=say("fps.standing_learners_due.title", "{setting} leaves the list: your learners there"),
    text=say(
        "fps.standing_learners_due.text",
        "{setting} leaves the list of settings, planned for {day}. Your council has not said yet who of its learners "
        "is there, or a next step that you listed is not done.\n\n"
        "Bring your list up to date, or say that there is nobody: {link}",
    ),
    short=say("fps.standing_learners_due.short", "{setting} leaves the list on {day}. Finish your list: {link}"),
    policy=_TO_DO,
)

LEAVING_DUE = MessageType(
    key="fps.standing_leaving_due",
    values=_WITH_DAY,
    title=say("fps.standing_leaving_due.title", "{setting} was to leave the list by {day}"),
    text=say(
        "fps.standing_leaving_due.text",
        "{setting} was planned to leave the list of settings by {day}, and has not left.\n\n"
        "See which councils have not answered and how many next steps are not done, and let it leave: {link}",
    ),
    short=say("fps.standing_leaving_due.short", "{setting} was to leave the list by {day}. What is missing: {link}"),
    policy=_TO_DO,
)

MESSAGES = (
    NOTICE,
    SUSPENDED,
    LIFTED,
    PAUSED,
    RESUMED,
    LEAVING,
    COUNCILS_SUSPENDED,
    COUNCILS_LIFTED,
    COUNCILS_PAUSED,
    COUNCILS_LEAVING,
    REPLIED,
    REVIEW_DUE,
    LEARNERS_DUE,
    LEAVING_DUE,
)


def own_path(setting_id: str) -> str:
    """Return the path of a setting's page for its provider."""
    return f"/my-settings/{setting_id}"


def staff_path(setting_id: str) -> str:
    """Return the path of a setting's page on the register for councils."""
    return f"/register/settings/{setting_id}"
