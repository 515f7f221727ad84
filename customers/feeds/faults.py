"""What is wrong with a mapping, in plain words for the administrator who wrote it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from customers.feeds.mapping import check_definition

SENTENCES = {
    "UNKNOWN_LAYOUT": _("The layout %(detail)s does not exist."),
    "NO_COLUMNS": _('The definition needs "columns": a table from each canonical column to its rule.'),
    "UNKNOWN_SETTING": _("The setting %(detail)s is not known. Is it misspelt?"),
    "UNKNOWN_ENCODING": _("The encoding %(detail)s is not one of auto, utf-8, utf-8-sig, cp949, euc-kr."),
    "DELIMITER_NOT_ONE_CHARACTER": _("The delimiter must be one character or auto, but it is %(detail)s."),
    "UNKNOWN_COLUMN": _("The layout has no column %(detail)s."),
    "REQUIRED_COLUMN_MISSING": _("The column %(detail)s is required, but no rule says where it comes from."),
    "COLUMN_NOT_A_RULE": _('The rule of %(detail)s must be a table such as {"from": ["header"]}.'),
    "EITHER_FROM_OR_CONSTANT": _('The rule of %(detail)s needs either "from" or "constant", and not both.'),
    "FROM_NOT_A_LIST": _('In the rule of %(detail)s, "from" must be a list of headers.'),
    "VALUES_NOT_A_TABLE": _('In the rule of %(detail)s, "values" must be a table from what is sent to what it means.'),
    "ON_BAD_UNKNOWN": _('In the rule of %(detail)s, "on_bad" must be "reject" or "keep".'),
    "FORMAT_UNREADABLE": _('In the rule of %(detail)s, "format" cannot be read as a date format.'),
}


def sentences(layout: str, definition: object) -> list[str]:
    """What is wrong with a definition for that layout, one sentence each; empty when it is fit."""
    return [described(problem) for problem in check_definition(layout, definition)]


def described(problem: str) -> str:
    """The sentence for a problem `CODE:detail`; the problem itself where the code is not known."""
    code, _colon, detail = problem.partition(":")
    return gettext(SENTENCES[code]) % {"detail": detail} if code in SENTENCES else problem
