"""The 360° page, the row as sent, retired and written numbers."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Contract, Customer, SourceRecord
from customers.numbering import written_number
from customers.reading import Because, Level
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import contract, feed, grant, make_customer, make_retired, make_rrn, party, person
from tests.customers.profiles import panels_of, rest_of, whole_page

pytestmark = pytest.mark.usefixtures("master")
RRN = make_rrn("850302", 2)
# Each of the two answers, with the row of the session, what the roles may do, and the entry of the trail.
MOST_QUERIES = 20


def login(*roles: str, **fields: object) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, language="en", **fields))
    return client


def disputed() -> Customer:
    """A customer of three sources that disagree on the mobile and the address."""
    same = {"name": "김하나", "birth_date": "1985-03-02", "rrn": RRN, "sex": "F"}
    feed(
        [
            person(
                **same, source_key="P1", mobile="010-1111-2222", as_of="2024-01-05", real_name_verified_on="2024-01-05"
            )
        ]
    )
    feed([person(**same, source_key="B1", mobile="010-3333-4444", as_of="2025-06-07")], "BANCA")
    feed([person(**same, source_key="T1", mobile="010-1111-2222", as_of="2023-02-01")], "TM")
    return Customer.objects.get()


@pytest.mark.parametrize(
    ("role", "panels"),
    [
        (
            "DATA_STEWARD",
            "basics differences contact-points contacts contracts households relationships keepers finances gate "
            "consents sources decisions timeline history",
        ),
        (
            "COMPLIANCE_OFFICER",
            "basics differences contact-points contacts contracts households relationships keepers gate consents "
            "holds sources decisions timeline history",
        ),
        (
            "CAMPAIGN_MANAGER",
            "basics differences contact-points contacts contracts households gate consents sources timeline",
        ),
    ],
)
def test_the_page_has_the_panels_that_the_role_opens(role, panels):
    assert " ".join(panels_of(login(role), make_customer())) == panels


def test_a_value_says_why_it_won_what_it_beat_and_what_would_change_it():
    rows = {row.code: row for row in panels_of(login("DATA_STEWARD"), disputed())["basics"]}

    mobile = rows["mobile"]
    assert (str(mobile.value), mobile.source, mobile.as_of, mobile.certainty, mobile.differs) == (
        "010-3333-4444",
        "Bancassurance(BANCA)",
        "2025-06-07",
        "certain",
        True,
    )
    assert mobile.reason == (
        "The value of Bancassurance(BANCA) was chosen because it is of 2025-06-07, newer than that of"
        " Policy administration(POLICY) (2024-01-05)."
    )
    assert mobile.change == (
        "It changes when a value of higher certainty comes, or one of equal certainty newer than 2025-06-07."
    )
    assert mobile.disclosure == "Shown because the customer is in your scope."
    assert [(offer.source, str(offer.value), offer.why) for offer in mobile.beaten] == [
        (
            "Policy administration(POLICY)",
            "010-1111-2222",
            "It is of 2024-01-05, older than the chosen value (2025-06-07).",
        ),
        ("Telemarketing(TM)", "010-1111-2222", "It is of 2023-02-01, older than the chosen value (2025-06-07)."),
    ]
    assert [offer.source for offer in rows["name"].agreeing] == ["Bancassurance(BANCA)", "Telemarketing(TM)"]
    assert (rows["name"].beaten, rows["name"].reason) == (
        [],
        "All 3 source records that hold this item have the same value.",
    )


def test_the_page_tells_source_and_age_of_every_panel_and_why_one_is_empty():
    feed([person(as_of="2024-01-05")])

    page = whole_page(login("DATA_STEWARD"), Customer.objects.get())

    panels = {panel.id: panel for panel in page.context["panels"]}
    filled = ("basics", "sources", "timeline", "history")
    assert [name for name in filled if not (panels[name].sources and panels[name].as_of)] == []
    assert {name: panels[name].empty_reason for name in ("differences", "contact-points", "contracts")} == {
        "differences": "Only one source holds this customer, so there is nothing to compare.",
        "contact-points": "No linked record holds a phone number, an e-mail address or an address.",
        "contracts": "No source has sent a contract on which this customer plays a role.",
    }
    assert all(panel.empty_reason in page.content.decode() for panel in panels.values())


def test_the_different_view_sets_the_sources_side_by_side():
    table = panels_of(login("DATA_STEWARD"), disputed())["differences"]

    shown = [(item, [[str(cell.value) for cell in cells] for cells in held]) for item, held in table.rows]
    assert table.sources == ("Policy administration(POLICY)", "Bancassurance(BANCA)", "Telemarketing(TM)")
    assert shown == [("Mobile", [["010-1111-2222"], ["010-3333-4444"], ["010-1111-2222"]])]


def test_contact_points_gather_the_sources_of_each_number():
    points = panels_of(login("DATA_STEWARD"), disputed())["contact-points"]

    assert [(str(point.value), point.sources, point.is_golden) for point in points] == [
        ("010-3333-4444", "Bancassurance", True),
        ("010-1111-2222", "Telemarketing, Policy administration", False),
    ]


def test_contracts_come_with_roles_and_the_premium_of_a_month():
    feed([person(source_key="K1")])
    feed(
        [
            contract(contract_no="P-1", premium="30000"),
            contract(contract_no="P-2", premium="120000", premium_cycle="ANNUAL", started_on="2021-05-01"),
            contract(contract_no="P-3", status="LAPSED"),
        ],
        layout="contracts",
    )
    feed(
        [
            party(contract_no="P-1"),
            party(contract_no="P-1", role="INSURED"),
            party(contract_no="P-2"),
            party(contract_no="P-3"),
        ],
        layout="parties",
    )

    held = panels_of(login("DATA_STEWARD"), Customer.objects.get())["contracts"]

    assert [(row.number, row.roles, row.status) for row in held.contracts] == [
        ("P-2", "Policyholder", "In force"),
        ("P-1", "Policyholder · Insured", "In force"),
        ("P-3", "Policyholder", "Lapsed"),
    ]
    assert (held.count, held.live_count, held.monthly_premium) == (3, 2, 40_000)
    assert Contract.objects.count() == 3


def test_history_sets_before_and_after_side_by_side():
    customer = disputed()

    newest = panels_of(login("DATA_STEWARD"), customer)["history"][1]

    assert [(change.label, change.before, change.after) for change in newest.changes] == [
        ("Mobile", "010-1111-2222", "010-3333-4444"),
        ("sources", "1", "2"),
        ("items the sources disagree on", "0", "1"),
    ]
    assert newest.by == "automatic, by rule"


def test_history_names_branches_and_keepers_of_the_past():
    old, new = make_branch("B1"), make_branch("B2")
    customer = make_customer(main_branch=old)
    customer.main_branch, customer.keeper = new, make_staff("FP", name="한가람", employee_number="F1")
    customer.save()

    newest = panels_of(login("DATA_STEWARD"), customer)["history"][0]

    assert [(change.before, change.after) for change in newest.changes] == [
        ("B1 지점", "B2 지점"),
        ("", "한가람 (F1)"),
    ]


def test_the_header_says_what_the_gate_misses_and_how_many_duplicates_are_possible():
    page = login("DATA_STEWARD").get(make_customer(gate="NEITHER", message="주소 확인 요청").get_absolute_url())

    text = page.content.decode()
    assert "Missing: the real name was not verified, no consent to marketing" in text
    assert "주소 확인 요청" in text
    assert (page.context["gate_tone"], page.context["dossier"].open_pair_count) == ("red", 0)


def test_possible_duplicates_are_counted():
    one, other = person(name="김민준"), person(name="김민준")
    feed([one | {"mobile": "010-2345-6789", "address": "서울 강남구 테헤란로 12"}])
    feed([other | {"mobile": "010-9876-5432", "address": "부산 해운대구 우동1로 50"}])

    page = login("DATA_STEWARD").get(Customer.objects.earliest("pk").get_absolute_url())

    assert "1 possible duplicate" in page.content.decode()


def test_a_resident_number_is_masked_on_every_page_of_the_customer():
    customer = disputed()
    client = login("DATA_STEWARD")

    record = SourceRecord.objects.get(source_key="P1")
    pages = [customer.get_absolute_url(), f"{customer.get_absolute_url()}records/{record.pk}/"]
    texts = [client.get(page).content.decode() for page in pages]

    assert ["850302-2******" in text for text in texts] == [True, True]
    assert [RRN in text or RRN.replace("-", "") in text for text in texts] == [False, False]


def test_a_row_as_sent_is_a_page_and_a_part_of_the_page():
    customer, client = disputed(), login("DATA_STEWARD")
    record = SourceRecord.objects.get(source_key="T1")
    address = f"{customer.get_absolute_url()}records/{record.pk}/"

    page = client.get(address)
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": f"record-{record.pk}"})

    assert ("mobile", "010-1111-2222") in page.context["cells"]
    assert [template.name for template in page.templates][0] == "customers/record_detail.html"
    assert [template.name for template in part.templates][0] == "customers/_record_raw.html"
    assert (page.context["anchor"], part.context["anchor"]) == ("", f"record-{record.pk}")
    assert part.headers["Vary"].startswith("HX-Request, HX-Target")


def test_a_row_of_another_customer_is_not_found():
    customer, other = disputed(), make_customer()
    record = SourceRecord.objects.first()

    assert login("DATA_STEWARD").get(f"/customers/{other.number}/records/{record.pk}/").status_code == 404
    assert login("DATA_STEWARD").get(f"/customers/{customer.number}/records/{record.pk}/").status_code == 200


def test_a_retired_number_says_when_and_into_which_customer():
    survivor = make_customer(name="김하나")
    retired = make_retired(survivor)

    page = login("DATA_STEWARD").get(retired.get_absolute_url())

    text = page.content.decode()
    assert f"The number {written_number(retired.number)} is retired" in text
    assert f'href="{survivor.get_absolute_url()}"' in text
    assert page.context["retirement"].first.at == retired.merged_at


def test_a_retired_number_is_found_only_by_who_may_see_the_survivor():
    keeper, stranger = make_staff("FP"), make_staff("FP")
    retired = make_retired(make_customer(keeper=keeper))
    statuses = []

    for staff in (keeper, stranger):
        client = Client()
        client.force_login(staff)
        statuses.append(client.get(retired.get_absolute_url()).status_code)

    assert statuses == [200, 404]


@pytest.mark.parametrize("form", ["C-{0}-{1}", "c-{0}-{1}", "C{0}{1}"])
def test_a_written_number_leads_to_the_page(form):
    customer = make_customer()

    answer = login("DATA_STEWARD").get(f"/customers/{form.format(customer.number[:9], customer.number[9])}/")

    assert (answer.status_code, answer.url) == (302, customer.get_absolute_url())


def test_a_mistyped_number_is_not_found():
    number = make_customer().number
    wrong = f"C-{number[:9]}-{(int(number[9]) + 1) % 10}"

    assert login("DATA_STEWARD").get(f"/customers/{wrong}/").status_code == 404


@pytest.mark.parametrize("role", [(), ("ADMINISTRATOR",), ("SERVICE_CLIENT",)])
def test_a_page_is_forbidden_to_those_who_may_not_see_customers(role):
    customer = disputed()
    record = SourceRecord.objects.first()
    client = login(*role)
    url = customer.get_absolute_url()

    pages = [url, f"{url}records/{record.pk}/", f"/customers/{written_number(customer.number)}/"]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


def test_a_customer_outside_the_scope_is_not_found():
    head = make_branch("H0")
    own, elsewhere = make_branch("B1", parent=head), make_branch("B2", parent=head)
    keeper = make_staff("FP", branch=own)
    customer = make_customer(main_branch=own, keeper=keeper)
    readers = {
        "keeper": keeper,
        "colleague": make_staff("FP", branch=own),
        "manager": make_staff("BRANCH_MANAGER", branch=own),
        "other manager": make_staff("BRANCH_MANAGER", branch=elsewhere),
        "steward": make_staff("DATA_STEWARD"),
    }
    statuses = {}

    for name, staff in readers.items():
        client = Client()
        client.force_login(staff)
        statuses[name] = client.get(customer.get_absolute_url()).status_code

    assert statuses == {"keeper": 200, "colleague": 404, "manager": 200, "other manager": 404, "steward": 200}


def test_a_granted_customer_is_shown_whole_on_its_own_page():
    customer, planner = make_customer(mobile="01011112222"), make_staff("FP", language="en")
    grant(customer, planner)
    client = Client()
    client.force_login(planner)

    reading = client.get(customer.get_absolute_url()).context["dossier"].reading

    assert reading["mobile"] == ("010-1111-2222", Level.FULL, Because.GRANTED, False)


@pytest.mark.parametrize("role", ["DATA_STEWARD", "COMPLIANCE_OFFICER", "FP", "BRANCH_MANAGER"])
def test_each_answer_needs_as_many_queries_for_three_records_as_for_one(role):
    branch = make_branch()
    staff = make_staff(role, language="en", branch=branch)
    client = Client()
    client.force_login(staff)
    one = feed([person(source_key="S1", name="이하나", mobile="010-5555-6666")]) and Customer.objects.get()
    three = disputed_beside(one)
    Customer.objects.update(main_branch=branch, keeper=staff)

    rest_of(client, client.get(one.get_absolute_url()))
    counts = {}
    for customer in (one, three):
        with CaptureQueriesContext(connection) as first:
            page = client.get(customer.get_absolute_url())
        with CaptureQueriesContext(connection) as second:
            rest_of(client, page)
        counts[customer.number] = (len(first), len(second))

    assert counts[one.number] == counts[three.number]
    assert counts[one.number][0] <= MOST_QUERIES
    assert counts[one.number][1] <= MOST_QUERIES


def disputed_beside(other: Customer) -> Customer:
    """A customer of three records beside another one."""
    rows = [person(name="최하나", birth_date="1970-01-01", rrn=make_rrn("700101", 2)) for _row in range(3)]
    feed(rows)
    return Customer.objects.exclude(pk=other.pk).get()


@pytest.mark.parametrize(
    ("language", "words"), [("ko", ["기본 항목", "왜 이 값인가"]), ("en", ["Basic items", "Why this value"])]
)
def test_the_page_speaks_the_language_of_its_reader(language, words):
    client = Client()
    client.force_login(make_staff("DATA_STEWARD", language=language))
    customer = disputed()

    text = client.get(customer.get_absolute_url()).content.decode()

    assert [word for word in [*words, f'lang="{language}"'] if word not in text] == []
