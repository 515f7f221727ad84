"""Keys of service clients: who gets one, what it opens, when it closes."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import RightsChange, ServiceKey
from accounts.services import IssuedKey
from tests.accounts.builders import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
WHOAMI = "/services/whoami/"
PAGE = "/accounts/service-keys/"


@pytest.fixture
def admin():
    return make_staff("ADMINISTRATOR", employee_number="admin")


@pytest.fixture
def portal():
    return make_staff("SERVICE_CLIENT", employee_number="portal", name="온라인창구")


def issue(staff, by, **fields) -> IssuedKey:
    now = timezone.now()
    given = {
        "name": "운영",
        "scopes": ["client.read"],
        "networks": [],
        "expires_at": now + timedelta(days=30),
        "at": now,
    }
    return services.issue_key(staff=staff, by=by, **given | fields)


def call(token: str, **extra: str):
    return Client().get(WHOAMI, headers={"Authorization": f"Bearer {token}"}, **extra)


def reason_of(token: str, *, address: str = "10.1.1.1", at=None) -> str:
    with pytest.raises(services.KeyRefused) as refusal:
        services.authenticate(header=f"Bearer {token}", address=address, at=at or timezone.now())
    return refusal.value.reason


def test_whoami_tells_the_client_what_its_key_opens_and_until_when(portal, admin):
    issued = issue(portal, admin)

    answer = call(issued.token)

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "client": "portal",
            "key": "운영",
            "scopes": ["client.read"],
            "expires_at": issued.key.expires_at.isoformat(),
        },
    )
    assert answer.cookies == {}


def test_nothing_of_the_secret_is_kept(portal, admin):
    issued = issue(portal, admin)

    secret = issued.token.rsplit("_", 1)[-1]
    kept = [str(value) for value in ServiceKey.objects.values_list().get()]
    noted = str(list(RightsChange.objects.values_list()))
    assert re.fullmatch(r"hk_[a-z2-9]{10}_[\w-]{43}", issued.token)
    assert not any(secret in text for text in (*kept, noted))


@pytest.mark.parametrize(
    "header", ["", "Bearer ", "Basic aGs6eA==", "Bearer hk_x_y", "bearer hk_abcdefghjk_" + "A" * 43]
)
def test_a_header_that_is_no_key_is_refused(header):
    assert Client().get(WHOAMI, headers={"Authorization": header}).status_code == 401


def test_a_wrong_secret_is_refused_like_an_unknown_key(portal, admin):
    issued = issue(portal, admin)
    wrong = issued.token[:-1] + ("A" if issued.token[-1] != "A" else "B")
    unknown = "hk_" + "2" * 10 + "_" + "A" * 43

    assert (reason_of(wrong), reason_of(unknown)) == ("UNKNOWN", "UNKNOWN")
    assert call(wrong).content == call(unknown).content


def test_a_key_closes_when_it_expires_is_revoked_or_its_client_leaves(portal, admin):
    expired, revoked, orphaned = issue(portal, admin), issue(portal, admin), issue(portal, admin)
    now = timezone.now()
    services.revoke_key(key=revoked.key, by=admin, at=now, reason="유출 의심")

    assert reason_of(expired.token, at=expired.key.expires_at) == "EXPIRED"
    assert reason_of(revoked.token) == "REVOKED"
    services.withdraw_role(staff=portal, role="SERVICE_CLIENT")
    assert reason_of(orphaned.token) == "CLIENT"


def test_a_key_opens_only_from_its_networks(portal, admin):
    issued = issue(portal, admin, networks=["10.20.0.0/16", "2001:db8::/32", "192.168.1.7"])

    assert reason_of(issued.token, address="10.21.0.1") == "NETWORK"
    assert reason_of(issued.token, address="") == "NETWORK"
    for address in ("10.20.3.4", "2001:db8::9", "192.168.1.7"):
        key = services.authenticate(header=f"Bearer {issued.token}", address=address, at=timezone.now())
        assert key == issued.key


def test_the_address_behind_proxies_is_what_they_saw_and_not_what_was_written_before(portal, admin, settings):
    settings.PROXY_COUNT = 1
    token = issue(portal, admin, networks=["10.20.0.0/16"]).token

    assert call(token, HTTP_X_FORWARDED_FOR="10.20.0.1, 203.0.113.9").status_code == 401
    assert call(token, HTTP_X_FORWARDED_FOR="203.0.113.9, 10.20.0.1").status_code == 200


def test_a_key_without_the_scope_is_forbidden(portal, admin, settings):
    settings.SERVICE_SCOPES = settings.SERVICE_SCOPES | {"other": "Something else"}

    answer = call(issue(portal, admin, scopes=["other"]).token)

    assert (answer.status_code, answer.json()) == (403, {"error": "forbidden", "scope": "client.read"})


def test_a_rotated_key_stays_good_for_a_while_and_is_rotated_once(portal, admin, settings):
    settings.SERVICE_KEY_OVERLAP_HOURS = 24
    old, now = issue(portal, admin, networks=["10.0.0.0/8"]), timezone.now()

    new = services.rotate_key(key=old.key, expires_at=now + timedelta(days=90), by=admin, at=now)

    assert (new.key.name, new.key.scopes, new.key.networks) == (old.key.name, old.key.scopes, old.key.networks)
    for token in (old.token, new.token):
        services.authenticate(header=f"Bearer {token}", address="10.0.0.1", at=now + timedelta(hours=23))
    assert reason_of(old.token, at=now + timedelta(hours=24)) == "EXPIRED"
    with pytest.raises(services.KeyClosed):
        services.rotate_key(key=old.key, expires_at=now + timedelta(days=90), by=admin, at=now)


def test_rotating_never_lengthens_the_life_of_the_old_key(portal, admin):
    now = timezone.now()
    old = issue(portal, admin, expires_at=now + timedelta(minutes=5))

    services.rotate_key(key=old.key, expires_at=now + timedelta(days=90), by=admin, at=now)

    assert ServiceKey.objects.get(pk=old.key.pk).expires_at == now + timedelta(minutes=5)


def test_use_is_noted_once_a_minute(portal, admin):
    issued, now = issue(portal, admin), timezone.now()

    for seconds in (0, 30, 61):
        header = f"Bearer {issued.token}"
        services.authenticate(header=header, address="10.0.0.1", at=now + timedelta(seconds=seconds))

    assert ServiceKey.objects.get().last_used_at == now + timedelta(seconds=61)


def test_keys_are_for_service_clients_known_scopes_and_real_networks(admin, portal):
    with pytest.raises(services.NoServiceClient):
        issue(make_staff("FP"), admin)
    with pytest.raises(services.UnknownScope):
        issue(portal, admin, scopes=["everything"])
    with pytest.raises(services.FaultyNetwork):
        issue(portal, admin, networks=["10.0.0.1/8"])


def test_every_change_of_a_key_is_recorded(portal, admin):
    now = timezone.now()
    old = issue(portal, admin)
    new = services.rotate_key(key=old.key, expires_at=now + timedelta(days=9), by=admin, at=now)
    services.revoke_key(key=new.key, by=admin, at=now, reason="유출 의심")

    changes = RightsChange.objects.filter(kind__startswith="SERVICE_KEY").order_by("pk")
    noted = [(change.staff, change.by, change.kind, change.what["key"], change.reason) for change in changes]
    assert noted == [
        (portal, admin, "SERVICE_KEY_ISSUED", old.key.prefix, ""),
        (portal, admin, "SERVICE_KEY_ROTATED", new.key.prefix, ""),
        (portal, admin, "SERVICE_KEY_REVOKED", new.key.prefix, "유출 의심"),
    ]


def test_a_key_opens_no_page_and_a_session_opens_no_service(portal, admin, client):
    token = issue(portal, admin).token
    client.force_login(admin)

    assert Client().get("/", headers={"Authorization": f"Bearer {token}"}).status_code == 302
    assert client.get(WHOAMI).status_code == 401


def test_forms_of_pages_need_their_token_whatever_the_header_says(portal, admin):
    token = issue(portal, admin).token
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)

    assert client.post("/accounts/sessions/end/", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_a_service_client_never_logs_in_with_a_password(client):
    make_staff("SERVICE_CLIENT", employee_number="portal", password=PASSWORD)
    make_staff(employee_number="E1", password=PASSWORD)

    refused = client.post("/accounts/login/", {"username": "portal", "password": PASSWORD})
    wrong = client.post("/accounts/login/", {"username": "E1", "password": "wrong"})

    assert refused.context["form"].non_field_errors() == wrong.context["form"].non_field_errors()
    assert "_auth_user_id" not in client.session


def test_an_administrator_issues_rotates_and_revokes_on_the_page(portal, admin, client):
    client.force_login(admin)
    form = {"staff": portal.pk, "name": "운영", "scopes": ["client.read"], "networks": "10.0.0.0/8", "days": 30}

    issued = client.post(f"{PAGE}issue/", form).context["issued"]
    rotated = client.post(f"{PAGE}{issued.key.pk}/rotate/").context["issued"]
    without_reason = client.post(f"{PAGE}{rotated.key.pk}/revoke/", follow=True)
    still_open = ServiceKey.objects.get(pk=rotated.key.pk).revoked_at
    client.post(f"{PAGE}{rotated.key.pk}/revoke/", {"reason": "교체 시험"})

    assert call(issued.token, REMOTE_ADDR="10.1.1.1").status_code == 200
    assert call(rotated.token, REMOTE_ADDR="10.1.1.1").status_code == 401
    assert (still_open, [message.level_tag for message in without_reason.context["messages"]]) == (None, ["error"])
    page = client.get(PAGE)
    assert issued.token not in page.content.decode()
    assert [key.state for key in page.context["keys"]] == ["REPLACED", "REVOKED"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"networks": "10.0.0.0/33"}, "networks"),
        ({"networks": "<script>"}, "networks"),
        ({"scopes": ["all"]}, "scopes"),
        ({"days": 100_000}, "days"),
        ({"days": 0}, "days"),
        ({"name": ""}, "name"),
        ({"staff": 0}, "staff"),
    ],
)
def test_a_faulty_form_issues_nothing_and_names_the_field(portal, admin, client, changed, field):
    client.force_login(admin)
    form = {"staff": portal.pk, "name": "운영", "scopes": ["client.read"], "networks": "", "days": 30} | changed

    answer = client.post(f"{PAGE}issue/", form)

    assert list(answer.context["form"].errors) == [field]
    assert ServiceKey.objects.count() == 0


@pytest.mark.parametrize("role", ["FP", "COMPLIANCE_OFFICER", "AUDITOR"])
def test_others_may_neither_see_nor_change_keys(portal, admin, client, role):
    key = issue(portal, admin).key
    client.force_login(make_staff(role))

    answers = [
        client.get(PAGE),
        client.get(f"{PAGE}issue/"),
        client.post(f"{PAGE}{key.pk}/rotate/"),
        client.post(f"{PAGE}{key.pk}/revoke/", {"reason": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert ServiceKey.objects.count() == 1


def test_the_list_needs_as_many_queries_for_three_keys_as_for_one(
    portal, admin, client, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(admin)
    assert client.get(PAGE).status_code == 200
    issue(portal, admin)
    with django_assert_max_num_queries(20) as first:
        client.get(PAGE)
    issue(portal, admin)
    issue(make_staff("SERVICE_CLIENT"), admin)

    with django_assert_num_queries(len(first)):
        assert len(client.get(PAGE).context["keys"]) == 3
