"""Group contracts: their pages, the panel of a customer, ends of cover for planners."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.home import cards_for
from accounts.models import Staff
from customers.models import Contract, Customer
from customers.panels import panels_for
from relations.models import CoverEnd, GroupMember
from relations.panels.groups import group_cover
from relations.services import groups_ends
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, contract, feed, make_customer, make_rrn, party, person
from tests.customers.protecting import protect
from tests.relations.rosters import ON, applied, employee, holder, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
LIST, ENDS = "/relations/groups/", "/relations/cover-ends/"
RRN = make_rrn("850302", 2)
FP = "F00001"


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def words(response: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def steward():
    return make_staff("DATA_STEWARD", language="en")


@pytest.fixture
def client(steward):
    return client_of(steward)


@pytest.fixture
def fp():
    return make_staff("FP", employee_number=FP, language="en")


def one_person(key: str = "K1", **cells: str) -> Customer:
    """A customer of the planner who consented, and who is the employee 1001 of the lists here."""
    given = {
        "name": "김하나",
        "birth_date": "1985-03-02",
        "rrn": RRN,
        "fp_code": FP,
        "marketing_consent_on": "2026-01-01",
    }
    feed([person(source_key=key, **given | cells)])
    feed([contract(fp_code=FP)], layout="contracts")
    feed([party(party_source_key=key)], layout="parties")
    return Customer.objects.get(links__record__source_key=key)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("FP", 403),
        ("BRANCH_MANAGER", 403),
        ("CAMPAIGN_MANAGER", 403),
        ("ADMINISTRATOR", 403),
        ("SERVICE_CLIENT", 403),
        ("AUDITOR", 403),
        ("DATA_STEWARD", 200),
        ("COMPLIANCE_OFFICER", 200),
        ("PRIVACY_OFFICER", 200),
    ],
)
def test_members_are_for_those_who_keep_or_watch_group_contracts(role, status):
    group = make_group()
    client = client_of(make_staff(role))

    assert [client.get(url).status_code for url in (LIST, f"{LIST}{group.pk}/")] == [status] * 2


def test_a_contract_of_an_organisation_that_one_may_not_see_is_not_found(client):
    group = make_group()
    protect(holder(group))

    assert (client.get(f"{LIST}{group.pk}/").status_code, client.get(LIST).context["lines"]) == (404, [])
    assert client.get(f"{LIST}999999999999/").status_code == 404


def test_a_contract_is_shown_with_dependants_below_their_employee_and_what_each_holds(client, steward):
    customer, group = one_person(), make_group()
    rows = [
        employee("1001", "김하나", 주민등록번호=RRN, 휴대전화="010-2743-9381"),
        employee("1001", "박두리", "2015-05-05", 관계="자녀", 입사일=""),
        employee("1002", "최세라", "1990-01-01", 퇴사일=""),
    ]
    applied(group, rows, by=steward)

    shown = client.get(f"{LIST}{group.pk}/")

    lines = shown.context["lines"]
    assert [(line.name, line.relation, [each.name for each in line.dependants]) for line in lines] == [
        ("김하나", "Employee", ["박두리"]),
        ("최세라", "Employee", []),
    ]
    found = lines[0]
    assert (found.birth_date, found.contact, found.face.url) == (
        "1985-03-02",
        "010-2743-9381",
        customer.get_absolute_url(),
    )
    assert [each.product for each in found.contracts] == ["정기보험"]
    figures = shown.context["figures"]
    assert (figures.employees, figures.dependants, figures.linked, figures.waiting) == (2, 1, 1, 0)
    assert "850302-2" not in words(shown)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["김하나", "최세라", "정네모"]),
        ("?state=ENDED", ["정네모"]),
        ("?state=COVERED", ["김하나", "최세라"]),
        ("?relation=CHILD", ["박두리"]),
        ("?match=LINKED", ["김하나"]),
        ("?match=UNLINKED", ["최세라", "정네모", "박두리"]),
        ("?match=NONSENSE", ["김하나", "최세라", "정네모"]),
        ("?match=DOUBTFUL", []),
    ],
)
def test_members_are_narrowed(client, steward, query, expected):
    one_person()
    group = make_group()
    rows = [
        employee("1001", "김하나", 주민등록번호=RRN),
        employee("1001", "박두리", "2015-05-05", 관계="자녀", 입사일=""),
        employee("1002", "최세라", "1990-01-01"),
        employee("1003", "정네모", "1991-01-01"),
    ]
    applied(group, rows, by=steward, on=date(2026, 10, 1))
    applied(group, rows[:3], by=steward)

    lines = client.get(f"{LIST}{group.pk}/{query}").context["lines"]

    assert [line.name for line in lines] == expected


def test_who_may_only_see_masks_sees_masks(steward):
    group = make_group()
    applied(group, [employee("1001", "김하나", 휴대전화="010-2743-9381")], by=steward)

    (line,) = client_of(make_staff("COMPLIANCE_OFFICER")).get(f"{LIST}{group.pk}/").context["lines"]

    assert (line.name, line.birth_date, line.contact) == ("김*나", "1985-**-**", "010-****-9381")


def test_of_a_member_who_is_a_protected_customer_nothing_is_told(client, steward):
    customer, group = one_person(), make_group()
    rows = [employee("1001", "김하나", 주민등록번호=RRN, 휴대전화="010-2743-9381")]
    applied(group, [*rows, employee("1001", "박두리", "2015-05-05", 관계="자녀")], by=steward)
    protect(customer)

    (line,) = client.get(f"{LIST}{group.pk}/").context["lines"]

    assert (line.is_linked, line.face, line.contracts) == (True, None, ())
    for each in (line, *line.dependants):
        assert (each.name, each.employee_no, each.birth_date, each.contact) == ("", "", "", "")


def test_lists_and_pages_ask_as_much_for_three_as_for_one(client, steward):
    one_person()
    counts = []
    for number in (1, 3):
        for place in range(number):
            group = make_group(f"G{number}{place}", name=f"(주)한빛{number}{place}", serial=number * 10 + place)
        rows = [employee(str(serial), "김하나", f"19{serial}-01-01") for serial in range(60, 60 + number)]
        rows += [
            employee("60", "박두리", "2015-05-05", 관계="자녀", 입사일=""),
            employee("99", "김하나", 주민등록번호=RRN),
        ]
        applied(group, rows, by=steward)
        client.get(LIST)
        client.get(f"{LIST}{group.pk}/")
        with CaptureQueriesContext(connection) as of_list:
            client.get(LIST)
        with CaptureQueriesContext(connection) as of_page:
            client.get(f"{LIST}{group.pk}/")
        counts.append((len(of_list), len(of_page)))

    assert counts[0] == counts[1]


def test_there_may_be_nothing_to_show(client):
    assert "There is no group contract yet" in words(client.get(LIST))
    group = make_group()
    assert "No list of members was applied yet" in words(client.get(f"{LIST}{group.pk}/"))
    assert "No group contract has this number" in words(client.get(f"{LIST}?contract_no=X"))
    assert [line.contract for line in client.get(f"{LIST}?contract_no=G1").context["lines"]] == [group]


def test_the_panel_of_a_person_tells_covers_in_one_query_and_that_of_an_organisation_how_many(steward):
    customer, group = one_person(), make_group()
    applied(group, [employee("1001", "김하나", 주민등록번호=RRN)], by=steward)
    firm = holder(group)
    steward = Staff.objects.get(pk=steward.pk)
    steward.has_perm("x")
    panels_for(customer, steward)
    with CaptureQueriesContext(connection) as captured:
        of_person = group_cover(customer, steward)
    with CaptureQueriesContext(connection) as of_firm:
        of_organisation = group_cover(firm, steward)

    (cover,) = of_person.content
    assert (cover.employer, cover.contract, cover.contract_id) == ("(주)한빛상사", "G1", group.pk)
    assert [(each.contract, each.covered, each.linked) for each in of_organisation.content] == [("G1", 1, 1)]
    assert (len(captured), len(of_firm)) == (1, 1)


def test_no_panel_for_planners_or_without_cover(steward, fp):
    customer, group = one_person(), make_group()
    assert group_cover(customer, steward) is None
    applied(group, [employee("1001", "김하나", 주민등록번호=RRN)], by=steward)

    assert group_cover(customer, fp) is None
    assert group_cover(customer, make_staff("CAMPAIGN_MANAGER")) is None


def leave(steward, **more: object) -> CoverEnd:
    """The employee 1001 leaves."""
    group = make_group()
    rows = [employee("1001", "김하나", 주민등록번호=RRN), employee("1002", "최세라", "1990-01-01")]
    applied(group, rows, by=steward, on=date(2026, 10, 1))
    applied(group, [rows[0] | {"퇴사일": "2026-10-31"}, rows[1]], by=steward, **more)
    return CoverEnd.objects.get()


def test_an_end_of_cover_goes_to_the_keeper_who_may_say_so(steward, fp):
    customer = one_person()

    end = leave(steward)

    assert (end.on, end.because, end.fp, end.why_not) == (date(2026, 11, 1), "LEFT", fp, "")
    client = client_of(fp)
    shown = client.get(ENDS)
    (line,) = shown.context["lines"]
    assert (line.face.number, line.on, line.is_seen) == (customer.number, date(2026, 11, 1), False)
    for word in ("한빛상사", "G1", "1001", "Left the company"):
        assert word not in words(shown)
    with translation.override("en"):
        assert "1 customer" in [card.figure for card in cards_for(fp)]


def test_an_end_of_cover_is_noted_as_seen_once_and_by_its_planner_alone(steward, fp):
    one_person()
    end = leave(steward)
    other = client_of(make_staff("FP"))

    assert other.post(f"{ENDS}{end.pk}/see/").status_code == 404
    client = client_of(fp)
    assert "that you have seen it" in words(client.post(f"{ENDS}{end.pk}/see/", follow=True))
    assert "noted before" in words(client.post(f"{ENDS}{end.pk}/see/", follow=True))
    with pytest.raises(groups_ends.NotYours):
        groups_ends.see_cover_end(cover_end=end, by=make_staff("FP"), at=NOW)
    assert cards_for(Staff.objects.get(pk=fp.pk)) == [
        card for card in cards_for(fp) if card.template != "relations/_cover_card.html"
    ]


@pytest.mark.parametrize(
    ("cells", "why_not"),
    [
        ({"marketing_consent_on": ""}, "NO_CONSENT"),
        ({"fp_code": ""}, "NO_KEEPER"),
        ({"fp_code": "F00009"}, "NO_KEEPER"),
        ({"rrn": "", "name": "한다솜", "birth_date": "1961-05-06"}, "NO_CUSTOMER"),
    ],
)
def test_without_consent_or_keeper_nobody_is_told_and_it_is_known_why(steward, fp, cells, why_not):
    one_person(**cells)
    if "fp_code" in cells:
        Customer.objects.filter(kind="PERSON").update(keeper=cells["fp_code"] or None)

    end = leave(steward)

    assert (end.fp, end.why_not) == (None, why_not)
    assert client_of(fp).get(ENDS).context["lines"] == []


def test_a_protected_customer_is_told_to_nobody(steward, fp):
    protect(one_person())

    assert leave(steward).why_not == "PROTECTED"


def test_consent_that_is_withdrawn_since_takes_the_end_from_the_list(steward, fp):
    customer = one_person()
    leave(steward)
    Customer.objects.filter(pk=customer.pk).update(marketing_consent_on=None)

    assert client_of(fp).get(ENDS).context["lines"] == []


def test_an_end_that_is_taken_back_or_moved_is_told_anew(steward, fp):
    one_person()
    group = make_group()
    rows = [employee("1001", "김하나", 주민등록번호=RRN), employee("1002", "최세라", "1990-01-01")]
    applied(group, rows, by=steward, on=date(2026, 10, 1))
    applied(group, [rows[0] | {"퇴사일": "2026-12-31"}, rows[1]], by=steward, on=date(2026, 10, 2))
    assert CoverEnd.objects.get().on == date(2027, 1, 1)

    applied(group, [rows[0] | {"퇴사일": "2026-11-30"}, rows[1]], by=steward, on=date(2026, 10, 3))
    assert CoverEnd.objects.get().on == date(2026, 12, 1)

    applied(group, rows, by=steward, on=date(2026, 10, 4))
    assert (CoverEnd.objects.count(), GroupMember.objects.get(employee_no="1001").cover_until) == (0, None)


def test_a_contract_that_ends_ends_the_cover_of_all_once(steward, fp):
    one_person()
    group = make_group()
    applied(group, [employee("1001", "김하나", 주민등록번호=RRN), employee("1002", "최세라", "1990-01-01")], by=steward)
    Contract.objects.filter(pk=group.pk).update(ends_on=date(2026, 11, 20))

    assert (groups_ends.end_covers_of_contracts(at=NOW), groups_ends.end_covers_of_contracts(at=NOW)) == (2, 0)
    assert list(CoverEnd.objects.order_by("pk").values_list("on", "because", "fp__employee_number", "why_not")) == [
        (date(2026, 11, 20), "CONTRACT", FP, ""),
        (date(2026, 11, 20), "CONTRACT", None, "NO_CUSTOMER"),
    ]


def test_cover_of_a_contract_that_goes_on_does_not_end(steward):
    applied(make_group(), [employee()], by=steward)

    assert groups_ends.end_covers_of_contracts(at=NOW + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("role", "status"), [("FP", 200), ("BRANCH_MANAGER", 200), ("DATA_STEWARD", 403), ("CAMPAIGN_MANAGER", 403)]
)
def test_ends_are_for_those_who_keep_customers(role, status):
    assert client_of(make_staff(role)).get(ENDS).status_code == status
    assert client_of(make_staff(role)).post(f"{ENDS}1/see/").status_code == (404 if status == 200 else 403)


def test_the_list_of_ends_asks_as_much_for_three_as_for_one(fp):
    group = make_group()
    counts = []
    for number in range(3):
        customer = make_customer(keeper_id=FP, marketing_consent_on=date(2026, 1, 1))
        member = GroupMember.objects.create(
            contract=group,
            organisation=holder(group),
            customer=customer,
            relation="SELF",
            employee_no=str(number),
            name="김하나",
            cover_from=ON,
            cover_until=date(2026, 11, 20),
            matched_at=NOW,
        )
        groups_ends.note_cover_ends(members=[member], because={member.pk: "LEFT"}, at=NOW)
        client = client_of(fp)
        client.get(ENDS)
        with CaptureQueriesContext(connection) as captured:
            shown = client.get(ENDS)
        counts.append((len(shown.context["lines"]), len(captured)))

    assert [lines for lines, _count in counts] == [1, 2, 3]
    assert counts[0][1] == counts[2][1]
