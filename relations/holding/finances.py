"""The finances that are held of a customer: given out whole, withdrawn ones too, and destroyed whole."""

from customers.holding import ForeignKeyHolder


class Facts(ForeignKeyHolder):
    """Sums of money."""

    model = "relations.FinancialFact"


class Policies(ForeignKeyHolder):
    """Policies elsewhere."""

    model = "relations.PolicyElsewhere"


class Profiles(ForeignKeyHolder):
    """Risk profiles, with the answers they rest on."""

    model = "relations.RiskProfile"
