"""The queue and the page of a pair at work: filters, answers, what came too late, what is shown before deciding."""

import os
from datetime import date, timedelta

import psycopg
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Staff
from customers.models import Act, Customer, Pair, Proposal, Ruling
from customers.services import deciding, locks, merges, queue
from customers.services.deciding import mark_of
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, feed, grant, make_rrn, person
from tests.customers.dedup import rows
from tests.customers.matching import english, login, said, words
from tests.customers.pairs import current, customers_of, decide, steward, waiting

pytestmark = pytest.mark.usefixtures("master")
PAIRS = "/customers/pairs/"
TAKE, UNDO = f"{PAIRS}take/", f"{PAIRS}undo/"
TODAY = timezone.localdate()


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def page_of(pair: Pair) -> str:
    return f"{PAIRS}{pair.pk}/"


def answer(client: Client, pair: Pair, given: str, words: str = "", **fields: object) -> object:
    """What comes of an answer on the page of a pair as it is now, the pages that follow it included."""
    sent = {"answer": given, "seen": mark_of(current(pair)), "reason_code": "EVIDENCE"} | fields
    return client.post(f"{page_of(pair)}decide/{words}", sent, follow=True)


def state_of(pair: Pair) -> str:
    return Pair.objects.get(pk=pair.pk).state


# The queue


def listed(client: Client, query: str = "") -> list[int]:
    """Ids of the pairs of the list; the count above it says how many they are."""
    context = client.get(f"{PAIRS}{query}").context
    found = [line.pair.pk for line in context["lines"]]
    assert context["summary"] == f"{len(found)} pair{'' if len(found) == 1 else 's'}"
    return found


def test_the_states_part_what_waits_from_what_was_put_off_or_proposed():
    free, held, proposed = waiting(3)
    by = steward()
    deciding.put_pair_off(pair=held, until=TODAY + timedelta(days=3), seen=mark_of(current(held)), by=by, at=NOW)
    Customer.objects.filter(pk=customers_of(proposed)[0].pk).update(grade="VIP")
    decide(proposed, "SAME", by=by)
    client = browser_of(by)

    found = {state: listed(client, f"?state={state}") for state in ("OPEN", "HELD", "PROPOSED", "SAME")}

    assert found == {"OPEN": [free.pk], "HELD": [held.pk], "PROPOSED": [proposed.pk], "SAME": []}


def test_the_queue_is_narrowed_by_what_the_address_says():
    one, other = waiting(2)
    by = steward()
    branch = make_branch("H001")
    below = make_branch("B101", parent=branch)
    Customer.objects.filter(pk=customers_of(one)[1].pk).update(grade="GOLD", main_branch=below.code)
    Pair.objects.filter(pk=one.pk).update(reason="NAME_MOBILE", assigned_to=by, assigned_at=timezone.now())
    Pair.objects.filter(pk=other.pk).update(found_at=timezone.now() - timedelta(days=30))
    client = browser_of(by)

    narrowed = ("reason=NAME_MOBILE", "grade=GOLD", "branch=H001", "branch=B101", "mine=on", f"found_since={TODAY}")
    assert {query: listed(client, f"?{query}") for query in narrowed} == dict.fromkeys(narrowed, [one.pk])
    nobody = ("grade=VIP", "source=BANCA", "contradicted=on", "reason=SAME_NUMBER", "branch=X")
    assert {query: len(listed(client, f"?{query}")) for query in nobody} == dict.fromkeys(nobody, 0) | {"branch=X": 2}
    assert set(listed(client, "?source=TM")) == {one.pk, other.pk}


def test_grade_and_branch_tell_nothing_of_customers_that_are_hidden():
    (pair,) = waiting()
    Customer.objects.update(grade="VIP")

    assert listed(login("AUDITOR"), "?grade=VIP") == []
    assert listed(login("DATA_STEWARD"), "?grade=VIP") == [pair.pk]


def test_filters_in_use_are_named_and_can_be_taken_away():
    waiting()
    context = login("DATA_STEWARD").get(f"{PAIRS}?reason=ALIKE&mine=on&nonsense=1").context

    assert [(active.name, active.value, without) for active, without in context["active_filters"]] == [
        ("reason", "Much in common, but not enough", "?mine=on&state=OPEN"),
        ("mine", "", "?reason=ALIKE&state=OPEN"),
    ]


def test_an_empty_list_says_which_way_out_there_is():
    client = login("DATA_STEWARD")

    assert "No pair matches these filters" in words(client.get(f"{PAIRS}?reason=ALIKE"))
    assert "No pair is in this state" in words(client.get(f"{PAIRS}?state=HELD"))


# Taking


def test_taking_leads_to_the_worthiest_pair_and_keeps_the_filter():
    one, other = waiting(2)
    Pair.objects.filter(pk=other.pk).update(reason="NAME_MOBILE")
    by = steward()

    went = browser_of(by).post(f"{TAKE}?reason=NAME_MOBILE")

    assert went.headers["Location"] == f"{page_of(other)}?reason=NAME_MOBILE&state=OPEN"
    assert Pair.objects.get(pk=other.pk).assigned_to == by


def test_taking_from_an_empty_queue_says_so():
    went = login("DATA_STEWARD").post(TAKE, follow=True)

    assert (went.redirect_chain[-1][0], said(went)) == (
        f"{PAIRS}?state=OPEN",
        ["No other pair of this filter is free."],
    )


def test_a_pair_is_left_to_others():
    (pair,) = waiting()
    by = steward()
    client = browser_of(by)
    client.post(TAKE)

    assert "Leave it to others" in words(client.get(page_of(pair)))
    assert said(client.post(f"{page_of(pair)}release/", follow=True)) == ["The pair is free for others again."]
    assert said(client.post(f"{page_of(pair)}release/", follow=True)) == ["The pair was not before you any more."]
    assert Pair.objects.get(pk=pair.pk).assigned_to is None


def test_a_pair_before_another_steward_says_so():
    (pair,) = waiting()
    queue.take_next(by=steward(name="정다은"), at=timezone.now(), condition={})

    page = words(login("DATA_STEWARD").get(page_of(pair)))

    assert "Before another steward since" in page
    assert "정다은" in page


# Answers


def test_one_customer_means_a_merge_and_the_next_pair():
    one, other = waiting(2)
    by = steward()
    elder, younger = customers_of(one)

    went = answer(browser_of(by), one, "SAME", "?reason=ALIKE", comment="seen both")

    assert went.redirect_chain == [(f"{page_of(other)}?reason=ALIKE&state=OPEN", 302)]
    assert said(went) == ["The two were merged into one customer."]
    act = Act.objects.get()
    assert (act.kind, act.by, act.pair, act.reason_code, act.comment) == ("MERGE", by, one, "EVIDENCE", "seen both")
    younger.refresh_from_db()
    assert (state_of(one), younger.merged_into, Pair.objects.get(pk=other.pk).assigned_to) == ("SAME", elder, by)


def test_a_page_that_needs_no_reloading_gets_the_next_pair_at_once():
    one, other = waiting(2)
    sent = {"answer": "DIFFERENT", "seen": mark_of(current(one)), "reason_code": "EVIDENCE"}
    boosted = {"HTTP_HX_REQUEST": "true", "HTTP_HX_BOOSTED": "true"}

    page = browser_of(steward()).post(f"{page_of(one)}decide/?reason=ALIKE", sent, **boosted)

    assert (page.status_code, page.headers["HX-Push-Url"]) == (200, f"{page_of(other)}?reason=ALIKE&state=OPEN")
    assert (page.context["pair"], said(page)) == (other, ["Ruled two customers."])
    assert page.context["form"]["seen"].value() == mark_of(current(other))


def test_the_number_that_stays_is_chosen():
    (pair,) = waiting()
    left, right = customers_of(pair)

    answer(browser_of(steward()), pair, "SAME", survivor="right")

    left.refresh_from_db()
    assert left.merged_into == right


def test_two_customers_are_ruled():
    (pair,) = waiting()

    went = answer(browser_of(steward()), pair, "DIFFERENT", reason_code="CUSTOMER_SAID")

    assert said(went) == ["Ruled two customers.", "No other pair of this filter is free."]
    ruling = Ruling.objects.get()
    assert (ruling.answer, ruling.act.reason_code, state_of(pair)) == ("DIFFERENT", "CUSTOMER_SAID", "DIFFERENT")


def test_two_that_are_legitimately_two_are_ruled_with_their_kind_and_switches():
    (pair,) = waiting()
    ends = TODAY + timedelta(days=365)

    answer(
        browser_of(steward()),
        pair,
        "LEGITIMATE",
        **{"kind": "TWINS", "starts_on": f"{TODAY}", "ends_on": f"{ends}", "is_one_for_service": "on"},
    )

    ruling = Ruling.objects.get()
    assert (ruling.kind, ruling.starts_on, ruling.ends_on) == ("TWINS", TODAY, ends)
    assert [ruling.is_one_for_service, ruling.is_one_for_marketing, ruling.is_one_for_statistics] == [
        True,
        False,
        False,
    ]


def test_what_is_put_off_leaves_the_queue_until_its_day():
    (pair,) = waiting()
    until = TODAY + timedelta(days=7)

    went = answer(browser_of(steward()), pair, "LATER", hold_until=f"{until}")

    assert said(went)[0] == "The pair was put off."
    assert (state_of(pair), Pair.objects.get().hold_until) == ("OPEN", until)


def test_the_page_offers_what_is_usual():
    (pair,) = waiting()

    form = browser_of(steward()).get(page_of(pair)).context["form"]

    values = {name: form[name].value() for name in ("reason_code", "survivor", "hold_until", "seen")}
    assert values == {
        "reason_code": "EVIDENCE",
        "survivor": "left",
        "hold_until": TODAY + timedelta(days=7),
        "seen": mark_of(current(pair)),
    }


@pytest.mark.parametrize(
    ("given", "fields", "errors"),
    [
        ("SAME", {"reason_code": "OTHER"}, {"comment": ["Say the reason in your own words."]}),
        ("LEGITIMATE", {}, {"kind": ["Choose why they are two."]}),
        (
            "LEGITIMATE",
            {"kind": "TWINS", "ends_on": "2020-01-01"},
            {"ends_on": ["This day is over, or before the first."]},
        ),
        ("LATER", {"hold_until": f"{TODAY}"}, {"hold_until": ["Choose a day to come."]}),
        ("LATER", {"hold_until": ""}, {"hold_until": ["Choose a day to come."]}),
    ],
)
def test_an_answer_that_is_not_whole_is_shown_again_and_nothing_is_done(given, fields, errors):
    (pair,) = waiting()

    page = answer(browser_of(steward()), pair, given, **{"comment": ""} | fields)

    assert (page.status_code, page.context["form"].errors) == (200, errors)
    assert (state_of(pair), Act.objects.count()) == ("OPEN", 0)


def test_an_answer_that_nobody_knows_is_none():
    (pair,) = waiting()

    page = answer(browser_of(steward()), pair, "MAYBE")

    assert list(page.context["form"].errors) == ["answer"]
    assert (state_of(pair), Act.objects.count()) == ("OPEN", 0)


def test_what_needs_a_second_person_is_proposed():
    (pair,) = waiting()
    Customer.objects.filter(pk=customers_of(pair)[0].pk).update(grade="VIP")
    by = steward()

    went = answer(browser_of(by), pair, "SAME")

    assert said(went)[0] == "The merge was proposed: a second person must approve it."
    proposal = Proposal.objects.get()
    assert (proposal.proposed_by, proposal.pair, proposal.why, state_of(pair)) == (by, pair, ["VALUE"], "OPEN")
    page = browser_of(by).get(page_of(pair))
    assert page.context["form"] is None
    assert "A merge was proposed and waits for a second person." in words(page)


def test_an_answer_that_comes_too_late_does_nothing_and_shows_both():
    (pair,) = waiting()
    seen, late = mark_of(current(pair)), browser_of(steward())
    decide(pair, "DIFFERENT", by=steward(name="정다은"), at=timezone.now(), reason_code="DOCUMENT", comment="passport")
    sent = {"answer": "SAME", "seen": seen, "reason_code": "EVIDENCE"}

    page = late.post(f"{page_of(pair)}decide/", sent)

    assert page.status_code == 409
    told = words(page)
    assert "Your answer “One customer” came too late: nothing was done." in told
    assert "Ruled two customers 정다은 ·" in told
    assert "Seen in a document · “passport”" in told
    assert Act.objects.count() == 1


def test_a_record_that_changed_meanwhile_is_looked_at_again():
    (pair,) = waiting()
    seen, late = mark_of(current(pair)), browser_of(steward())
    record = pair.left
    feed([person(source_key=record.source_key, name="박세라", birth_date="1999-09-09", as_of="2026-11-20")])
    sent = {"answer": "SAME", "seen": seen, "reason_code": "EVIDENCE"}

    page = late.post(f"{page_of(pair)}decide/", sent)

    assert page.status_code == 409
    assert Act.objects.filter(by__isnull=False).count() == 0


def test_a_busy_stock_is_told_and_what_was_typed_stays(transactional_db, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", "50ms")
    (pair,) = waiting()
    client = browser_of(steward())
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as feeding:
        feeding.execute(f"SELECT pg_advisory_lock({locks.GOLDEN_LOCK})")

        page = answer(client, pair, "SAME", comment="typed with care")

    assert "A feed or a match run is writing just now." in words(page)
    assert page.context["form"]["comment"].value() == "typed with care"
    assert state_of(pair) == "OPEN"


def test_a_person_and_an_organisation_are_not_merged():
    (pair,) = waiting()
    Customer.objects.filter(pk=customers_of(pair)[0].pk).update(kind="ORG")

    page = answer(browser_of(steward()), pair, "SAME")

    assert "A person and an organisation are never one customer." in words(page)
    assert Act.objects.count() == 0


# Taking back


@pytest.mark.parametrize("given", ["SAME", "DIFFERENT", "LEGITIMATE", "LATER"])
def test_the_last_decision_is_taken_back_and_its_pair_shown(given):
    one, other = waiting(2)
    client = browser_of(steward())
    fields = {"kind": "TWINS"} if given == "LEGITIMATE" else {}
    answer(client, one, given, hold_until=f"{TODAY + timedelta(days=1)}", **fields)

    went = client.post(f"{UNDO}?reason=ALIKE", follow=True)

    assert went.redirect_chain == [(f"{page_of(one)}?reason=ALIKE&state=OPEN", 302)]
    assert said(went) == ["Your last decision was taken back. This is its pair."]
    assert went.context["form"] is not None
    assert (state_of(one), Pair.objects.get(pk=one.pk).hold_until) == ("OPEN", None)
    assert Customer.objects.filter(state="MERGED").count() == Ruling.objects.filter(withdrawn_at=None).count() == 0


def test_an_own_proposal_is_taken_back_likewise():
    (pair,) = waiting()
    Customer.objects.filter(pk=customers_of(pair)[0].pk).update(grade="VIP")
    client = browser_of(steward())
    answer(client, pair, "SAME")

    client.post(UNDO)

    assert Proposal.objects.get().state == "OVERTAKEN"
    assert listed(client) == [pair.pk]


def test_what_something_came_after_is_taken_back_on_its_own_page():
    (pair,) = waiting()
    client = browser_of(steward())
    answer(client, pair, "SAME")
    feed([person(name=pair.left.name, birth_date=f"{pair.left.birth_date}", mobile=pair.left.mobile)], "BANCA")

    went = client.post(UNDO, follow=True)

    act = Act.objects.get(by__isnull=False)
    assert went.redirect_chain == [(f"/customers/acts/{act.pk}/", 302)]
    assert said(went) == ["Something came after this decision. Take it back on its own page."]
    assert state_of(pair) == "SAME"


def test_who_decided_nothing_has_nothing_to_take_back():
    (pair,) = waiting()
    decide(pair, "DIFFERENT", by=steward())

    went = login("DATA_STEWARD").post(UNDO, follow=True)

    assert said(went) == ["There is no decision of yours to take back."]
    assert state_of(pair) == "DIFFERENT"


# What is shown


def shown(rows: object) -> list[tuple[str, str, str]]:
    """Label, left and right of compared items, letters that differ in brackets."""
    return [(english(row.label), marked(row.left), marked(row.right)) for row in rows]


def marked(pieces: object) -> str:
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)


def test_what_differs_comes_first_letter_by_letter():
    feed([person(name="김민수", birth_date="1985-03-02", mobile="010-1111-2222", address="서울 강남구 역삼로 1")])
    feed([person(name="김민주", birth_date="1992-04-02", mobile="010-1111-2222", email="min@naver.com")], "TM")
    pair = Pair.objects.get()

    decision = login("DATA_STEWARD").get(page_of(pair)).context["decision"]

    assert shown(decision.different) == [
        ("Birth date", "19[85]-0[3]-02", "19[92]-0[4]-02"),
        ("Name", "김민[수]", "김민[주]"),
    ]
    assert shown(decision.equal) == [("Mobile", "010-1111-2222", "010-1111-2222")]
    assert sorted(shown(decision.unknown)) == [
        ("Address", "서울특별시 강남구 역삼로 1", ""),
        ("E-mail", "", "min@naver.com"),
    ]


def test_equal_values_never_stand_under_different():
    (pair,) = waiting()
    Pair.objects.update(pattern=rows.pattern(name="near", birth="other", mobile="other"))

    decision = login("DATA_STEWARD").get(page_of(pair)).context["decision"]

    assert "Mobile" in [english(row.label) for row in decision.equal]
    assert all(row.tone == "same" for row in decision.equal)


def test_each_side_tells_whose_it_is():
    (pair,) = waiting()
    left, _right = customers_of(pair)
    branch = make_branch("B777")
    Customer.objects.filter(pk=left.pk).update(
        grade="GOLD", main_branch=branch.code, gate="NO_CONSENT", real_name_verified_on=date(2026, 1, 1)
    )

    one, other = login("DATA_STEWARD").get(page_of(pair)).context["decision"].facts

    assert (one.branch, one.grade, one.contracts, one.last_contact, one.records) == ("B777 지점", "Gold", "0", "–", "1")
    assert [str(proof) for proof in one.missing] == ["no consent to marketing"]
    assert [line.source for line in (*one.sources, *other.sources)] == [
        "Policy administration(POLICY)",
        "Telemarketing(TM)",
    ]
    assert other.branch == "–"


def test_the_consequences_of_one_customer_are_shown_before():
    (pair,) = waiting()
    left, right = customers_of(pair)
    client = browser_of(steward())

    preview = client.get(f"{page_of(pair)}preview/").context["preview"]
    turned = client.get(f"{page_of(pair)}preview/?survivor=right").context["preview"]

    assert [(line.label, line.before, line.after) for line in preview.children] == [("Source records", ("1", "1"), "2")]
    assert turned.numbers == preview.numbers[::-1]
    assert preview.is_whole
    assert (preview.why, preview.refusal) == ((), "")
    for customer in (left, right):
        customer.refresh_from_db()
        assert customer.state == "ACTIVE"
    assert Act.objects.count() == 0


def test_the_consequences_name_what_changes_and_who_must_agree():
    (pair,) = waiting(email="min@naver.com")
    Customer.objects.filter(pk=customers_of(pair)[0].pk).update(grade="VIP")

    page = browser_of(steward()).get(f"{page_of(pair)}?preview=1")

    assert ("E-mail", "–", "min@naver.com") in [
        (line.label, line.old, line.new) for line in page.context["preview"].values
    ]
    assert "A second person must approve it. A customer of high value is among them." in words(page)


def test_an_earlier_decision_is_shown_with_what_is_new():
    (pair,) = waiting()
    by = steward(name="정다은")
    decide(pair, "DIFFERENT", by=by, reason_code="CUSTOMER_SAID", comment="two sisters")
    ruling = Ruling.objects.get()
    Ruling.objects.update(pattern=rows.pattern(name="near", birth="other", mobile="same"))
    now = rows.pattern(name="near", birth="other", mobile="same", rrn="same")
    Pair.objects.update(state="OPEN", closed_at=None, reason="CONTRADICTED", contradicts=ruling, pattern=now)

    page = login("DATA_STEWARD").get(page_of(pair))

    told = words(page)
    assert "New evidence speaks against an earlier decision. 정다은 ·" in told
    assert "Two customers · Confirmed by the customer: two sisters" in told
    assert "Resident number: Unknown on one side → Same" in told
    assert listed(browser_of(by), "?contradicted=on") == [pair.pk]


def contradicted(answer: str) -> Pair:
    """A pair that came back although a person had decided it."""
    (pair,) = waiting()
    decide(pair, answer, by=steward(), at=timezone.now())
    ruling = Ruling.objects.get()
    back = {"state": "OPEN", "closed_at": None, "reason": "CONTRADICTED", "contradicts": ruling}
    Pair.objects.filter(pk=pair.pk).update(**back)
    return current(pair)


def test_a_resident_number_in_the_comment_of_a_decision_is_masked():
    (pair,), rrn = waiting(), make_rrn("850302", 2)
    decide(pair, "DIFFERENT", by=steward(), comment=f"예: {rrn}")
    ruling = Ruling.objects.get()
    client = login("DATA_STEWARD")

    decided = client.get(page_of(pair))
    Pair.objects.update(state="OPEN", contradicts=ruling)
    came_back = client.get(page_of(pair))

    assert ["850302-2******" in words(page) for page in (decided, came_back)] == [True, True]
    assert [rrn in page.content.decode() for page in (decided, came_back)] == [False, False]


def test_one_customer_that_came_back_can_be_confirmed():
    pair = contradicted("SAME")
    client = browser_of(steward())

    page = client.get(page_of(pair))
    went = answer(client, pair, "SAME", comment="same passport")

    assert page.context["decision"].is_one
    assert "One customer already" in words(page)
    assert "If they are one customer" not in words(page)
    assert said(went)[0] == "Ruled one customer, as before."
    assert (state_of(pair), Ruling.objects.get(withdrawn_at=None).reason) == ("SAME", "same passport")


def test_one_customer_that_came_back_can_be_parted():
    pair = contradicted("SAME")

    went = answer(browser_of(steward()), pair, "DIFFERENT")

    assert said(went)[0] == "Ruled two customers."
    left, right = customers_of(pair)
    assert (left != right, state_of(pair)) == (True, "DIFFERENT")


def test_an_overtaken_pair_says_by_what_and_by_whom():
    one, other = customers_of(waiting()[0])
    third = Pair.objects.get()
    by = steward(name="정다은")
    at = timezone.now()
    merges.merge_customers(survivor=one, retired=[other], by=by, at=at)

    page = words(login("DATA_STEWARD").get(page_of(third)))

    assert state_of(third) == "OVERTAKEN"
    assert "The two records have become one customer 정다은 ·" in page


# Who may


def test_who_does_not_decide_sees_no_answers_and_is_refused():
    (pair,) = waiting()
    client = login("COMPLIANCE_OFFICER")

    page = client.get(page_of(pair))
    asked = [client.post(url) for url in (TAKE, UNDO, f"{page_of(pair)}decide/", f"{page_of(pair)}release/")]

    assert page.context["form"] is None
    assert [response.status_code for response in (*asked, client.get(f"{page_of(pair)}preview/"))] == [403] * 5


def test_nobody_decides_on_customers_that_they_do_not_see():
    (pair,) = waiting()
    staff = make_staff("AUDITOR", "FP", language="en")
    staff.user_permissions.add(*Permission.objects.filter(codename="decide_pair"))
    grant(customers_of(pair)[0], staff)
    client = browser_of(Staff.objects.get(pk=staff.pk))

    assert client.get(page_of(pair)).context["form"] is None
    assert answer(client, pair, "DIFFERENT").status_code == 403
    assert client.get(f"{page_of(pair)}preview/").status_code == 403
    assert state_of(pair) == "OPEN"


def queries_of(act: object) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_the_page_needs_as_many_queries_for_many_records_as_for_few():
    few, many = waiting(2)
    for number in range(3):
        feed([person(source_key=f"more{number}", name=many.left.name, mobile="010-7777-7777")], "BANCA")
    extra = Customer.objects.exclude(pk__in=[one.pk for one in (*customers_of(few), *customers_of(many))])
    for customer in extra:
        customer.links.update(customer=customers_of(many)[0])
    client = browser_of(steward())
    client.get(page_of(few))

    counts = [queries_of(lambda pair=pair: client.get(page_of(pair))) for pair in (few, many)]

    assert counts[0] == counts[1] <= 20


def test_an_answer_and_the_next_pair_take_a_fixed_number_of_queries(settings):
    settings.SECOND_LOOK_PERCENT = 0  # drawing one takes some more
    pairs = waiting(6)
    queue.reckon_worth()
    client = browser_of(steward())
    client.post(TAKE)
    counts = []
    for _number in range(4):
        pair = Pair.objects.get(state="OPEN", assigned_to__isnull=False)
        counts.append(queries_of(lambda pair=pair: answer(client, pair, "DIFFERENT")))

    assert len(set(counts[1:])) == 1
    assert counts[-1] <= 60
    assert len(pairs) == 6
