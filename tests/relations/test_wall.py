"""The purpose wall: employers' data are refused for sales and campaigns, with the clause, and the refusal is kept."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from accounts.models import AccessEntry, Staff
from config.urls import urlpatterns as house
from relations import wall
from relations.models import WallHit
from relations.services import groups_walls
from tests.accounts.builders import make_staff
from tests.relations.rosters import applied, employee, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
GROUPS, HITS = "/relations/groups/", "/relations/purpose-wall/"
PLANTED = "/planted/"


def planted(request: HttpRequest) -> HttpResponse:
    """A page that changes something and then runs into the wall."""
    with transaction.atomic():
        Staff.objects.filter(pk=request.user.pk).update(name="바뀜")
        wall.members_for("CAMPAIGN", request.user, "group-list")
    return HttpResponse()


urlpatterns = [*house, path("planted/", planted)]


def client_of(staff: Staff, purpose: str = "") -> Client:
    client = Client()
    client.force_login(staff)
    if purpose:
        session = client.session
        session["purpose"] = purpose
        session.save()
    return client


def words(response: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def with_every_right(*roles: str) -> Staff:
    """Somebody whose rights are no obstacle, so that the wall alone is one."""
    staff = make_staff(*roles, language="en")
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label__in=("customers", "relations")))
    return Staff.objects.get(pk=staff.pk)


@pytest.mark.parametrize("purpose", ["SALES", "CAMPAIGN"])
def test_a_query_that_crosses_the_wall_is_refused_with_the_clause(purpose):
    viewer = with_every_right("DATA_STEWARD")

    with pytest.raises(wall.PurposeWall) as refused:
        wall.members_for(purpose, viewer, "group-list")

    assert refused.value.clause == settings.PURPOSE_WALL_CLAUSE
    assert "735-3" in refused.value.clause


@pytest.mark.parametrize("purpose", ["SERVICE", "CLAIMS", "UNDERWRITING", "STEWARDSHIP", "OVERSIGHT"])
def test_what_keeps_the_contract_may_pass(purpose):
    steward = with_every_right("DATA_STEWARD")
    applied(make_group(), [employee()], by=steward)

    assert wall.members_for(purpose, steward, "group-list").count() == 1
    assert WallHit.objects.count() == 0


@pytest.mark.parametrize(("role", "purpose"), [("FP", "SALES"), ("CAMPAIGN_MANAGER", "CAMPAIGN")])
@pytest.mark.parametrize("right", [False, True])
def test_a_page_behind_the_wall_is_refused_whatever_the_rights(role, purpose, right):
    group = make_group()
    viewer = with_every_right(role) if right else make_staff(role, language="en")
    client = client_of(viewer, purpose)

    answers = [client.get(url) for url in (GROUPS, f"{GROUPS}{group.pk}/")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "Personal Information Protection Act, article 18" in words(answers[0])
    assert list(WallHit.objects.order_by("pk").values_list("by", "purpose", "asked", "clause")) == [
        (viewer.pk, purpose, asked, settings.PURPOSE_WALL_CLAUSE) for asked in ("group-list", "group-detail")
    ]


def test_the_trail_holds_the_refusal_with_the_clause():
    viewer = make_staff("CAMPAIGN_MANAGER")

    client_of(viewer).get(GROUPS)

    entry = AccessEntry.objects.get(staff_id=viewer.pk, page="relations:group-list")
    assert (entry.result, entry.reason, entry.purpose) == (403, settings.PURPOSE_WALL_CLAUSE, "CAMPAIGN")
    assert '"refused_for": "CAMPAIGN"' in entry.conditions


@pytest.mark.urls(__name__)
def test_the_refusal_is_kept_though_the_page_is_undone():
    viewer = make_staff("CAMPAIGN_MANAGER", name="먼저")

    answer = client_of(viewer).get(PLANTED)

    assert answer.status_code == 403
    assert Staff.objects.get(pk=viewer.pk).name == "먼저"
    assert WallHit.objects.get().by == viewer


def test_the_refusal_of_a_job_is_kept_though_its_transaction_is_undone():
    viewer = make_staff("CAMPAIGN_MANAGER", name="먼저")

    with pytest.raises(wall.PurposeWall), wall.watching(), transaction.atomic():
        Staff.objects.filter(pk=viewer.pk).update(name="바뀜")
        wall.members_for("CAMPAIGN", viewer, "segment")

    assert (Staff.objects.get(pk=viewer.pk).name, WallHit.objects.get().asked) == ("먼저", "segment")
    entry = AccessEntry.objects.get(page=groups_walls.PAGE)
    assert (entry.staff_id, entry.result, entry.reason) == (viewer.pk, 403, settings.PURPOSE_WALL_CLAUSE)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_refusal_is_kept_at_once_and_only_once():
    viewer = make_staff("CAMPAIGN_MANAGER")

    with pytest.raises(wall.PurposeWall) as refused:
        wall.members_for("CAMPAIGN", viewer, "segment")
    wall.keep(refused.value)

    assert WallHit.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("FP", 403),
        ("DATA_STEWARD", 403),
        ("CAMPAIGN_MANAGER", 403),
        ("COMPLIANCE_OFFICER", 200),
        ("PRIVACY_OFFICER", 200),
    ],
)
def test_refusals_are_for_those_who_watch(role, status):
    assert client_of(make_staff(role)).get(HITS).status_code == status


def test_refusals_are_listed_the_newest_first():
    watcher = client_of(make_staff("COMPLIANCE_OFFICER", language="en"))
    assert "Nobody was refused" in words(watcher.get(HITS))
    viewer = make_staff("CAMPAIGN_MANAGER")
    client_of(viewer).get(GROUPS)
    client_of(viewer).get(f"{GROUPS}1/")

    shown = watcher.get(HITS)

    assert [(hit.by, purpose, asked) for hit, purpose, asked, _clause in shown.context["lines"]] == [
        (viewer, "Campaigns", "Members of a group contract"),
        (viewer, "Campaigns", "Group contracts"),
    ]


# Who may touch members without passing the wall: it itself, those who keep, move and destroy them, who says whether
# somebody is insured at all so that nothing of theirs is destroyed, and what makes and measures a demonstration.
MAY_TOUCH = (
    *("relations/wall.py", "relations/holding/groups.py", "relations/demo/groups.py", "relations/bench/groups.py"),
    "relations/living.py",
    *("relations/services/rosters", "relations/services/groups"),
)
WAYS = {"group_members", "group_covers"}
BELOW = ("customers", "config")  # they know nothing of members; their words may be the same


def touching(root: Path) -> list[str]:
    """Modules that reach members by their manager or from a customer or contract."""
    found = []
    for folder in ("relations", "consent", "quality", "campaigns", *BELOW):
        for module in sorted((root / folder).rglob("*.py")):
            name = str(module.relative_to(root))
            if "migrations" in module.parts or "models" in module.parts or name.startswith(MAY_TOUCH):
                continue
            nodes = ast.walk(ast.parse(module.read_text(encoding="utf-8")))
            found += [f"{name}:{node.lineno}" for node in nodes if reaches(node, folder)]
    return found


def reaches(node: ast.AST, folder: str) -> bool:
    """Whether a piece of code leads to members."""
    if isinstance(node, ast.Attribute):
        is_members = isinstance(node.value, ast.Name) and node.value.id == "GroupMember"
        return node.attr in WAYS or is_members and node.attr in ("objects", "_base_manager", "_default_manager")
    return isinstance(node, ast.Constant) and folder not in BELOW and str(node.value).split("__")[0] in WAYS


def test_nobody_reaches_members_but_through_the_wall():
    assert touching(Path(settings.BASE_DIR)) == []


def test_a_way_around_the_wall_is_found(tmp_path):
    (tmp_path / "campaigns").mkdir()
    text = "def all():\n    return GroupMember.objects.all()\ndef more(one):\n    return one.group_covers.all()\n"
    (tmp_path / "campaigns" / "segments.py").write_text(text)

    assert touching(tmp_path) == ["campaigns/segments.py:2", "campaigns/segments.py:4"]
