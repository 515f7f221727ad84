"""Every problem code a standard form can carry, with its meaning."""


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue of translations; who shows it translates it."""
    return sentence


PROBLEMS: dict[str, str] = {
    # any item
    "PLACEHOLDER": _("The value is a known placeholder, not a fact about the customer."),
    "FORM": _("The value does not have the form of its item."),
    "LENGTH": _("The value is too short or too long for its item."),
    "MASKED": _("Part of the value is hidden behind mask characters."),
    "PARTIAL": _("Only the first part of the number is there."),
    "MULTIPLE": _("Several values stand in one cell; the first was taken."),
    "LEADING_ZERO": _("A leading zero had been lost and was put back."),
    "SCIENTIFIC": _("A spreadsheet turned the number into scientific notation and its digits are lost."),
    "NOTE": _("A note beside the value was removed."),
    "DIFFERS_FROM_RRN": _("The value does not agree with the resident number of the record."),
    # names
    "BRACKETS": _("Text in brackets was removed from the name."),
    "TITLE": _("A title or form of address was removed from the name."),
    "POSSIBLE_TITLE": _("The end of the name may be a title."),
    "DIGITS": _("Digits were removed from the name."),
    "SUFFIX": _("A distinguishing letter was removed from the end of the name."),
    "RELATION": _("The record names a person only by the relation to another."),
    "NEWBORN": _("The record names a newborn by a parent's name or surname."),
    "KEYBOARD_MODE": _("Hangul had been typed with the keyboard in English mode and was converted."),
    "UNKNOWN_SURNAME": _("The name does not begin with a known Korean surname."),
    "SURNAME_ONLY": _("Only a surname is given."),
    "SINGLE_WORD": _("A Roman name of one word lacks either the surname or the given name."),
    "BROKEN_SYLLABLE": _("The name contains letters that form no syllable."),
    "MIXED_SCRIPT": _("The name mixes scripts."),
    "HANJA": _("The name is written in Chinese characters."),
    "ORGANISATION": _("The name looks like that of an organisation, not of a person."),
    "NO_LEGAL_FORM": _("The name of the organisation states no legal form."),
    "MIXED_FORMS": _("The name of the organisation states several legal forms."),
    "FORM_ONLY": _("The name of the organisation is only a legal form."),
    "BRANCH": _("The name designates a branch of the organisation."),
    # numbers
    "CHECK_DIGIT": _("The check digit does not agree with the other digits."),
    "IMPOSSIBLE_DATE": _("The date does not exist in the calendar."),
    "FUTURE": _("The date lies in the future."),
    "TOO_OLD": _("The date lies more than 120 years back."),
    "UNKNOWN_KIND": _("The digits that give the kind of the number are not in use."),
    "PLUS_LOST": _("Spaces stood where plus signs had been lost in transport."),
    # phones
    "EXTENSION": _("An extension was removed from the phone number."),
    "RETIRED": _("The number belongs to a range that was closed with the second generation network."),
    "AREA_CODE": _("An area code was removed from a number that has none."),
    "NOT_MOBILE": _("The number is not that of a mobile phone."),
    "CORPORATE": _("The number serves organisations, not persons."),
    "NO_AREA_CODE": _("The phone number lacks an area code."),
    "TEMPORARY": _("The number is a forwarding number that serves for a short time only."),
    "UNKNOWN_RANGE": _("The number lies in no range of the numbering plan."),
    # e-mail
    "DOMAIN_TYPO": _("A misspelt domain was corrected."),
    "DEAD_DOMAIN": _("The mail service of the domain has been closed."),
    # dates
    "LUNAR": _("The date is given in the lunar calendar."),
    "NO_SOLAR_DATE": _("The lunar day has no counterpart of the same number in the solar calendar."),
    "EXCEL_SERIAL": _("The date was read from the serial number of a spreadsheet."),
    "YEAR_ONLY": _("The day, or day and month, is missing."),
    "TWO_DIGIT_YEAR": _("The century was not given and was assumed."),
    "DAY_ORDER": _("The year stands last, so day and month may be exchanged."),
    "OPEN_END": _("The date stands for an open end."),
    "UNLIKELY_YEAR": _("The year is unlikely for this kind of date."),
    # addresses
    "NO_REGION": _("The province or metropolitan city is missing."),
    "REGION_FROM_POSTCODE": _("The province or metropolitan city was derived from the postcode."),
    "NO_DISTRICT": _("The city, county or district is missing."),
    "OLD_DISTRICT": _("The district has been abolished or divided."),
    "NO_STREET": _("Neither a road with a building number nor a lot number was found."),
    "PO_BOX": _("The address is a post office box, not a place."),
    "FOREIGN_ADDRESS": _("The address contains no Korean text."),
    "OLD_POSTCODE": _("The postcode is of the six-digit kind that ended in 2015."),
    "POSTCODE_FORM": _("The postcode does not have five digits."),
    "POSTCODE_UNKNOWN": _("The postcode begins with digits that belong to no province or metropolitan city."),
    "POSTCODE_MISMATCH": _("The postcode belongs to another province or metropolitan city than the address."),
    # codes
    "UNKNOWN_CODE": _("The code is not in the list of codes."),
    "RESIDENT_DIGIT": _("The sex was read from the seventh digit of a resident number."),
}
