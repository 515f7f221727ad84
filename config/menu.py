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
    (_("Administration"), "admin:index", "is_staff", "settings"),
]
