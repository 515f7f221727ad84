"""The certificate of a batch as a document, to be written as PDF; in Korean, whoever reads it."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from consent.models import DestructionBatch
from consent.packs import Block, Chapter, Document, Row
from consent.paper import as_pdf
from consent.reports.batches import Certificate, certificate_report
from customers.formats import amount, moment


def certificate_as_pdf(batch: DestructionBatch) -> bytes:
    """The certificate of a batch that is closed on A4; the same bytes each time."""
    with translation.override("ko"):
        return as_pdf(_document(certificate_report(batch)), batch.closed_at)


def _document(certificate: Certificate) -> Document:
    said = certificate.said
    is_destroyed = said["action"] == DestructionBatch.Action.DESTROY
    facts = (
        (_("Number"), said["number"]),
        (_("Reason"), f"{certificate.origin}: {said['basis']}"),
        (_("Customers"), amount(said["customers"])),
        (_("Proposed by"), f"{certificate.proposed_by or _('Hannun')} {moment(certificate.proposed_at)}"),
        (_("Approved by"), f"{certificate.decided_by} {moment(certificate.decided_at)}"),
        (_("Carried out at"), moment(certificate.finished_at)),
        (_("Certified at"), moment(certificate.closed_at)),
    )
    fingerprints = (
        (_("Fingerprint of the customer numbers"), said["numbers_digest"]),
        (_("Fingerprint"), certificate.batch.digest),
    )
    return Document(
        title=_("Certificate of destruction") if is_destroyed else _("Certificate of separation"),
        number=said["number"],
        facts=facts,
        intro=_("The fingerprint at the end of this certificate can be checked in Hannun."),
        chapters=(Chapter(_("Certificate"), tuple(_blocks(certificate, fingerprints))),),
    )


def _blocks(certificate: Certificate, fingerprints: Row) -> list[Block]:
    clauses = [
        ((_("Clause"), clause), (_("Customers"), amount(n))) for clause, n in certificate.said["clauses"].items()
    ]
    kinds = [
        ((_("Kind"), line.kind), (_("Before"), amount(line.before)), (_("After"), amount(line.after)))
        for line in certificate.kinds
    ]
    skipped = [((_("Reason"), words), (_("Customers"), amount(count))) for words, count in certificate.skipped]
    copies = [
        (
            (_("Who has it"), " · ".join(filter(None, (copy.who, copy.what)))),
            (_("Answer"), copy.state),
            (_("Destroyed"), f"{amount(copy.destroyed)} / {amount(copy.asked)}"),
            (_("Reason"), " ~ ".join(filter(None, (copy.reason, copy.until))) or "–"),
        )
        for copy in certificate.copies
    ]
    told = (
        ("clauses", _("Basis"), clauses),
        ("kinds", _("Rows before and after"), kinds),
        ("skipped", _("Left out because"), skipped),
        ("copies", _("Copies"), copies),
        ("fingerprints", _("Fingerprint"), [fingerprints]),
    )
    return [Block(code, title, tuple(rows)) for code, title, rows in told if rows]
