from __future__ import annotations

from hub.web.site import Search
from people.finding import find_organisations, find_persons
from people.permissions import Permission
from qa_visits.finding import find_actions, find_own_actions, find_visits
from referrals.finding import find_asked, find_referrals
from surveys.finding import find_surveys

SEARCHES = (
    Search("People", Permission.PEOPLE_READ, find_persons, "people.profile.show", "person_id"),
    Search("Organisations", Permission.PEOPLE_READ, find_organisations, "people.places.one", "organisation_id"),
    Search("Referrals", Permission.REFERRALS_READ, find_referrals, "referrals.overview.one", "referral_id"),
    Search("My referrals", Permission.REFERRALS_ANSWER, find_asked, "referrals.answering.asked", "referral_id"),
    Search("Visits", Permission.VISITS_READ, find_visits, "qa_visits.visits.one", "visit_id"),
    Search(
        "Improvement actions", Permission.VISITS_READ, find_actions, "qa_visits.improvement_actions.one", "action_id"
    ),
    Search(
        "My improvement actions", Permission.PLANS_ANSWER, find_own_actions, "qa_visits.own_actions.one", "action_id"
    ),
    Search("Surveys", Permission.SURVEYS_READ, find_surveys, "surveys.surveys.one", "survey_id"),
)
"""What the search box looks through, in the order of its results."""
