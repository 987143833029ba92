from __future__ import annotations

from hub.web.site import MenuItem
from people.permissions import Permission
from qa_visits import queries as visits
from referrals.queries import councils, providers

PLACES = (
    MenuItem("Surveys", "surveys.surveys.index", Permission.SURVEYS_READ, "Ask families and see their answers arrive."),
    MenuItem(
        "Referrals",
        "referrals.overview.index",
        Permission.REFERRALS_READ,
        "Issue mini-competitions and see who was asked, who answered and who was left out.",
        waiting=("referral to unseal", "referrals to unseal"),
        count=councils.count_to_unseal,
    ),
    MenuItem(
        "My referrals",
        "referrals.answering.index",
        Permission.REFERRALS_ANSWER,
        "Requests to answer, with deadlines.",
        waiting=("referral to answer", "referrals to answer"),
        count=providers.count_to_answer,
    ),
    MenuItem(
        "Visits",
        "qa_visits.visits.index",
        Permission.VISITS_READ,
        "Plan visits and record what came of them.",
        waiting=("visit to answer", "visits to answer"),
        count=visits.count_visits_to_answer,
    ),
    MenuItem(
        "Improvement actions",
        "qa_visits.improvement_actions.index",
        Permission.VISITS_READ,
        "Follow up what visits have found.",
        waiting=("action with evidence to check", "actions with evidence to check"),
        count=visits.count_evidence_to_check,
    ),
    MenuItem(
        "My improvement actions",
        "qa_visits.own_actions.index",
        Permission.PLANS_ANSWER,
        "What a visit asked of you, and by when.",
        waiting=("action to answer", "actions to answer"),
        count=visits.count_own_actions,
    ),
    MenuItem(
        "Notice and reminders", "qa_visits.figures.index", Permission.OPERATIONS, "Notice periods and reminder days."
    ),
)
"""The domains' places in the main menu."""
