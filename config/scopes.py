"""What the key of a service client may open, as data: `{scope: what it allows}`."""

from django.utils.translation import gettext_noop as _

SCOPES = {
    "client.read": _("Ask which client the key belongs to, what it opens and until when"),
    "relations.read": _("Read the relationships of a customer"),
    "consent.read": _("Read the consents of a customer, and ask whether one may be contacted"),
    "consent.write": _("Record consents, withdrawals, refusals and verifications"),
    "consent.destroy": _("Ask for the destruction of a customer, and answer for copies"),
    "relations.write": _("Register and end relationships"),
}
