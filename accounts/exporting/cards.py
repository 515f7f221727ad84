"""The card of the start page about files: what is to be decided, taken, or destroyed."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.exporting.register import decidable_exports
from accounts.home import Card, links_to
from accounts.models import Export, Staff


def exported_files(staff: Staff) -> Card | None:
    """Files that wait for this person; hidden while there are none."""
    now = timezone.now()
    is_copied = Q(destroyed_at=None, downloaded_count__gt=0)
    own = Export.objects.filter(requested_by=staff).aggregate(
        ready=Count("pk", filter=Q(state=Export.State.READY, expires_at__gt=now)),
        copies=Count("pk", filter=is_copied),
        overdue=Count("pk", filter=is_copied & Q(destroy_by__lt=timezone.localdate(now))),
    )
    waiting = decidable_exports(staff).count()
    facts = [
        (_("To decide: %(count)s"), waiting),
        (_("Can be downloaded: %(count)s"), own["ready"]),
        (_("Copies to destroy: %(count)s"), own["copies"]),
        (_("Copies not destroyed in time: %(count)s"), own["overdue"]),
    ]
    told = [words % {"count": localize(count)} for words, count in facts if count]
    if not told:
        return None
    links = links_to([(_("Go to the files"), "accounts:export-list", "list-details")])
    return Card(_("Exported files"), "file-download", text=" · ".join(told), links=links)
