from __future__ import annotations

from fps import waiting as register
from fps.queries import application_waiting as applications
from fps.queries import round_counts as rounds
from fps.queries import standing_waiting as standing
from fps.queries.open_data_imports import changes_waiting
from fps.queries.vacancies import places_to_confirm
from hub.web.site import Group, MenuItem, Watch
from people.permissions import Permission
from qa_visits import waiting as visits
from referrals.queries import waiting as referrals
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
            Watch("draft referral to issue", "draft referrals to issue", referrals.drafts, is_since=True),
            Watch("referral out with providers", "referrals out with providers", referrals.open_referrals),
        ),
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
        "Frameworks",
        "fps.frameworks.index",
        Permission.REGISTER_READ,
        "Their terms, lots and members, and what each lot takes and asks for.",
        Group.PLACEMENTS,
        (Watch("framework that ends within a year", "frameworks that end within a year", register.frameworks_ending),),
    ),
    MenuItem(
        "Fees",
        "fps.fees.index",
        Permission.FEES_READ,
        "What settings charge on each lot, on any day.",
        Group.PLACEMENTS,
    ),
    MenuItem(
        "Price benchmarks",
        "fps.fees.benchmarks",
        Permission.FEES_STATISTICS,
        "How prices lie on each lot, with nobody's own price in it.",
        Group.PLACEMENTS,
    ),
    MenuItem(
        "Open data",
        "fps.open_data.index",
        Permission.OPEN_DATA_IMPORT,
        "What GIAS and Ofsted say of schools, and what changed for settings on the register.",
        Group.PLACEMENTS,
        (
            Watch(
                "change in public registers to look at",
                "changes in public registers to look at",
                changes_waiting,
                is_since=True,
            ),
        ),
    ),
    MenuItem(
        "Applications",
        "fps.applications.index",
        Permission.APPLICATIONS_EVALUATE,
        "Evaluate applications to join, decide, and publish the list.",
        Group.PLACEMENTS,
        (
            Watch("application to evaluate", "applications to evaluate", applications.to_evaluate, is_since=True),
            Watch("decision to take", "decisions to take", applications.to_decide, is_since=True),
            Watch("round that needs evaluators", "rounds that need evaluators", applications.to_open, is_since=True),
        ),
    ),
    MenuItem(
        "My applications",
        "fps.own_applications.index",
        Permission.SETTINGS_OWN,
        "Apply to join a framework, and see what was decided.",
        Group.PLACEMENTS,
        (
            Watch("application to finish", "applications to finish", applications.to_finish),
            Watch("question to answer", "questions about your application to answer", applications.to_answer),
        ),
    ),
    MenuItem(
        "Joining rounds",
        "fps.rounds.index",
        Permission.ROUNDS_RUN,
        "Advertise rounds, plan sessions, answer questions, and see who wants to apply.",
        Group.PLACEMENTS,
        (
            Watch(
                "question about a round to answer",
                "questions about rounds to answer",
                rounds.questions_waiting,
                is_since=True,
            ),
            Watch("round under way", "rounds under way", rounds.rounds_under_way),
        ),
    ),
    MenuItem(
        "Join a list",
        "fps.joining.index",
        Permission.SETTINGS_OWN,
        "Rounds in which you can apply, with their dates, sessions and answers.",
        Group.PLACEMENTS,
        (Watch("round to join", "rounds to join", rounds.rounds_to_join),),
    ),
    MenuItem(
        "Directory",
        "fps.directory.index",
        Permission.OWN_ACCOUNT,
        "Find settings by need, age, place and distance, as families see them.",
        Group.PLACEMENTS,
    ),
    MenuItem(
        "Free places",
        "fps.places.index",
        Permission.SETTINGS_OWN,
        "Confirm how many places your settings have, and write their pages in the directory.",
        Group.PLACEMENTS,
        (Watch("age group to confirm", "age groups to confirm", places_to_confirm, is_since=True),),
    ),
    MenuItem(
        "Register",
        "fps.register.index",
        Permission.REGISTER_READ,
        "See which settings are on the list, where each stands and why.",
        Group.PLACEMENTS,
        (
            Watch(
                "suspension to review",
                "suspensions to review",
                standing.suspensions_to_review,
                to="fps.register.index",
                args={"status": "suspended"},
            ),
            Watch(
                "pause of yours to review",
                "pauses of yours to review",
                standing.pauses_to_review,
                to="fps.register.index",
                args={"pause": "ours"},
            ),
            Watch(
                "setting that leaves to answer about",
                "settings that leave to answer about",
                standing.plans_to_answer,
                to="fps.register.index",
                args={"status": "decommissioning"},
            ),
        ),
    ),
    MenuItem(
        "My settings",
        "fps.own_settings.index",
        Permission.SETTINGS_OWN,
        "See where your settings stand, pause new referrals, and keep what councils read of you.",
        Group.PLACEMENTS,
        (Watch("decision to reply to", "decisions to reply to", standing.suspensions_to_reply_to),),
    ),
    MenuItem(
        "Documents",
        "fps.evidence.index",
        Permission.EVIDENCE_JUDGE,
        "Check what providers send, see what runs out, and run the yearly check.",
        Group.PLACEMENTS,
        (
            Watch("document to check", "documents to check", register.documents_to_check, is_since=True),
            Watch(
                "document that runs out",
                "documents that run out",
                register.documents,
                to="fps.evidence.index",
                args={"show": "ending"},
            ),
        ),
    ),
    MenuItem(
        "My documents",
        "fps.own_evidence.index",
        Permission.SETTINGS_OWN,
        "Registrations and insurance: what is checked, what runs out.",
        Group.PLACEMENTS,
        (
            Watch("document to renew", "documents to renew", register.own_documents),
            Watch(
                "document to confirm",
                "documents to confirm",
                register.documents_to_confirm,
                to="fps.own_rechecks.show",
            ),
        ),
    ),
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
)
"""The domains' places in the main menu."""
