import pytest

from tests.accounts.builders import make_staff

pytestmark = pytest.mark.django_db


def test_staff_are_filtered_by_the_name_of_their_role(client):
    client.force_login(make_staff("ADMINISTRATOR"))
    auditor = make_staff("AUDITOR")

    changes = client.get("/admin/accounts/staff/?role=AUDITOR").context["cl"]

    assert list(changes.queryset) == [auditor]
    assert ("AUDITOR", "감사자") in changes.filter_specs[-1].lookup_choices
