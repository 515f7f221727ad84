"""The words of the rights desk: what may be asked, on what the answers rest, why something is not done."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.rules.rights import NotPutOff

KINDS: Mapping[str, Promise] = {
    "ACCESS": _("Access to one's own data"),
    "CORRECTION": _("Correction of data"),
    "CREDIT_CORRECTION": _("Correction of credit information"),
    "DELETION": _("Deletion of data"),
    "STOP": _("Stop of processing"),
    "WITHDRAWAL": _("Withdrawal of consent"),
    "HISTORY": _("History of use and provision"),
    "PORTABILITY": _("Data to carry along"),
    "AUTOMATED": _("Automated decision"),
}
STATES: Mapping[str, Promise] = {
    "RECEIVED": _("Received, not accepted yet"),
    "ACCEPTED": _("Accepted, being answered"),
    "ANSWERED": _("Request answered"),
    "REFUSED": _("Request refused"),
    "TAKEN_BACK": _("Request taken back"),
}
VIAS: Mapping[str, Promise] = {
    "LETTER": _("By letter"),
    "BRANCH": _("At a branch"),
    "PHONE": _("By telephone"),
    "WEB": _("By the website"),
    "EMAIL": _("By e-mail"),
}
ASKERS: Mapping[str, Promise] = {
    "SELF": _("The person"),
    "LEGAL_REP": _("Legal representative"),
    "PROXY": _("Proxy with power of attorney"),
}
DECISIONS: Mapping[str, Promise] = {
    "OPEN": _("Not decided yet"),
    "GRANTED": _("Granted as asked"),
    "REFUSED": _("Refused with a reason"),
}
ITEMS: Mapping[str, Mapping[str, Promise]] = {
    "ACCESS": {
        "DATA": _("Items and content of the data"),
        "PURPOSES": _("Purposes of collection and use"),
        "RETENTION": _("How long the data are kept"),
        "PROVISION": _("Provision to third parties"),
        "CONSENTS": _("Consents that were given and refused"),
        "LOOKS": _("Who looked at the data, and for what"),
    },
    "DELETION": {
        "ALL": _("All data of the person"),
        "OPTIONAL": _("Data that rest on optional consents"),
    },
    "HISTORY": {
        "USE": _("Use of the data"),
        "PROVISION": _("Provision to third parties"),
    },
    "PORTABILITY": {"DATA": _("All data in a form that machines read")},
    "AUTOMATED": {"MATCHING": _("By which rules records were joined to one customer")},
}
"""{kind: {code of an item: words}}; of the other kinds the items are those of the catalogue, or purposes."""
SOLICITATION = "SOLICITATION"
STOP_SOLICITATION = _("Solicitation by any channel")
CLAUSES: Mapping[str, str] = {
    "ACCESS": "개인정보 보호법 제35조",
    "CORRECTION": "개인정보 보호법 제36조",
    "CREDIT_CORRECTION": "신용정보법 제38조",
    "DELETION": "개인정보 보호법 제36조",
    "STOP": "개인정보 보호법 제37조",
    "WITHDRAWAL": "개인정보 보호법 제37조",
    "HISTORY": "신용정보법 제35조",
    "PORTABILITY": "개인정보 보호법 제35조의2",
    "AUTOMATED": "개인정보 보호법 제37조의2",
}
"""The law that each right is from, as it is cited; not translated."""
NOT_PUT_OFF: Mapping[str, Promise] = {
    NotPutOff.NEVER: _("A request of this kind is never put off."),
    NotPutOff.USED_UP: _("The request was put off as often as the law allows."),
    NotPutOff.NO_DAY: _("Say until when it is put off."),
    NotPutOff.PAST: _("The new day must lie ahead."),
    NotPutOff.NOT_LATER: _("The new day must lie behind the day on which the answer is due."),
    NotPutOff.TOO_LONG: _("The new day lies too far behind the day on which the answer is due."),
}
TONES: Mapping[str, str] = {
    "RECEIVED": "azure",
    "ACCEPTED": "blue",
    "ANSWERED": "green",
    "REFUSED": "secondary",
    "TAKEN_BACK": "secondary",
}
DECISION_TONES: Mapping[str, str] = {"OPEN": "azure", "GRANTED": "green", "REFUSED": "red"}
KEPT: Mapping[str, Promise] = {
    "LIVE_ROLE": _("A contract is in force. Its records are kept while it lasts, and then as long as the law says."),
    "PERIOD": _("The law keeps these data until the day that is named; until then they are kept apart and not used."),
    "HOLD": _("The data are needed for a procedure that is not over. It is looked at again on the day that is named."),
    "GONE": _("The data are kept apart or destroyed already."),
}
"""Why data are kept although their deletion was asked for, told to whoever asked."""
NOTICES: Mapping[str, Promise] = {
    "RIGHTS_DUE": _("Requests of data subjects are due within two days: %(count)s."),
}
