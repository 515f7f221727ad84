"""Why a row or a file was refused, in the reader's language. Codes come from parsing, mapping and reading."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from customers.feeds.mapping import check_definition

ROW_REASONS = {
    "TOO_FEW_CELLS": _("The row has fewer cells than the header (found / expected)."),
    "TOO_MANY_CELLS": _("The row has more cells than the header (found / expected)."),
    "QUOTE_NOT_CLOSED": _("A quotation mark is opened in this row and never closed."),
    "NOT_IN_ENCODING": _("The row holds bytes that are no characters of the file's encoding."),
    "CONTROL_CHARACTER": _("The row holds a control character."),
    "REQUIRED": _("This column must not be empty."),
    "UNKNOWN_CODE": _("The value is not in the list of codes of this column."),
    "NOT_A_DATE": _("The value is no date. Write it as 2026-11-23 or 20261123."),
    "FUTURE": _("The row is dated in the future, so that no later row could replace it."),
    "NOT_AN_AMOUNT": _("The value is no amount. Write it in digits only."),
    "KEY_IS_RESIDENT_NUMBER": _("A resident number may not be used as the source key."),
    "DESTROYED": _("The customer of this row was destroyed on the day that is named, and is not taken in again."),
    "KEPT_APART": _("The customer of this row has been kept apart since the day that is named."),
    "TOO_LONG": _("The value is longer than this column may be."),
    "BIRTH_DATE_FORM": _("The birth date cannot be read. Write it as 1985-03-02 or 19850302."),
    "BIRTH_DATE_LENGTH": _("The birth date has too few or too many digits. Write it as 1985-03-02 or 19850302."),
    "BIRTH_DATE_IMPOSSIBLE_DATE": _("The birth date does not exist in the calendar."),
    "BIRTH_DATE_FUTURE": _("The birth date lies in the future."),
    "RRN_FORM": _("The resident number holds characters that do not belong there."),
    "RRN_LENGTH": _("The resident number must have 13 digits."),
    "RRN_IMPOSSIBLE_DATE": _("The first six digits of the resident number are no date."),
    "RRN_UNKNOWN_KIND": _("The seventh digit of the resident number is not in use."),
    "RRN_FUTURE": _("The resident number states a birth date in the future."),
}
FILE_REASONS = {
    "NO_FILE": _("The file %(file)s is not there or cannot be read."),
    "EMPTY_FILE": _("The file %(file)s is empty."),
    "NOT_TEXT": _("The file %(file)s is neither text nor an Excel workbook."),
    "NOT_EXCEL": _("The file %(file)s cannot be opened as an Excel workbook."),
    "TOO_LARGE_TO_OPEN": _(
        "The workbook %(file)s takes too much memory to be opened. Save the sheet with the rows as CSV and send that."
    ),
    "NO_SHEET": _("There is no sheet %(sheet)s in the workbook. It has: %(sheets)s."),
    "UTF16": _("The file is in UTF-16. Save it as UTF-8 or CP949."),
    "NO_HEADER": _("The file %(file)s has no header line."),
    "HEADER_UNREADABLE": _(
        "The header line of the file %(file)s cannot be cut into columns. Do its lines end in different ways?"
    ),
    "HEADER_MISSING": _("The header has no column %(column)s."),
    "HEADER_TWICE": _("The header names the column %(column)s more than once."),
    "MAPPING_UNFIT": _("The mapping cannot be used: %(problems)s"),
    "UNKNOWN_SOURCE": _("There is no active source %(source)s."),
    "UNKNOWN_MAPPING": _("The source has no mapping %(mapping)s for this layout that is in use."),
    "NOT_WRITTEN": _("The file %(file)s cannot be written. Is the folder there, and is there room?"),
    "DISK": _("The file could not be read, or there is no room on the disk. Nothing of it was taken in."),
    "FAULT": _(
        "The run was stopped by a fault of the program, and nothing of the file was taken in. The log of the worker "
        "tells more under the number of this run."
    ),
    "TOO_MANY_ATTEMPTS": _(
        "The run was cut off %(attempts)s times and was given up. Nothing of the file was taken in. Look after the "
        "machine of the worker, then load the file again."
    ),
}
DEFINITION_PROBLEMS = {
    "UNKNOWN_LAYOUT": _("The layout %(detail)s does not exist."),
    "NO_COLUMNS": _('The definition needs "columns": a table from each canonical column to its rule.'),
    "UNKNOWN_SETTING": _("The setting %(detail)s is not known. Is it misspelt?"),
    "UNKNOWN_ENCODING": _("The encoding %(detail)s is not one of auto, utf-8, utf-8-sig, cp949, euc-kr."),
    "DELIMITER_NOT_ONE_CHARACTER": _(
        "The delimiter must be auto or one ASCII character that is no quotation mark and no line end, but it is "
        "%(detail)s."
    ),
    "NOT_TEXT": _("The setting %(detail)s must be text."),
    "UNKNOWN_COLUMN": _("The layout has no column %(detail)s."),
    "REQUIRED_COLUMN_MISSING": _("The column %(detail)s is required, but no rule says where it comes from."),
    "COLUMN_NOT_A_RULE": _('The rule of %(detail)s must be a table such as {"from": ["header"]}.'),
    "EITHER_FROM_OR_CONSTANT": _('The rule of %(detail)s needs either "from" or "constant", and not both.'),
    "FROM_NOT_A_LIST": _('In the rule of %(detail)s, "from" must be a list of headers.'),
    "VALUES_NOT_A_TABLE": _('In the rule of %(detail)s, "values" must be a table from what is sent to what it means.'),
    "ON_BAD_UNKNOWN": _('In the rule of %(detail)s, "on_bad" must be "reject" or "keep".'),
    "FORMAT_UNREADABLE": _('In the rule of %(detail)s, "format" cannot be read as a date format.'),
}


def row_reason(code: str) -> str:
    """The sentence for a rejected row."""
    return str(ROW_REASONS[code])


def file_reason(code: str, details: dict[str, object]) -> str:
    """The sentence for a file that cannot be loaded."""
    return str(FILE_REASONS[code]) % details


def definition_problems(layout: str, definition: object) -> list[str]:
    """What is wrong with a mapping definition for that layout, one sentence each; empty when it is fit."""
    return [definition_problem(problem) for problem in check_definition(layout, definition)]


def definition_problem(problem: str) -> str:
    """The sentence for one `CODE:detail` of `mapping.check_definition`."""
    code, _separator, detail = problem.partition(":")
    return str(DEFINITION_PROBLEMS[code]) % {"detail": detail}
