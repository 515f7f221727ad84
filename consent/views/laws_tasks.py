"""What is to be done because the law changed, and the items whose owner is not clear."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from accounts.purposes import roles_of
from consent.forms.laws import ResultForm
from consent.models import LawTask
from consent.reports.laws import gap_list, task_list
from consent.services import laws, laws_owners

SEE = "consent.view_law"
EDIT = (SEE, "consent.edit_law")
STATES = ("open", "late", "done")


@require_GET
def law_task_list(request: HttpRequest) -> HttpResponse:
    """Tasks of changed clauses: all of them for whoever sees the registry, else those of the reader's roles.

    Query: whose (mine, all), state (open, late, done).
    """
    roles, sees_all = roles_of(request.user), request.user.has_perm(SEE)
    if not sees_all and not LawTask.objects.filter(owner_role__in=roles).exists():
        raise PermissionDenied
    state = request.GET.get("state", "")
    state = state if state in STATES else "open"
    whose = "mine" if request.GET.get("whose") == "mine" or not sees_all else "all"
    report = task_list(request.user, whose=whose, state=state, today=timezone.localdate())
    context = {"report": report, "state": state, "whose": whose, "sees_all": sees_all}
    return render(request, "consent/law_tasks.html", context)


@require_POST
def law_task_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what came of a task; whoever answers for the thing may, and whoever keeps the registry. Field: result."""
    tasks = LawTask.objects.all()
    if not request.user.has_perms(EDIT):
        tasks = tasks.filter(owner_role__in=roles_of(request.user))
    task = get_object_or_404(tasks, pk=pk)
    form = ResultForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say what came of it."))
        return redirect("consent:law-task-list")
    try:
        laws.finish_task(task=task, result=form.cleaned_data["result"], by=request.user, at=timezone.now())
    except laws.AlreadyDone:
        messages.warning(request, _("The task was done before. Its result stands."))
    else:
        messages.success(request, _("The task was done."))
    return redirect("consent:law-task-list")


class ItemOwnerList(PermissionRequiredMixin, TemplateView):
    """Items of the catalogue without owner or steward, or with two, and who decides until when."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/law_owners.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        lines = gap_list(timezone.localdate())
        unasked = sum(line.task is None for line in lines)
        return super().get_context_data(lines=lines, unasked=unasked, **kwargs)


@require_POST
@permission_required(EDIT, raise_exception=True)
def item_owner_ask(request: HttpRequest) -> HttpResponse:
    """Open a question for every item whose owner is not clear."""
    try:
        count = laws_owners.ask_for_owners(at=timezone.now())
    except laws_owners.NoClause:
        messages.warning(request, _("The registry lacks the article on which these questions hang."))
    else:
        said = ngettext("%(count)s question was opened.", "%(count)s questions were opened.", count)
        messages.success(request, said % {"count": count})
    return redirect("consent:item-owner-list")
