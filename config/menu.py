"""The menu as data: what stands at the left of every page, for whom. An entry whose page does not exist is left out."""

from django.utils.translation import gettext_noop as _

# title, name of the page, permission that shows it ("" for everybody, "is_staff" for the administration), icon
MENU = [
    (_("Home"), "home", "", "home"),
    (_("Customers"), "customers:customer-list", "customers.view_customer", "users"),
    (_("Search"), "customers:search", "customers.search_customer", "list-search"),
    (_("Already a customer?"), "customers:duplicate-check", "customers.search_customer", "user-question"),
    (_("Feeds"), "customers:feed-list", "customers.view_feedrun", "database-import"),
    (_("Pairs for review"), "customers:pair-list", "customers.view_pair", "git-compare"),
    (_("Decisions"), "customers:act-list", "customers.view_act", "history"),
    (_("Second looks and agreement"), "customers:second-look-list", "customers.decide_pair", "eye"),
    (_("Rules of survivorship"), "customers:golden-rules-list", "customers.view_goldenrules", "sort-descending"),
    (_("Matching"), "customers:matching-home", "customers.view_matchrun", "git-merge"),
    (_("Rights explained"), "customers:effective-rights", "accounts.explain_rights", "user-question"),
    (_("Rules of access"), "customers:access-rules-list", "customers.view_accessrules", "adjustments"),
    (_("Exported files"), "accounts:export-list", "accounts.view_every_export", "file-download"),
    (_("Emergency access"), "customers:break-glass", "customers.break_glass", "lock-open"),
    (_("Single grants"), "customers:grant-list", "customers.grant_customer", "key"),
    (_("Protected customers"), "customers:protection-list", "customers.protect_customer", "shield-lock"),
    (_("Review of access"), "accounts:review-list", "accounts.view_accessreview", "checks"),
    (_("Cases of access"), "accounts:case-list", "accounts.view_accesscase", "flag"),
    (_("Trail of access"), "accounts:trail-list", "accounts.view_trail", "route"),
    (_("Keys of service clients"), "accounts:service-key-list", "accounts.view_servicekey", "key"),
    (_("Administration"), "admin:index", "is_staff", "settings"),
]
# page that stands beside one of the menu, as a tab, though not below its address: the page of the menu that is lit
MENU_TABS = {
    "accounts:rights-list": "customers:effective-rights",
    "customers:unused-rights": "customers:effective-rights",
}
