from __future__ import annotations

from fps import waiting as register
from fps.queries import application_waiting as applications
from fps.queries import round_counts as rounds
from fps.queries import standing_waiting as standing
from fps.queries.open_data_imports import changes_waiting
from fps.queries.vacancies import places_to_confirm
from hub.web.site import Group, MenuItem, Watch
from people.permissions import Permission
from people.queries.api_tokens import tokens_waiting

REGISTER_PLACES = (
    MenuItem(
        "Register",
        "fps.register.index",
        Permission.REGISTER_READ,
        "See which settings are on the list, where each stands and why.",
        Group.REGISTER,
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
        Group.REGISTER,
        (Watch("decision to reply to", "decisions to reply to", standing.suspensions_to_reply_to),),
    ),
    MenuItem(
        "My documents",
        "fps.own_evidence.index",
        Permission.SETTINGS_OWN,
        "Registrations and insurance: what is checked, what runs out.",
        Group.REGISTER,
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
        "Free places",
        "fps.places.index",
        Permission.SETTINGS_OWN,
        "Confirm how many places your settings have, and write their pages in the directory.",
        Group.REGISTER,
        (Watch("age group to confirm", "age groups to confirm", places_to_confirm, is_since=True),),
    ),
    MenuItem(
        "Frameworks",
        "fps.frameworks.index",
        Permission.REGISTER_READ,
        "Their terms, lots and members, and what each lot takes and asks for.",
        Group.REGISTER,
        (Watch("framework that ends within a year", "frameworks that end within a year", register.frameworks_ending),),
    ),
    MenuItem(
        "Joining rounds",
        "fps.rounds.index",
        Permission.ROUNDS_RUN,
        "Advertise rounds, plan sessions, answer questions, and see who wants to apply.",
        Group.REGISTER,
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
        "Applications",
        "fps.applications.index",
        Permission.APPLICATIONS_EVALUATE,
        "Evaluate applications to join, decide, and publish the list.",
        Group.REGISTER,
        (
            Watch("application to evaluate", "applications to evaluate", applications.to_evaluate, is_since=True),
            Watch("decision to take", "decisions to take", applications.to_decide, is_since=True),
            Watch("round that needs evaluators", "rounds that need evaluators", applications.to_open, is_since=True),
        ),
    ),
    MenuItem(
        "Join a list",
        "fps.joining.index",
        Permission.SETTINGS_OWN,
        "Rounds in which you can apply, with their dates, sessions and answers.",
        Group.REGISTER,
        (Watch("round to join", "rounds to join", rounds.rounds_to_join),),
    ),
    MenuItem(
        "My applications",
        "fps.own_applications.index",
        Permission.SETTINGS_OWN,
        "Apply to join a framework, and see what was decided.",
        Group.REGISTER,
        (
            Watch("application to finish", "applications to finish", applications.to_finish),
            Watch("question to answer", "questions about your application to answer", applications.to_answer),
        ),
    ),
    MenuItem(
        "Documents",
        "fps.evidence.index",
        Permission.EVIDENCE_JUDGE,
        "Check what providers send, see what runs out, and run the yearly check.",
        Group.REGISTER,
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
        "Fees",
        "fps.fees.index",
        Permission.FEES_READ,
        "What settings charge on each lot, on any day.",
        Group.REGISTER,
        (
            Watch(
                "program to approve",
                "programs to approve",
                tokens_waiting,
                to="fps.fee_programs.index",
                is_since=True,
            ),
        ),
    ),
    MenuItem(
        "Price benchmarks",
        "fps.fees.benchmarks",
        Permission.FEES_STATISTICS,
        "How prices lie on each lot, with nobody's own price in it.",
        Group.REGISTER,
    ),
    MenuItem(
        "Open data",
        "fps.open_data.index",
        Permission.OPEN_DATA_IMPORT,
        "What GIAS and Ofsted say of schools, and what changed for settings on the register.",
        Group.REGISTER,
        (
            Watch(
                "change in public registers to look at",
                "changes in public registers to look at",
                changes_waiting,
                is_since=True,
            ),
        ),
    ),
)
"""The register's places in the main menu: the list itself first, then how one joins it and what it rests on."""
