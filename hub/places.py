from __future__ import annotations

from hub.register_places import REGISTER_PLACES
from hub.web.site import Group, MenuItem, Watch
from people.permissions import Permission
from qa_visits import waiting as visits
from referrals.queries import clocks, looks, notices
from referrals.queries import waiting as referrals
from referrals.queries import waiting_equal as equal
from referrals.queries import waiting_placements as placements
from referrals.queries import waiting_scores as scoring
from surveys import waiting as surveys

PLACES = (
    MenuItem(
        "Surveys",
        "surveys.surveys.index",
        Permission.SURVEYS_READ,
        "Ask families and see their answers arrive.",
        Group.FAMILIES,
        (
            Watch("survey to finish and start", "surveys to finish and start", surveys.drafts, is_since=True),
            Watch("survey that families are answering", "surveys that families are answering", surveys.open_surveys),
        ),
    ),
    MenuItem(
        "Referrals",
        "referrals.overview.index",
        Permission.REFERRALS_READ,
        "Issue mini-competitions and see who was asked, who answered and who was left out.",
        Group.PLACEMENTS,
        (
            Watch("referral to unseal", "referrals to unseal", referrals.to_unseal, is_since=True),
            Watch("referral to decide on", "referrals to decide on", referrals.to_decide, is_since=True),
            Watch("referral of yours to score", "referrals of yours to score", scoring.to_score, is_since=True),
            Watch("standstill that is over", "standstills that are over", scoring.to_begin, is_since=True),
            Watch("setting not reached", "settings not reached", equal.to_put_right, is_since=True),
            Watch(
                "question about a referral to answer",
                "questions about referrals to answer",
                equal.questions_to_answer,
                is_since=True,
            ),
            Watch("referral to approve", "referrals to approve", looks.to_approve, is_since=True),
            Watch("draft referral to issue", "draft referrals to issue", referrals.drafts, is_since=True),
            Watch("referral out with providers", "referrals out with providers", referrals.open_referrals),
        ),
    ),
    MenuItem(
        "Statutory clocks",
        "referrals.clocks.index",
        Permission.PLACEMENTS_MANAGE,
        "What the law wants by when: plans, consultations and reviews.",
        Group.PLACEMENTS,
        (Watch("statutory step of yours to do", "statutory steps of yours to do", clocks.due_clocks),),
    ),
    MenuItem(
        "Procurement notices",
        "referrals.notices.index",
        Permission.REFERRALS_ISSUE,
        "Drafts of what your council must publish of its awards.",
        Group.PLACEMENTS,
        (Watch("procurement notice to send", "procurement notices to send", notices.to_send),),
    ),
    MenuItem(
        "Reach and gaps",
        "referrals.statistics.reach",
        Permission.REFERRALS_STATISTICS,
        "Which settings are asked and which never, and why settings decline.",
        Group.PLACEMENTS,
    ),
    MenuItem(
        "My referrals",
        "referrals.answering.index",
        Permission.REFERRALS_ANSWER,
        "Requests to answer, with deadlines.",
        Group.PLACEMENTS,
        (Watch("referral to answer", "referrals to answer", referrals.to_answer),),
    ),
    MenuItem(
        "Placements",
        "referrals.placements.index",
        Permission.PLACEMENTS_MANAGE,
        "Agreements, reviews and last days of the placements you called off, and contracts with their places.",
        Group.PLACEMENTS,
        (
            Watch("placement agreement to sign", "placement agreements to sign", placements.to_sign, is_since=True),
            Watch("review of a placement to record", "reviews of placements to record", placements.reviews_due),
        ),
    ),
    MenuItem(
        "My placements",
        "referrals.own_placements.index",
        Permission.PLACEMENTS_OWN,
        "What you supply, until when, and the next review.",
        Group.PLACEMENTS,
        (Watch("review of a placement coming", "reviews of placements coming", placements.own_reviews),),
    ),
    MenuItem(
        "Directory",
        "fps.directory.index",
        Permission.OWN_ACCOUNT,
        "Find settings by need, age, place and distance, as families see them.",
        Group.PLACEMENTS,
    ),
    *REGISTER_PLACES,
    MenuItem(
        "Visits",
        "qa_visits.visits.index",
        Permission.VISITS_READ,
        "Plan visits and record what came of them.",
        Group.QUALITY,
        (
            Watch("visit to answer", "visits to answer", visits.proposed),
            Watch("visit of yours to record", "visits of yours to record", visits.to_record),
            Watch("visit by colleagues", "visits by colleagues", visits.ahead),
        ),
    ),
    MenuItem(
        "Improvement actions",
        "qa_visits.improvement_actions.index",
        Permission.VISITS_READ,
        "Follow up what visits have found.",
        Group.QUALITY,
        (
            Watch(
                "action with evidence to check",
                "actions with evidence to check",
                visits.evidence_to_check,
                is_since=True,
            ),
            Watch("action that a provider owes", "actions that providers owe", visits.owed_to_councils),
        ),
    ),
    MenuItem(
        "My improvement actions",
        "qa_visits.own_actions.index",
        Permission.PLANS_ANSWER,
        "What a visit asked of you, and by when.",
        Group.QUALITY,
        (Watch("action to answer", "actions to answer", visits.own_actions),),
    ),
    MenuItem(
        "People",
        "people.directory.index",
        Permission.PEOPLE_READ,
        "Find people, invite them, and see who may do what.",
        Group.PEOPLE,
    ),
    MenuItem(
        "Notice and reminders",
        "qa_visits.figures.index",
        Permission.OPERATIONS,
        "Notice periods and reminder days.",
    ),
    MenuItem(
        "Faults of the hub",
        "referrals.faults.index",
        Permission.OPERATIONS,
        "Record when the hub did not work, so that nobody is late because of it.",
    ),
)
"""The domains' places in the main menu."""
