"""What the search box understands, each with an example; the people and numbers are made up."""

from django.utils.translation import gettext_lazy as _

EXAMPLES = (
    ("김철수", _("Name of a person or an organisation, or its beginning")),
    ("ㄱㅊㅅ", _("Initial consonants of the name; whole letters may stand before them")),
    ("C-000012345-9", _("Customer number, also a retired one")),
    ("5678", _("Last four digits of a mobile or home phone")),
    ("010-8523-4567", _("Whole phone number, also one given up long ago")),
    ("1985-01-01", _("Birth date; 19850101, 850101 and 1985.1.1 are understood too")),
    ("김철수 850101", _("Name with birth date, for a common name")),
    ("김철수 5678", _("Name with the end of the phone number")),
    ("201900005773", _("Contract number, or the customer's key in a source system")),
)
