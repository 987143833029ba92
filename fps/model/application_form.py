"""What a provider is asked when it applies to join: sections, and their questions (DOMAIN.md 2, tender checks)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fps.model import DOCUMENT_WORDS, DocumentKind, Intake, SettingKind
from fps.model.frameworks import KIND_WORDS

LONG, SHORT = 4000, 200


class Ask(StrEnum):
    """How a question is answered."""

    LINE = "line"
    WORDS = "words"
    YES_NO = "yes_no"
    ONE = "one"
    SEVERAL = "several"
    NUMBER = "number"
    MONEY = "money"


@dataclass(frozen=True)
class Question:
    """One question. `must`: the application cannot be sent without it; `form` names a format that it must have."""

    name: str
    label: str
    ask: Ask = Ask.WORDS
    hint: str = ""
    must: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    form: str = ""

    @property
    def longest(self) -> int:
        """Return how many characters it may be answered with."""
        return LONG if self.ask is Ask.WORDS else SHORT


@dataclass(frozen=True)
class Section:
    """Questions that are answered on one page and saved together."""

    key: str
    title: str
    questions: tuple[Question, ...]
    lead: str = ""


EXCLUSIONS = (
    (
        "convicted",
        "Has anybody who runs the organisation been convicted of fraud, bribery or an offence against children?",
    ),
    ("unpaid", "Does it owe tax or social security payments that are overdue?"),
    ("insolvent", "Is it bankrupt, insolvent or being wound up?"),
    ("misconduct", "Has it been guilty of serious professional misconduct?"),
    ("ended", "Has a council ended a contract with it early because of its performance in the last 3 years?"),
    ("enforced", "Has a regulator taken enforcement action against one of its settings in the last 3 years?"),
    ("conflict", "Does anybody who runs it have a personal interest in how a council decides?"),
)
"""Grounds on which a provider may be excluded: each is answered yes or no, and a yes is explained."""

_POLICIES = (
    ("safeguarding", "Safeguarding and child protection"),
    ("recruitment", "Safer recruitment"),
    ("send", "SEND and inclusion"),
    ("behaviour", "Behaviour, and the use of restraint"),
    ("complaints", "Complaints"),
    ("equality", "Equality and diversity"),
    ("data", "Data protection"),
    ("safety", "Health and safety"),
    ("whistleblowing", "Whistleblowing"),
)

DETAILS = Section(
    "details",
    "Your organisation",
    (
        Question("legal_name", "Legal name", Ask.LINE),
        Question(
            "company_number",
            "Company number",
            Ask.LINE,
            "8 characters, for example 01234567",
            must=False,
            form="company",
        ),
        Question("charity_number", "Charity number", Ask.LINE, "6 or 7 digits", must=False, form="charity"),
        Question(
            "ukprn",
            "UK provider reference number (UKPRN)",
            Ask.LINE,
            "8 digits. Leave it empty if you have none.",
            must=False,
            form="ukprn",
        ),
        Question("contact_name", "Who should we ask about this application?", Ask.LINE),
        Question("contact_email", "Their email address", Ask.LINE, form="email"),
        Question("contact_phone", "Their phone number", Ask.LINE, form="phone"),
    ),
    "Enter the company number, the charity number, or both.",
)
DECLARATIONS = Section(
    "declarations",
    "Declarations",
    (
        *(Question(name, label, Ask.YES_NO) for name, label in EXCLUSIONS),
        Question(
            "explanation",
            "If you answered yes to any question, explain",
            hint="Say what happened, when, and what you have done since. Name no learner.",
            must=False,
        ),
    ),
    "A yes does not end your application. The councils look at what happened and what you have done since.",
)
FINANCE = Section(
    "finance",
    "Finance and insurance",
    (
        Question(
            "accounts",
            "How can the councils see that you will stay in business?",
            hint="For example, your last two years' accounts or a banker's letter. Add the file under evidence.",
        ),
        Question("public_liability", "Public liability insurance, in pounds", Ask.MONEY, "For example, 5000000"),
        Question(
            "employers_liability",
            "Employers' liability insurance, in pounds",
            Ask.MONEY,
            "At least 5000000 by law, if you employ anybody",
        ),
    ),
)
POLICIES = Section(
    "policies",
    "Policies, services and costs",
    (
        Question("policies", "Which of these policies do you have in writing?", Ask.SEVERAL, choices=_POLICIES),
        Question("services", "What services do you offer?"),
        Question("costs", "How do you set what you charge?", hint="Say what a place includes and what costs extra."),
    ),
)
PLACE = Section(
    "place",
    "About the setting",
    (
        Question("name", "Name of the setting", Ask.LINE),
        Question(
            "kind",
            "Kind of setting",
            Ask.ONE,
            choices=tuple((kind.value, KIND_WORDS[kind].capitalize()) for kind in SettingKind),
        ),
        Question(
            "urn",
            "Unique reference number (URN)",
            Ask.LINE,
            "Six digits. Leave it empty if the setting is not registered as a school.",
            must=False,
            form="urn",
        ),
        Question("age_from", "Youngest age", Ask.NUMBER, "As registered, in whole years"),
        Question("age_to", "Oldest age", Ask.NUMBER, "As registered, in whole years"),
        Question(
            "intake",
            "Whom is it registered to take?",
            Ask.ONE,
            choices=(
                (Intake.MIXED.value, "Boys and girls"),
                (Intake.BOYS.value, "Boys"),
                (Intake.GIRLS.value, "Girls"),
            ),
        ),
        Question(
            "district", "District", Ask.LINE, "The council district or borough where it stands, for example Sefton"
        ),
    ),
)
LOTS = Section(
    "lots",
    "Lots and places",
    (
        Question("lots", "Which lots does it apply for?", Ask.SEVERAL),
        Question("places", "How many places does it have?", Ask.NUMBER),
        Question(
            "lodges_52",
            "Does any child lodge there for 295 days a year or more?",
            Ask.YES_NO,
            "Such a school must be registered as a children's home too.",
        ),
    ),
)
REGISTRATIONS = Section(
    "registrations",
    "Registrations and latest judgement",
    (
        Question(
            "education",
            "How is it registered for education?",
            hint="Department for Education, or the equivalent in Scotland or Wales. If it is not, say why.",
        ),
        Question(
            "care",
            "Is it registered for care, and as what?",
            hint="For example, as a children's home or a residential special school. Write none if it is not.",
            must=False,
        ),
        Question(
            "judgement",
            "What was the latest inspection judgement?",
            Ask.LINE,
            "In the inspectorate's own words. Write none yet if it was not inspected.",
        ),
        Question("judged_on", "When was the inspection?", Ask.LINE, "For example, March 2026", must=False),
    ),
)
PRACTICE = Section(
    "practice",
    "How the setting works",
    (
        Question("overview", "Describe the setting and whom it suits"),
        Question("parents", "How do you work with parents and carers?"),
        Question("learners", "How are learners heard?"),
        Question("services", "What services does a place include?"),
        Question("costs", "What does a place cost, and what costs extra?"),
    ),
    "Name no learner.",
)
OF_ORGANISATION = (DETAILS, DECLARATIONS, FINANCE, POLICIES)
OF_SETTING = (LOTS, REGISTRATIONS, PRACTICE)
OF_NEW_SETTING = (PLACE, *OF_SETTING)
EVIDENCE_OF_ORGANISATION = (
    DocumentKind.INSURANCE,
    DocumentKind.POLICIES,
    DocumentKind.FINANCIAL_CHECK,
    DocumentKind.SERVICES_AND_COSTS,
)
"""What the organisation shows for all its settings (DOMAIN.md 2)."""
OPTIONAL_EVIDENCE = (DocumentKind.LATEST_JUDGEMENT,)
"""What a setting may add: one that was never inspected has none."""


def evidence_title(kind: DocumentKind) -> str:
    """Return a kind of evidence as a heading."""
    words = DOCUMENT_WORDS[kind]
    return words[0].upper() + words[1:]
