"""The pages of pairs, and why a record belongs to its customer: values, levels, weights, and who sees what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from customers import matching_words
from customers.dedup import explain
from customers.dedup.prior import prior_model
from customers.dedup.storing import shipped_model, to_json
from customers.models import Customer, Link, MatchModel, Pair, SourceRecord
from customers.numbering import written_number
from customers.reports.match_accounts import AccountReport, account_report
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, company, feed, grant, make_brn, make_rrn, person
from tests.customers.dedup import rows
from tests.customers.matching import english, login, make_model, words

pytestmark = pytest.mark.usefixtures("master")
PAIRS = "/customers/pairs/"
ALIKE = {"name": "near", "birth": "exact", "mobile": "other", "sex": "same", "address": "dwelling"}
TWINS = {"name": "near", "birth": "exact", "address": "dwelling"}


def make_records(*, source: str = "TM") -> tuple[SourceRecord, SourceRecord]:
    """Records of two customers who differ in all they hold."""
    feed([person(name="김하나", birth_date="1985-03-02", mobile="010-1111-2222", address="서울 강남구 역삼로 1")])
    feed([person(name="박서준", birth_date="1971-04-04", mobile="010-3333-4444", email="seo@naver.com")], source)
    one, other = SourceRecord.objects.order_by("-pk")[:2][::-1]
    return one, other


def make_pair(**fields: object) -> Pair:
    """A pair that waits, of two new records; `held` are its levels."""
    held = fields.pop("held", ALIKE)
    records = fields.pop("records", None) or make_records()
    defaults = {"reason": "ALIKE", "weight": -1.0, "pattern": rows.pattern(**held), "found_at": NOW}
    return Pair.objects.create(**dict(zip(("left", "right"), records, strict=True)) | defaults | fields)


def report_of(pair: Pair, *roles: str) -> object:
    """What the page of a pair tells a reader."""
    return login(*roles or ("DATA_STEWARD",)).get(f"{PAIRS}{pair.pk}/").context["report"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (None, 403),
        ("FP", 403),
        ("BRANCH_MANAGER", 403),
        ("CAMPAIGN_MANAGER", 403),
        ("SERVICE_CLIENT", 403),
        ("ADMINISTRATOR", 403),
        ("AUDITOR", 200),
        ("COMPLIANCE_OFFICER", 200),
        ("PRIVACY_OFFICER", 200),
        ("DATA_STEWARD", 200),
    ],
)
def test_pairs_are_shown_to_whom_the_role_opens_them(role, status):
    pair, client = make_pair(), login(*[role] if role else [])

    assert [client.get(url).status_code for url in (PAIRS, f"{PAIRS}{pair.pk}/")] == [status] * 2


def test_the_old_addresses_lead_to_the_new_ones():
    pair, client = make_pair(), login("DATA_STEWARD")

    old = "/customers/matching/pairs/"
    answers = [client.get(f"{old}?state=SAME"), client.get(f"{old}{pair.pk}/")]

    assert [answer.headers["Location"] for answer in answers] == [f"{PAIRS}?state=SAME", f"{PAIRS}{pair.pk}/"]


def test_an_unknown_pair_is_not_found():
    client = login("DATA_STEWARD")

    assert [client.get(f"{PAIRS}{number}/").status_code for number in (1, 10**30)] == [404, 404]


def test_the_pairs_whose_decision_is_worth_most_come_first_and_those_not_reckoned_last():
    pairs = {worth: make_pair(weight=weight) for worth, weight in ((0.2, -3.0), (None, None), (9.06, 2.5))}
    for worth, pair in pairs.items():  # the records that came with the later pairs had them reckoned
        Pair.objects.filter(pk=pair.pk).update(worth=worth)

    answer = login("DATA_STEWARD").get(PAIRS)

    assert [(line.pair, line.worth, line.weight) for line in answer.context["lines"]] == [
        (pairs[9.06], "9.1", "+2.5"),
        (pairs[0.2], "0.2", "−3.0"),
        (pairs[None], "–", "–"),
    ]
    assert answer.context["summary"] == "3 pairs"


@pytest.mark.parametrize(
    ("query", "state"),
    [("", "OPEN"), ("?state=SAME", "SAME"), ("?state=OVERTAKEN", "OVERTAKEN"), ("?state=nonsense", "OPEN")],
)
def test_the_list_holds_the_pairs_of_one_state(query, state):
    pairs = {each: make_pair(state=each, closed_at=None if each == "OPEN" else NOW) for each in Pair.State.values}

    answer = login("DATA_STEWARD").get(f"{PAIRS}{query}")

    assert [line.pair for line in answer.context["lines"]] == [pairs[state]]


def test_the_list_says_why_it_is_empty():
    client = login("AUDITOR")

    assert "No pair waits for a person" in words(client.get(PAIRS))
    assert "No pair is in this state" in words(client.get(f"{PAIRS}?state=SAME"))


def test_the_pairs_are_paged_in_both_directions(monkeypatch):
    monkeypatch.setattr("customers.reports.match_pairs.PAGE_SIZE", 2)
    worths = (3.0, 1.0, 1.0, 1.0, None, None, None)
    expected = [make_pair(worth=worth) for worth in worths]
    client, seen, back, place = login("DATA_STEWARD"), [], [], ""

    while place is not None:
        page = client.get(f"{PAIRS}?after={place}").context["page"]
        seen, place = [*seen, *page.pairs], page.after
    place = page.before
    while place is not None:
        page = client.get(f"{PAIRS}?before={place}").context["page"]
        back, place = [*page.pairs, *back], page.before

    assert (seen, back) == (expected, expected[:6])


def test_a_place_that_nobody_knows_is_the_first_page():
    pair, client = make_pair(), login("DATA_STEWARD")

    for place in ("after=x", "before=9", f"after={'9' * 40}"):
        assert [line.pair for line in client.get(f"{PAIRS}?{place}").context["lines"]] == [pair]


def test_the_list_needs_as_many_queries_for_three_pairs_as_for_one():
    client, counts = login("DATA_STEWARD"), []
    for number in (1, 2):
        for _pair in range(number):
            make_pair()
        client.get(PAIRS)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAIRS)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 11


def test_the_list_names_records_by_what_they_hold():
    make_pair()

    page = words(login("DATA_STEWARD").get(PAIRS))

    assert "Much in common, but not enough – −1.0 김하나 Policy administration(POLICY) 박서준 Telemarketing(TM)" in page


def test_whoever_sees_no_customers_sees_the_reckoning_and_no_value():
    pair = make_pair()
    client = login("AUDITOR", name="임서현")

    pages = words(client.get(PAIRS)) + words(client.get(f"{PAIRS}{pair.pk}/"))

    held = (
        "김하나",
        "박서준",
        "1985",
        "1971",
        "1111",
        "3333",
        "seo",
        "역삼로",
        *Customer.objects.values_list("number", flat=True),
    )
    assert [value for value in held if value in pages] == []
    assert pages.count("not visible to you") == 2
    assert "Values are shown only of customers that you may see." in pages
    assert "Same home" in pages


def test_a_customer_that_was_granted_alone_is_masked_and_the_other_one_hidden():
    pair = make_pair()
    staff = make_staff("AUDITOR", "FP", language="en")
    grant(pair.left.link.customer, staff)
    client = login()
    client.force_login(staff)

    report = client.get(f"{PAIRS}{pair.pk}/").context["report"]

    assert (report.left.number, report.right.number) == (written_number(pair.left.link.customer.number), "")
    told = {english(row.label): (row.left, row.right) for row in report.rows}
    assert (told["Mobile"], told["Name"]) == (("010-****-2222", ""), ("김하나", ""))


def test_two_records_stand_side_by_side_with_the_differences_first():
    report = report_of(make_pair())

    assert [(english(row.label), row.left, row.right, english(row.level), row.tone) for row in report.rows] == [
        ("Mobile", "010-1111-2222", "010-3333-4444", "Different", "other"),
        ("Name", "김하나", "박서준", "One letter or a usual spelling apart", "alike"),
        ("Birth date", "1985-03-02", "1971-04-04", "Same", "same"),
        ("Sex", "", "", "Same", "same"),
        ("Address", "서울특별시 강남구 역삼로 1", "", "Same home", "same"),
        ("E-mail", "", "seo@naver.com", "Unknown on one side", "unknown"),
    ]


def test_what_nobody_may_see_is_told_by_its_level_alone():
    rrn = make_rrn("850302", 2)
    feed([person(rrn=rrn)])
    feed([person(name="박서준", birth_date="1971-04-04")])
    records = SourceRecord.objects.order_by("pk")
    pair = make_pair(records=tuple(records), held={"name": "exact", "ci": "same", "rrn": "other"})

    report = report_of(pair)

    told = {english(row.label): (row.left, row.right, row.tone, row.is_sealed) for row in report.rows}
    assert told["Connecting information (CI)"] == ("", "", "same", True)
    assert told["Resident number"] == (f"{rrn[:8]}******", "", "other", False)


def test_organisations_are_compared_by_their_own_numbers():
    brn = make_brn()
    feed([company(company_no=brn)])
    feed([company(name="(주)푸른상사", company_no=make_brn(2))])
    records = SourceRecord.objects.order_by("pk")

    report = report_of(make_pair(records=tuple(records), held={"kind": "organisation", "name": "part", "brn": "other"}))

    assert [(english(row.label), row.left, row.tone) for row in report.rows][:1] == [("Business number", brn, "other")]


def account_of(*codes: str, **held: str) -> AccountReport:
    """The reckoning of a pattern by the weights that learning starts from, for a reader of English."""
    newest = MatchModel.objects.first() or make_model()
    with translation.override("en"):
        return account_report(rows.pattern(**held), newest.version, codes or ("POLICY", "TM"))


def test_bars_begin_at_the_start_and_end_at_the_sum():
    account = account_of(**ALIKE, email="same", rarity="rare")

    assert [(english(step.label), english(step.level), step.note, step.bits) for step in account.steps][1:-1] == [
        ("Name", "One letter or a usual spelling apart", "How common the name is: rare name", "+7.5"),
        ("Birth date", "Same", "Age: born before 1955", "+11.0"),
        ("Sex", "Same", "", "+0.5"),
        ("Mobile", "Different", "", "−1.0"),
        ("E-mail", "Same", "", "+11.0"),
        ("Address", "Same home", "", "+7.0"),
    ]
    start, total = account.steps[0], account.steps[-1]
    assert (start.label, start.bits, total.label, total.bits) == (
        "Start: any pair of candidates",
        "−21.0",
        "Sum",
        "+15.0",
    )
    edges = [(float(step.bar.x), float(step.bar.x) + float(step.bar.width)) for step in account.steps]
    assert edges[0][0] == edges[1][0] == min(left for left, _right in edges)
    assert edges[1][1] == pytest.approx(edges[2][0], abs=0.2)
    assert edges[-2][1] == pytest.approx(edges[-1][1], abs=0.2)
    assert float(account.cut_at) == pytest.approx(edges[0][1], abs=0.2)


@pytest.mark.parametrize(
    ("held", "sentences"),
    [
        (
            {"name": "exact", "birth": "exact", "mobile": "same", "email": "alike", "address": "other"},
            (
                "The same: Name, Birth date, Mobile.",
                "Alike: E-mail (Mailbox same or one slip apart).",
                "Different: Address.",
                "The weight +12.0 reaches 0.0, from which records of these sources are linked.",
            ),
        ),
        (
            {"name": "exact", "mobile": "same"},
            (
                "The same: Name, Mobile.",
                "The weight −3.0 lies between −6.0 and 0.0, where a person decides.",
            ),
        ),
        (
            {},
            (
                "The two records have no item in common that could be compared.",
                "The weight −21.0 stays below −6.0, from which a person is asked.",
            ),
        ),
    ],
)
def test_a_reckoning_is_told_in_sentences(held, sentences):
    version = make_model().version
    client = login("AUDITOR")

    page = words(client.get(f"{PAIRS}{make_pair(held=held, model_version=version).pk}/"))

    assert " ".join(sentences) in page


def test_the_cut_is_that_of_the_two_sources():
    make_model(definition=to_json(prior_model()) | {"cuts": {"*~*": [0, -6], "POLICY~TM": [5, 1]}})

    assert [account_of(*codes, **ALIKE).cut for codes in (("TM", "POLICY"), ("TM", "FP"))] == ["+5.0", "0.0"]


def test_a_veto_is_told_beside_the_sum_that_it_outweighs():
    account = account_of(**TWINS, rarity="rare", age="adult")

    assert [(step.label, step.bits) for step in account.steps][-2:] == [("Sum", "+4.5"), ("What counts", "−0.5")]
    assert account.veto == matching_words.VETOES["TWINS"]
    assert (account.weight, account.is_above) == ("−0.5", False)


def test_more_bits_than_tell_anything_are_cut_off():
    account = account_of(
        name="exact",
        birth="exact",
        mobile="same",
        email="same",
        rrn="same",
        ci="same",
        employee="same",
        address="dwelling",
        phone="same",
        brn="same",
        crn="same",
    )

    assert [(step.label, step.bits, step.note) for step in account.steps][-2:] == [
        ("Sum", "+116.0", ""),
        ("What counts", "+100.0", "more tells nothing"),
    ]
    assert account.veto == ""


def test_what_would_have_decided_otherwise_is_told():
    below = account_of(name="exact", birth="exact")
    above = account_of(name="exact", birth="exact", mobile="same")

    assert (below.is_above, above.is_above) == (False, True)
    assert ("Mobile", "Same", "+8.0") in [(english(t.label), english(t.level), t.bits) for t in below.turns]
    assert ("Name", "Different", "−7.0") in [(english(t.label), english(t.level), t.bits) for t in above.turns]


def test_every_veto_of_the_engine_has_words():
    pairs = {
        "TOLD_OTHERWISE": {"name": "other", "birth": "other", "rrn": "same"},
        "KIND": {"kind": "mixed"},
        "CONTRADICTED": {"name": "exact", "birth": "exact", "mobile": "same", "rrn": "other"},
        "NAME_AND_BIRTH": {"name": "other", "birth": "other", "mobile": "same", "address": "dwelling", "email": "same"},
        "STRANGERS": {"name": "other", "birth": "exact", "sex": "same", "rarity": "common", "age": "adult"},
        "TWINS": TWINS | {"rarity": "rare", "age": "adult"},
    }
    model = shipped_model()

    assert {name: explain.account_of(rows.pattern(**held), model, 0.0).veto for name, held in pairs.items()} == {
        name: name for name in matching_words.VETOES
    }


def test_a_pair_that_was_never_weighed_says_so():
    answer = login("DATA_STEWARD").get(f"{PAIRS}{make_pair(pattern=None, weight=None).pk}/")

    assert answer.context["report"].account is None
    assert "This pair was never weighed" in words(answer)


@pytest.mark.parametrize(
    ("closed_at", "is_told"), [(None, False), (NOW - timedelta(days=1), True), (NOW + timedelta(days=3650), False)]
)
def test_values_that_are_newer_than_the_decision_are_told(closed_at, is_told):
    state = "SAME" if closed_at else "OPEN"
    pair = make_pair(state=state, closed_at=closed_at)

    page = words(login("DATA_STEWARD").get(f"{PAIRS}{pair.pk}/"))

    assert ("A record has changed since the pair was closed" in page) == is_told


def linked() -> tuple[SourceRecord, SourceRecord]:
    """Two records of one customer, the second linked by what it has in common with the first."""
    feed([person(mobile="010-1111-2222")])
    feed([person(mobile="010-1111-2222", email="hana@naver.com")], "TM")
    first, second = SourceRecord.objects.order_by("pk")
    return first, second


def page_of(record: SourceRecord) -> str:
    """The address of the page of a record."""
    return f"{record.link.customer.get_absolute_url()}records/{record.pk}/"


def test_the_page_of_a_record_says_why_it_was_linked():
    first, second = linked()

    answer = login("DATA_STEWARD").get(page_of(second))

    why = answer.context["why"]
    assert (why.other.record, why.other.record_url) == (first, page_of(first))
    assert why.account.levels == {"name": "exact", "birth": "exact", "mobile": "same"}
    assert "Rule Same name, birth date and mobile Linked by automatic, by rule" in words(answer)
    assert f"Agrees best with Policy administration(POLICY) {first.source_key}" in words(answer)
    assert ("Mobile", "010-1111-2222", "010-1111-2222") in [
        (english(row.label), row.left, row.right) for row in why.rows
    ]


def test_a_record_that_stands_alone_says_so():
    feed([person()])

    answer = login("DATA_STEWARD").get(page_of(SourceRecord.objects.get()))

    assert (answer.context["why"].other, answer.context["why"].account) == (None, None)
    assert "No other record of this customer was there to agree with." in words(answer)


def test_a_link_that_a_person_decided_has_no_reckoning():
    _first, second = linked()
    Link.objects.filter(record=second).update(rule="RULED")

    answer = login("DATA_STEWARD").get(page_of(second))

    assert answer.context["why"].account is None
    assert "A person decided this." in words(answer)


def test_a_link_that_was_never_weighed_says_so():
    _first, second = linked()
    Link.objects.filter(record=second).update(pattern=None)

    assert "It was linked before agreements were weighed." in words(login("DATA_STEWARD").get(page_of(second)))


def test_evidence_that_has_gone_to_a_hidden_customer_is_not_shown():
    first, second = linked()
    feed([person(name="박서준", birth_date="1971-04-04")])
    stranger = Customer.objects.get(name="박서준")
    Link.objects.filter(record=first).update(customer=stranger)
    staff = make_staff("FP", language="en")
    grant(second.link.customer, staff)
    client = login()
    client.force_login(staff)

    why = client.get(page_of(second)).context["why"]

    assert (why.other.url, why.other.record_url, why.other.name, why.this.name) == ("", "", "", "김하나")
    assert {row.right for row in why.rows} == {""}
