"""The menu as data: what stands at the left of every page, for whom. An entry whose page does not exist is left out."""

from django.utils.translation import gettext_noop as _

# By section, the first without a heading: title, name of the page, permissions that show it ("" for everybody,
# "is_staff" for the administration), icon
MENU = [
    (
        "",
        [
            (_("Home"), "home", "", "home"),
            (_("Customers"), "customers:customer-list", "customers.view_customer", "users"),
            (_("Search"), "customers:search", "customers.search_customer", "list-search"),
            (_("Already a customer?"), "customers:duplicate-check", "customers.search_customer", "user-question"),
            (_("Emergency access"), "customers:break-glass", "customers.break_glass", "lock-open"),
        ],
    ),
    (
        _("Relations"),
        [
            (_("Households"), "relations:household-list", "relations.view_household", "users-group"),
            (_("Organisations"), "relations:organisation-list", "relations.view_organisation", "building-skyscraper"),
            (_("Group contracts"), "relations:group-list", "relations.view_groupmember", "building"),
        ],
    ),
    (
        _("Keepers and prospects"),
        [
            (_("Prospects"), "relations:prospect-list", "relations.view_prospect", "user-plus"),
            (_("Keepers"), "relations:keeper-board", "relations.assign_keeper", "user-check"),
            (_("Handovers"), "relations:handover-list", "relations.plan_handover", "arrows-exchange"),
            (_("Customers offered to me"), "relations:handover-offered", "relations.keep_customer", "inbox"),
            (_("Customers whom nobody keeps"), "relations:orphan-list", "relations.view_orphans", "user-off"),
        ],
    ),
    (
        _("Stewardship"),
        [
            (_("Pairs for review"), "customers:pair-list", "customers.view_pair", "git-compare"),
            (_("Decisions"), "customers:act-list", "customers.view_act", "history"),
            (_("Second looks and agreement"), "customers:second-look-list", "customers.decide_pair", "eye"),
            (_("Feeds"), "customers:feed-list", "customers.view_feedrun", "database-import"),
            (_("Matching"), "customers:matching-home", "customers.view_matchrun", "git-merge"),
            (
                _("Rules of survivorship"),
                "customers:golden-rules-list",
                "customers.view_goldenrules",
                "sort-descending",
            ),
        ],
    ),
    (
        _("Consent and the law"),
        [
            (_("May we contact?"), "consent:contact-check", "customers.view_customer", "message-question"),
            (_("The company at a glance"), "consent:wall", "consent.view_legalnumber", "chart-bar"),
            (_("Answers of customers"), "consent:consent-list", "customers.view_customer", "receipt"),
            (_("Conflicts of consents"), "consent:conflict-list", "consent.settle_consentconflict", "git-merge"),
            (_("Purposes and texts"), "consent:purpose-list", "consent.view_purpose", "file-text"),
            (_("Stops and do-not-call"), "consent:contact-board", "consent.view_contactstop", "hand-stop"),
            (_("Clean-up"), "consent:cleanup-list", "customers.view_customer consent.view_cleanupask", "checklist"),
            (_("Requests of data subjects"), "consent:rights-list", "consent.view_rightsrequest", "inbox"),
            (_("Record a request"), "consent:rights-register", "consent.record_rightsrequest", "pencil"),
            (_("Retention and destruction"), "consent:batch-list", "consent.view_destructionbatch", "trash"),
            (_("Holds"), "consent:hold-list", "customers.view_customer consent.view_hold", "lock"),
            (_("Laws"), "consent:law-list", "consent.view_law", "scale"),
            (_("Numbers of the law"), "consent:number-list", "consent.view_legalnumber", "adjustments"),
            (_("Outflows"), "consent:outflow-list", "consent.view_outflow", "arrow-up-right"),
            (_("Breaches"), "consent:breach-list", "consent.view_breach", "alert-octagon"),
        ],
    ),
    (
        _("Access and oversight"),
        [
            (_("Rights explained"), "customers:effective-rights", "accounts.explain_rights", "user-question"),
            (_("Rules of access"), "customers:access-rules-list", "customers.view_accessrules", "adjustments"),
            (_("Single grants"), "customers:grant-list", "customers.grant_customer", "key"),
            (_("Protected customers"), "customers:protection-list", "customers.protect_customer", "shield-lock"),
            (_("Exported files"), "accounts:export-list", "accounts.view_every_export", "file-download"),
            (_("Review of access"), "accounts:review-list", "accounts.view_accessreview", "checks"),
            (_("Cases of access"), "accounts:case-list", "accounts.view_accesscase", "flag"),
            (_("Refusals at the purpose wall"), "relations:wall-hit-list", "relations.view_wallhit", "shield-check"),
            (_("Trail of access"), "accounts:trail-list", "accounts.view_trail", "route"),
        ],
    ),
    (
        _("System"),
        [
            (_("Keys of service clients"), "accounts:service-key-list", "accounts.view_servicekey", "key"),
            (_("Administration"), "admin:index", "is_staff", "settings"),
        ],
    ),
]
# page that stands beside one of the menu, as a tab, though not below its address: the page of the menu that is lit
MENU_TABS = {
    "accounts:rights-list": "customers:effective-rights",
    "customers:unused-rights": "customers:effective-rights",
}
