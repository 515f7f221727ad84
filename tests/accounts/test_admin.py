import pytest

from accounts.models import RightsChange
from tests.accounts.builders import make_staff

pytestmark = pytest.mark.django_db


def test_staff_are_filtered_by_the_name_of_their_role(client):
    client.force_login(make_staff("ADMINISTRATOR"))
    auditor = make_staff("AUDITOR")

    changes = client.get("/admin/accounts/staff/?role=AUDITOR").context["cl"]

    assert list(changes.queryset) == [auditor]
    assert ("AUDITOR", "감사자") in changes.filter_specs[-1].lookup_choices


def test_a_link_to_choose_a_password_is_on_record_and_never_for_oneself(client):
    by, other = make_staff("ADMINISTRATOR", language="en"), make_staff("AUDITOR")
    client.force_login(by)

    chosen = {"action": "issue_link", "_selected_action": [by.pk, other.pk]}
    told = client.post("/admin/accounts/staff/", chosen, follow=True).context["messages"]

    said = [str(message) for message in told]
    assert ["/accounts/password/" in each for each in said].count(True) == 1
    assert "Nobody issues a link for their own account." in said
    changes = RightsChange.objects.filter(kind="PASSWORD_LINK_ISSUED").values_list("staff", "by")
    assert list(changes) == [(other.pk, by.pk)]
