"""What the search box understands, each with an example; all are of one made-up person of the demo population."""

from django.utils.translation import gettext_lazy as _

EXAMPLES = (
    ("김지영", _("Name of a person or an organisation, or its beginning")),
    ("ㄱㅈㅇ", _("Initial consonants of the name; whole letters may stand before them")),
    ("C-000000648-3", _("Customer number, also a retired one")),
    ("0267", _("Last four digits of a mobile or home phone")),
    ("010-6717-0267", _("Whole phone number; a mobile also if it was given up long ago")),
    ("1985-04-27", _("Birth date; 19850427, 850427 and 1985.4.27 are understood too")),
    ("김지영 850427", _("Name with birth date, for a common name")),
    ("김지영 0267", _("Name with the end of the phone number")),
    ("202000001982", _("Contract number, or the customer's key in a source system")),
    ("180-81-38311", _("Business or corporate number of an organisation")),
)
