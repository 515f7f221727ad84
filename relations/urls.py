from django.urls import path, re_path

from relations.views import (
    disputes,
    fairness,
    finances,
    groups,
    groups_ends,
    handovers,
    handovers_people,
    household_suggestions,
    households,
    keepers,
    networks,
    organisation_acts,
    organisation_owners,
    organisations,
    orphans,
    prospects,
    prospects_register,
    relationships,
    rosters,
)

app_name = "relations"

urlpatterns = [
    # households
    path("households/", households.HouseholdList.as_view(), name="household-list"),
    path("households/open/", households.HouseholdOpen.as_view(), name="household-open"),
    path("households/suggestions/", household_suggestions.SuggestionList.as_view(), name="suggestion-list"),
    path("households/suggestions/<int:pk>/", household_suggestions.suggestion_detail, name="suggestion-detail"),
    path(
        "households/suggestions/<int:pk>/confirm/", household_suggestions.suggestion_confirm, name="suggestion-confirm"
    ),
    path("households/suggestions/<int:pk>/refuse/", household_suggestions.suggestion_refuse, name="suggestion-refuse"),
    path("households/refusals/", household_suggestions.RefusalList.as_view(), name="refusal-list"),
    path("households/refusals/<int:pk>/withdraw/", household_suggestions.refusal_withdraw, name="refusal-withdraw"),
    path("households/searches/request/", household_suggestions.household_run_request, name="household-run-request"),
    path("households/searches/<int:pk>/", household_suggestions.household_run_detail, name="household-run-detail"),
    path("households/searches/<int:pk>/stop/", household_suggestions.household_run_stop, name="household-run-stop"),
    path(
        "households/searches/<int:pk>/resume/", household_suggestions.household_run_resume, name="household-run-resume"
    ),
    path("households/<int:pk>/", households.household_detail, name="household-detail"),
    path("households/<int:pk>/members/add/", households.MemberAdd.as_view(), name="member-add"),
    path("households/<int:pk>/members/remove/", households.MemberRemove.as_view(), name="member-remove"),
    path("households/<int:pk>/role/change/", households.RoleChange.as_view(), name="role-change"),
    path("households/<int:pk>/primary/make/", households.PrimaryMake.as_view(), name="primary-make"),
    path("households/<int:pk>/split/", households.HouseholdSplit.as_view(), name="household-split"),
    path("households/<int:pk>/join/", households.HouseholdJoin.as_view(), name="household-join"),
    path("households/<int:pk>/close/", households.HouseholdClose.as_view(), name="household-close"),
    # prospects
    path("prospects/", prospects.ProspectList.as_view(), name="prospect-list"),
    path("prospects/register/", prospects_register.prospect_register, name="prospect-register"),
    path("prospects/<int:pk>/", prospects.prospect_detail, name="prospect-detail"),
    path("prospects/<int:pk>/receipt/", prospects.prospect_receipt, name="prospect-receipt"),
    path("prospects/<int:pk>/contact/", prospects.prospect_contact, name="prospect-contact"),
    path("prospects/<int:pk>/extend/", prospects.prospect_extend, name="prospect-extend"),
    path("prospects/<int:pk>/release/", prospects.prospect_release, name="prospect-release"),
    path("prospects/disputes/", disputes.DisputeList.as_view(), name="dispute-list"),
    path("prospects/disputes/<int:pk>/", disputes.dispute_detail, name="dispute-detail"),
    path("prospects/disputes/<int:pk>/judge/", disputes.dispute_judge, name="dispute-judge"),
    path("prospects/disputes/<int:pk>/state/", disputes.dispute_state, name="dispute-state"),
    path("prospects/disputes/<int:pk>/withdraw/", disputes.dispute_withdraw, name="dispute-withdraw"),
    path("prospects/fairness/", fairness.FairnessReport.as_view(), name="fairness-report"),
    # relationships
    re_path(
        r"^(?P<number>[0-9]{10})/relationships/$", relationships.RelationshipList.as_view(), name="relationship-list"
    ),
    re_path(
        r"^(?P<number>[0-9]{10})/relationships/register/$",
        relationships.RelationshipRegister.as_view(),
        name="relationship-register",
    ),
    re_path(
        r"^(?P<number>[0-9]{10})/relationships/(?P<pk>[0-9]{1,18})/end/$",
        relationships.RelationshipEnd.as_view(),
        name="relationship-end",
    ),
    re_path(
        r"^(?P<number>[0-9]{10})/relationships/(?P<pk>[0-9]{1,18})/renew/$",
        relationships.relationship_renew,
        name="relationship-renew",
    ),
    re_path(r"^(?P<number>[0-9]{10})/network/$", networks.NetworkDetail.as_view(), name="network-detail"),
    re_path(r"^(?P<number>[0-9]{10})/network/data/$", networks.NetworkData.as_view(), name="network-data"),
    # finances
    re_path(r"^(?P<number>[0-9]{10})/finances/$", finances.FinanceList.as_view(), name="finance-list"),
    re_path(
        r"^(?P<number>[0-9]{10})/finances/record/(?P<kind>income|assets|debts|capacity)/$",
        finances.FinanceRecord.as_view(),
        name="finance-record",
    ),
    re_path(
        r"^(?P<number>[0-9]{10})/finances/policies/record/$", finances.PolicyRecord.as_view(), name="policy-record"
    ),
    re_path(r"^(?P<number>[0-9]{10})/finances/risk/record/$", finances.RiskRecord.as_view(), name="risk-record"),
    re_path(
        r"^(?P<number>[0-9]{10})/finances/withdraw/$", finances.FinancesWithdraw.as_view(), name="finances-withdraw"
    ),
    re_path(
        r"^(?P<number>[0-9]{10})/finances/facts/(?P<pk>[0-9]{1,18})/withdraw/$",
        finances.FinanceWithdraw.as_view(),
        name="finance-withdraw",
    ),
    re_path(
        r"^(?P<number>[0-9]{10})/finances/policies/(?P<pk>[0-9]{1,18})/withdraw/$",
        finances.PolicyWithdraw.as_view(),
        name="policy-withdraw",
    ),
    re_path(
        r"^(?P<number>[0-9]{10})/finances/risk/(?P<pk>[0-9]{1,18})/withdraw/$",
        finances.RiskWithdraw.as_view(),
        name="risk-withdraw",
    ),
    # organisations
    path("organisations/", organisations.OrganisationList.as_view(), name="organisation-list"),
    path("organisations/owners/", organisation_owners.OwnerList.as_view(), name="owner-list"),
    path("organisations/owners/<int:pk>/end/", organisation_owners.owner_end, name="owner-end"),
    re_path(r"^organisations/owners/(?P<item>[a-z_]+)/$", organisation_owners.owner_give, name="owner-give"),
    re_path(r"^organisations/(?P<number>[0-9]{10})/$", organisations.organisation_detail, name="organisation-detail"),
    re_path(
        r"^organisations/(?P<number>[0-9]{10})/places/add/$", organisation_acts.PlaceAdd.as_view(), name="place-add"
    ),
    re_path(
        r"^organisations/(?P<number>[0-9]{10})/head-office/move/$",
        organisation_acts.HeadOfficeMove.as_view(),
        name="head-office-move",
    ),
    re_path(
        r"^organisations/(?P<number>[0-9]{10})/places/(?P<pk>[0-9]{1,18})/end/$",
        organisation_acts.PlaceEnd.as_view(),
        name="place-end",
    ),
    re_path(
        r"^organisations/(?P<number>[0-9]{10})/affiliates/add/$",
        organisation_acts.AffiliationAdd.as_view(),
        name="affiliation-add",
    ),
    re_path(
        r"^organisations/(?P<number>[0-9]{10})/affiliates/(?P<pk>[0-9]{1,18})/end/$",
        organisation_acts.AffiliationEnd.as_view(),
        name="affiliation-end",
    ),
    re_path(
        r"^organisations/(?P<number>[0-9]{10})/officers/add/$",
        organisation_acts.OfficerAdd.as_view(),
        name="officer-add",
    ),
    re_path(
        r"^organisations/(?P<number>[0-9]{10})/officers/(?P<pk>[0-9]{1,18})/change/$",
        organisation_acts.OfficerChange.as_view(),
        name="officer-change",
    ),
    re_path(
        r"^organisations/(?P<number>[0-9]{10})/officers/(?P<pk>[0-9]{1,18})/end/$",
        organisation_acts.OfficerEnd.as_view(),
        name="officer-end",
    ),
    # group contracts
    path("groups/", groups.GroupList.as_view(), name="group-list"),
    path("groups/<int:pk>/", groups.GroupDetail.as_view(), name="group-detail"),
    path("groups/<int:pk>/rosters/upload/", rosters.RosterUpload.as_view(), name="roster-upload"),
    path("rosters/", rosters.RosterList.as_view(), name="roster-list"),
    path("rosters/<int:pk>/", rosters.roster_detail, name="roster-detail"),
    path("rosters/<int:pk>/apply/", rosters.roster_apply, name="roster-apply"),
    path("rosters/<int:pk>/cancel/", rosters.roster_cancel, name="roster-cancel"),
    path("rosters/<int:pk>/rejects/", rosters.roster_rejects, name="roster-rejects"),
    path("cover-ends/", groups_ends.CoverEndList.as_view(), name="cover-end-list"),
    path("cover-ends/<int:pk>/see/", groups_ends.cover_end_see, name="cover-end-see"),
    path("purpose-wall/", groups_ends.WallHitList.as_view(), name="wall-hit-list"),
    # keepers, handovers, orphans
    path("keepers/", keepers.KeeperBoard.as_view(), name="keeper-board"),
    path("keepers/unmanaged/", keepers.keeper_unmanaged, name="keeper-unmanaged"),
    path("keepers/<int:pk>/terms/", keepers.KeeperTermsEdit.as_view(), name="keeper-terms"),
    re_path(r"^(?P<number>[0-9]{10})/keepers/$", keepers.keeper_list, name="keeper-list"),
    re_path(r"^(?P<number>[0-9]{10})/keepers/assign/$", keepers.keeper_assign, name="keeper-assign"),
    re_path(r"^(?P<number>[0-9]{10})/keepers/register/$", keepers.keeper_register, name="keeper-register"),
    re_path(r"^(?P<number>[0-9]{10})/keepers/release/$", keepers.keeper_release, name="keeper-release"),
    path("handovers/", handovers.HandoverList.as_view(), name="handover-list"),
    path("handovers/plan/", handovers.HandoverPlan.as_view(), name="handover-plan"),
    path("handovers/offered/", handovers_people.handover_offered, name="handover-offered"),
    path("handovers/leaving/", handovers_people.handover_leaving, name="handover-leaving"),
    path("handovers/<int:pk>/", handovers.handover_detail, name="handover-detail"),
    path("handovers/<int:pk>/items/", handovers.handover_item_list, name="handover-item-list"),
    path("handovers/<int:pk>/offer/", handovers.handover_offer, name="handover-offer"),
    path("handovers/<int:pk>/again/", handovers.handover_again, name="handover-again"),
    path("handovers/<int:pk>/carry-out/", handovers.handover_carry_out, name="handover-carry-out"),
    path("handovers/<int:pk>/cancel/", handovers.handover_cancel, name="handover-cancel"),
    path("handovers/<int:pk>/accept-for/", handovers.handover_accept_for, name="handover-accept-for"),
    path("handovers/<int:pk>/answer/", handovers_people.handover_answer, name="handover-answer"),
    path(
        "handovers/items/<int:pk>/prepare/",
        handovers_people.HandoverItemPrepare.as_view(),
        name="handover-item-prepare",
    ),
    path("handovers/items/<int:pk>/letter/", handovers_people.handover_letter, name="handover-letter"),
    path("handovers/items/<int:pk>/letter/sent/", handovers_people.handover_letter_sent, name="handover-letter-sent"),
    path("orphans/", orphans.orphan_list, name="orphan-list"),
    path("orphans/assign/", orphans.orphan_assign, name="orphan-assign"),
    path("orphans/explain/", orphans.orphan_explain, name="orphan-explain"),
]
