from __future__ import annotations

from hub.web.site import MenuItem
from people.permissions import Permission

PLACES = (
    MenuItem("Surveys", "surveys.surveys.index", Permission.SURVEYS_READ, "Ask families and see their answers arrive."),
    MenuItem(
        "Referrals",
        "referrals.overview.index",
        Permission.REFERRALS_READ,
        "Issue mini-competitions and see who was asked, who answered and who was left out.",
    ),
    MenuItem(
        "My referrals", "referrals.answering.index", Permission.REFERRALS_ANSWER, "Requests to answer, with deadlines."
    ),
    MenuItem("Visits", "qa_visits.visits.index", Permission.VISITS_READ, "Plan visits and record what came of them."),
    MenuItem(
        "Improvement actions",
        "qa_visits.improvement_actions.index",
        Permission.VISITS_READ,
        "Follow up what visits have found.",
    ),
    MenuItem(
        "My improvement actions",
        "qa_visits.own_actions.index",
        Permission.PLANS_ANSWER,
        "What a visit asked of you, and by when.",
    ),
)
"""The domains' places in the main menu."""
