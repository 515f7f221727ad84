"""Finances in a merge: the survivor has the facts of both, the newest of each kind counts, and each goes back with its
own customer."""

from customers.merging import ForeignKeyChildren


class Facts(ForeignKeyChildren):
    """Sums of money."""

    model = "relations.FinancialFact"


class Policies(ForeignKeyChildren):
    """Policies elsewhere."""

    model = "relations.PolicyElsewhere"


class Profiles(ForeignKeyChildren):
    """Risk profiles."""

    model = "relations.RiskProfile"
