"""Every operation of the API."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from hub.web.api import fees, models, referral_models, referrals, register
from hub.web.api.operations import Creation, Operation
from hub.web.api.parameters import FeesAsked, LotsAsked, Nothing, OfDay, Paged, SettingsAsked
from people.api_scopes import ApiScope

TAGS = MappingProxyType(
    {
        "Frameworks": "What councils buy through: frameworks, their lots and members, and the rounds to join them.",
        "Settings": "Who is on the list, run by whom, and where each stands on each lot on any day.",
        "Fees": "What settings charge. For councils that buy through the framework; never for providers.",
        "Referrals": "For the case system of a council: begin drafts, read how referrals stand and what was decided.",
    }
)
_REGISTER = ApiScope.REGISTER_READ

OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        "listFrameworks",
        "/frameworks",
        "Frameworks",
        "List frameworks",
        "Every framework of the register, by id.",
        _REGISTER,
        Paged,
        models.FrameworkList,
        register.frameworks,
    ),
    Operation(
        "getFramework",
        "/frameworks/{framework_id}",
        "Frameworks",
        "Read one framework",
        "One framework by its id.",
        _REGISTER,
        Nothing,
        models.Framework,
        register.one_framework,
    ),
    Operation(
        "listMembers",
        "/frameworks/{framework_id}/members",
        "Frameworks",
        "List the members of a framework",
        "Which councils may buy through it, have done or will, each with its first and last day.",
        _REGISTER,
        Nothing,
        models.MemberList,
        register.members,
    ),
    Operation(
        "listLots",
        "/lots",
        "Frameworks",
        "List lots",
        "The lots that are open on a day, by id, each with what it takes and asks for on that day.",
        _REGISTER,
        LotsAsked,
        models.LotList,
        register.lots,
    ),
    Operation(
        "listRounds",
        "/rounds",
        "Frameworks",
        "List joining rounds",
        "The rounds that were published, by id, each with where it stands now.",
        _REGISTER,
        Paged,
        models.RoundList,
        register.rounds,
    ),
    Operation(
        "listSettings",
        "/settings",
        "Settings",
        "List settings",
        "The settings on the register as it stood on a day, by id. Filters narrow it; each setting meets all of them.",
        _REGISTER,
        SettingsAsked,
        models.SettingList,
        register.settings,
    ),
    Operation(
        "getSetting",
        "/settings/{setting_id}",
        "Settings",
        "Read one setting",
        "One setting with every step that it has taken, and what public registers say of it.",
        _REGISTER,
        OfDay,
        models.SettingRecord,
        register.one_setting,
    ),
    Operation(
        "listProviders",
        "/providers",
        "Settings",
        "List providers",
        "The providers that have a setting on the register, by id.",
        _REGISTER,
        Paged,
        models.ProviderList,
        register.providers,
    ),
    Operation(
        "listCouncils",
        "/councils",
        "Frameworks",
        "List councils",
        "Every council, those that have ended too, by id.",
        _REGISTER,
        Nothing,
        models.CouncilList,
        register.councils,
    ),
    Operation(
        "listFees",
        "/fees",
        "Fees",
        "List fees",
        "What settings charge on a day, on the lots through which the token's council may buy on that day, by id.",
        ApiScope.FEES_READ,
        FeesAsked,
        models.FeeList,
        fees.fees,
    ),
    Operation(
        "listReferrals",
        "/referrals",
        "Referrals",
        "List referrals",
        "How the referrals of the token's council stand, by id.",
        ApiScope.REFERRALS_READ,
        Paged,
        referral_models.ReferralList,
        referrals.referrals,
    ),
    Operation(
        "getReferral",
        "/referrals/{referral_id}",
        "Referrals",
        "Read one referral",
        "How one referral of the token's council stands.",
        ApiScope.REFERRALS_READ,
        Nothing,
        referral_models.Referral,
        referrals.one_referral,
    ),
    Operation(
        "getAward",
        "/referrals/{referral_id}/award",
        "Referrals",
        "Read what was decided",
        "The award of a referral, or that there was none and what follows; 404 while nothing is decided.",
        ApiScope.REFERRALS_READ,
        Nothing,
        referral_models.Award,
        referrals.award,
    ),
    Operation(
        "listEvents",
        "/events",
        "Referrals",
        "List events",
        "What webhooks tell, by id, from 10 seconds after it happened: what a system has missed, it finds here.",
        ApiScope.REFERRALS_READ,
        Paged,
        referral_models.EventList,
        referrals.facts,
    ),
)

CREATIONS: tuple[Creation[Any], ...] = (
    Creation(
        "createDraft",
        "/referrals",
        "Referrals",
        "Begin a draft",
        "A draft stands in the name of the commissioner who approved the token. Nothing is sent to providers: people "
        "of the council check the wording, choose the route and issue it.",
        ApiScope.REFERRALS_WRITE,
        referral_models.NewDraft,
        referral_models.Referral,
        referrals.create_draft,
        referrals.path_of,
    ),
)
"""Operations that make something, once for each Idempotency-Key."""
