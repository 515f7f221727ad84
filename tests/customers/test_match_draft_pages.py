"""The pages on which a matching model is changed by hand, rehearsed, put to use and rolled back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.dedup.drafting import ALL_OTHERS
from customers.dedup.model import Cut
from customers.models import Customer, MatchModel, MatchRun, Rehearsal, SourceRecord
from customers.numbering import written_number
from customers.services import match_models, match_rehearsals
from customers.services.match_drafts import draft_match_model
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_rrn, person
from tests.customers.dedup import rows
from tests.customers.matching import (
    HOME,
    MODELS,
    RUNS,
    english,
    login,
    make_learning,
    make_model,
    make_run,
    said,
    words,
)

pytestmark = pytest.mark.usefixtures("master")
DRAFT, REHEARSALS, ROLL_BACK = f"{MODELS}draft/", f"{HOME}rehearsals/", f"{MODELS}roll-back/"
COUNTS = {
    **{"records": 2000, "links_gained": 12, "links_lost": 3400, "records_linked": 0, "records_moved": 40},
    **{"customers_split": 31, "customers_joined": 5, "customers_created": 30, "customers_merged": 6},
    **{"pairs_found": 70, "pairs_reopened": 1, "pairs_closed": 9, "pairs_open_before": 100, "pairs_open_after": 162},
}


def make_draft(**more: object) -> MatchModel:
    """A draft of the shipped model, or of the version in use, with a higher cut."""
    author = more.pop("by", None) or make_staff("DATA_STEWARD")
    return draft_match_model(
        by=author, at=NOW, cuts=more.pop("cuts", {ALL_OTHERS: Cut(3.0, -6.0)}), comment="명의 도용 방지", **more
    )


def make_rehearsal(model: MatchModel | None = None, **fields: object) -> Rehearsal:
    """A rehearsal that is done."""
    now = timezone.now()
    defaults = {"state": "DONE", "done_share": 1.0, "counts": COUNTS, "requested_at": now, "finished_at": now}
    return Rehearsal.objects.create(kind="MATCHING", match_model=model or make_draft(), **defaults | fields)


def make_samples(number: int = 1) -> dict[str, list[dict[str, object]]]:
    """Samples of every kind over records that are there."""
    found: dict[str, list[dict[str, object]]] = {"gained": [], "lost": [], "split": [], "joined": [], "review": []}
    for _sample in range(number):
        feed([person(name="김하나", birth_date="1985-03-02"), person(name="박서준", birth_date="1971-04-04")])
        one, other = SourceRecord.objects.select_related("link").order_by("-pk")[:2][::-1]
        pair = [one.pk, other.pk, -1.5, rows.pattern(name="near", birth="exact", mobile="other")]
        customers = [one.link.customer_id, other.link.customer_id]
        found["gained"].append({"pair": pair})
        found["lost"].append({"pair": pair})
        split = {"customer": customers[0], "parts": [[one.pk], [other.pk]], "sizes": [1, 9]}
        found["split"].append({"pair": pair, **split})
        found["joined"].append({"pair": pair, "customers": customers, "of": 2})
        found["review"].append({"pair": pair, "reason": "ALIKE"})
    return found


def fields_of(client: Client, url: str = DRAFT) -> dict[str, str]:
    """The fields of the form of a draft as they stand on the page."""
    form = client.get(url).context["form"]
    parts = [form, *form.cuts, *(each for _kind, _label, fields in form.kinds for each in fields)]
    sent = {each[name].html_name: each[name].value() for each in parts for name in each.fields}
    held = {name: "" if value is None else value for name, value in sent.items() if value is not False}
    return held | {"comment": "시험"}


def send(client: Client, fields: dict[str, str], base: int = 0) -> object:
    return client.post(DRAFT, fields | {"base": str(base)}, follow=True)


@pytest.mark.parametrize(
    ("role", "views", "drafts", "publishes"),
    [
        (None, 403, 403, 403),
        ("FP", 403, 403, 403),
        ("BRANCH_MANAGER", 403, 403, 403),
        ("CAMPAIGN_MANAGER", 403, 403, 403),
        ("SERVICE_CLIENT", 403, 403, 403),
        ("AUDITOR", 200, 403, 403),
        ("COMPLIANCE_OFFICER", 200, 403, 403),
        ("PRIVACY_OFFICER", 200, 403, 403),
        ("DATA_STEWARD", 200, 200, 403),
        ("ADMINISTRATOR", 200, 200, 302),
    ],
)
def test_each_role_may_do_what_it_may(role, views, drafts, publishes):
    rehearsal, client = make_rehearsal(samples=make_samples()), login(*[role] if role else [])

    pages = [f"{REHEARSALS}{rehearsal.pk}/", f"{REHEARSALS}{rehearsal.pk}/gained/1/"]
    assert [client.get(url).status_code for url in pages] == [views] * 2
    assert client.get(DRAFT).status_code == drafts
    assert client.post(f"{MODELS}1/rehearse/").status_code == (302 if drafts == 200 else 403)
    assert client.post(ROLL_BACK).status_code == publishes


def test_what_changes_something_is_not_done_by_a_link():
    make_draft()
    client = login("DATA_STEWARD", "ADMINISTRATOR")

    assert [client.get(url).status_code for url in (f"{MODELS}1/rehearse/", ROLL_BACK)] == [405, 405]


def test_what_is_unknown_is_not_found():
    make_learning()
    rehearsal = make_rehearsal(make_model(), samples=make_samples())
    client = login("DATA_STEWARD", "ADMINISTRATOR")
    one = f"{REHEARSALS}{rehearsal.pk}/"
    pages = [f"{REHEARSALS}{10**30}/", f"{one}gained/2/", f"{one}gained/0/", f"{one}nothing/1/", f"{DRAFT}?base=9"]

    assert [client.get(url).status_code for url in [*pages, f"{DRAFT}?base=1"]] == [404] * 6
    assert client.post(f"{MODELS}9/rehearse/").status_code == 404


def test_the_form_of_a_draft_holds_what_its_base_weighs():
    make_model(state="LIVE")

    form = login("DATA_STEWARD").get(DRAFT).context["form"]

    (default, *new) = form.cuts
    assert (default.is_default, default.initial) == (True, {"auto": "0", "review": "-6"})
    assert [row.is_new for row in new] == [True] * 3
    names = form.kinds[0][2][0]
    assert english(names.label) == "Name"
    assert [(english(level.label), bits) for bits, level in names.lines()][:3] == [
        ("Unknown on one side", "0.0"),
        ("Same", "+9.0"),
        ("One letter or a usual spelling apart", "+6.0"),
    ]


def test_a_draft_is_made_of_what_was_changed():
    make_model(state="LIVE")
    client = login("DATA_STEWARD")
    fields = fields_of(client) | {"cut0-auto": "2.5", "person-name-exact": "10", "comment": "명의 확인"}
    fields |= {"cut1-first": "TM", "cut1-second": "FP", "cut1-auto": "4", "cut1-review": "-2"}

    answer = send(client, fields, base=1)

    model = MatchModel.objects.get(version=2)
    assert answer.redirect_chain == [(f"{MODELS}2/", 302)]
    assert said(answer) == ["The draft was made. Rehearse it on today's stock."]
    assert (model.state, model.created_by.pk) == ("DRAFT", int(client.session["_auth_user_id"]))
    assert model.training["changes"] == {
        "cuts": {"*~*": [[0.0, -6.0], [2.5, -6.0]], "FP~TM": [None, [4.0, -2.0]]},
        "weights": {"person": {"name": {"exact": [9.0, 10.0]}}},
        "keys": {},
    }
    page = words(answer)
    assert "명의 확인" in page
    assert "FP prospects(FP) Telemarketing(TM) as all others → +4.0 as all others → −2.0" in page.replace(
        "FP prospects Telemarketing", "FP prospects(FP) Telemarketing(TM)"
    )
    assert "All others All others 0.0 → +2.5 −6.0" in page
    assert "Persons Name Same +9.0 → +10.0" in page


def test_keys_are_left_out():
    client = login("DATA_STEWARD")
    fields = fields_of(client)
    fields["keys"] = [key for key in fields["keys"] if key != "name_year"]

    answer = send(client, fields)

    assert MatchModel.objects.get().definition["keys_off"] == ["name_year"]
    assert "Rare name and year of birth The key is no longer looked at." in words(answer)
    again = client.get(f"{DRAFT}?base=1").context["form"]
    assert "name_year" not in again["keys"].value()


def test_cuts_of_two_sources_are_taken_away():
    make_draft(cuts={ALL_OTHERS: Cut(0.0, -6.0), ("FP", "TM"): Cut(4.0, -2.0)})
    client = login("DATA_STEWARD")
    fields = fields_of(client, f"{DRAFT}?base=1") | {"cut1-is_dropped": "on"}

    send(client, fields, base=1)

    assert MatchModel.objects.get(version=2).training["changes"]["cuts"] == {"FP~TM": [[4.0, -2.0], None]}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Nothing differs from the version that you started from."),
        ({"cut0-auto": "-7"}, "Records cannot be linked from fewer bits on than they are reviewed from."),
        ({"cut0-auto": ""}, "Write both cuts."),
        ({"cut0-auto": "abc"}, "Enter a number."),
        ({"cut0-auto": "nan"}, "Enter a number."),
        ({"cut0-review": "-13"}, "Ensure this value is greater than or equal to -12.0."),
        ({"cut1-first": "TM", "cut1-auto": "1", "cut1-review": "0"}, "Choose both sources."),
        ({"cut1-first": "NOBODY"}, "Select a valid choice. NOBODY is not one of the available choices."),
        ({"person-name-exact": "61"}, "Ensure this value is less than or equal to 60.0."),
        ({"person-name-exact": ""}, "This field is required."),
        ({"comment": " "}, "This field is required."),
        (
            {
                **{"cut1-first": "TM", "cut1-second": "FP", "cut1-auto": "1", "cut1-review": "0"},
                **{"cut2-first": "FP", "cut2-second": "TM", "cut2-auto": "2", "cut2-review": "0"},
            },
            "These two sources have a row already.",
        ),
    ],
)
def test_what_makes_no_draft_is_told_beside_the_figure(changes, sentence):
    make_model(state="LIVE")
    client = login("DATA_STEWARD")

    answer = send(client, fields_of(client) | changes, base=1)

    assert (answer.status_code, MatchModel.objects.count()) == (200, 1)
    assert sentence in words(answer)


def test_a_draft_is_rehearsed_by_a_worker():
    model, client = make_draft(), login("DATA_STEWARD")

    answer = client.post(f"{MODELS}{model.version}/rehearse/", follow=True)

    rehearsal = Rehearsal.objects.get()
    assert answer.redirect_chain == [(f"{REHEARSALS}{rehearsal.pk}/", 302)]
    assert said(answer) == ["The rehearsal was queued. It leaves the stock as it is."]
    assert (rehearsal.state, rehearsal.match_model) == ("WAITING", model)
    again = client.post(f"{MODELS}{model.version}/rehearse/", follow=True)
    assert said(again) == ["This draft is being rehearsed already; this is it."]
    assert Rehearsal.objects.count() == 1


def test_only_a_draft_is_rehearsed():
    make_model(state="LIVE")

    answer = login("DATA_STEWARD").post(f"{MODELS}1/rehearse/", follow=True)

    assert said(answer) == ["This version is no draft, so there is nothing to rehearse."]


@pytest.mark.parametrize("at_home", ["rehearsal", "model"])
def test_a_rehearsal_asks_for_itself_until_it_has_ended(at_home):
    rehearsal = make_rehearsal(state="RUNNING", done_share=0.4, counts={})
    url = f"{REHEARSALS}{rehearsal.pk}/"
    page_url = url if at_home == "rehearsal" else f"{MODELS}{rehearsal.match_model.version}/"
    as_part, client = {"HX-Request": "true", "HX-Target": "match-rehearsal"}, login("DATA_STEWARD")

    page = client.get(page_url).content.decode()
    alive = client.get(url, headers=as_part).content.decode()
    Rehearsal.objects.update(state="DONE", counts=COUNTS, finished_at=timezone.now())
    over = client.get(url, headers=as_part).content.decode()

    assert [text.count(f'hx-get="{url}"') for text in (page, alive, over)] == [1, 1, 0]
    assert "<html" not in alive + over
    assert 'value="40"' in alive
    assert ("The rehearsal has ended: Done." in alive, "The rehearsal has ended: Done." in over) == (False, True)


def test_a_rehearsal_tells_what_would_change():
    report = login("AUDITOR").get(f"{REHEARSALS}{make_rehearsal().pk}/").context["rehearsed"]

    told = {english(label): count for _title, counts in report.groups for label, count in counts}
    assert told == {
        **{"Pairs of records that come together": 12, "Pairs of records that come apart": 3400},
        **{"Records linked for the first time": 0, "Records moved to another customer": 40},
        **{"Customers split": 31, "Customers made of several": 5, "Customers created": 30, "Customers merged": 6},
        **{"New pairs for review": 70, "Pairs opened again": 1, "Pairs closed": 9},
        **{"Open pairs now": 100, "Open pairs then": 162},
    }
    assert [(tab.kind, tab.count) for tab in report.tabs] == [
        *(("gained", 12), ("lost", 3400), ("split", 31), ("joined", 5), ("review", 70)),
    ]


def test_the_page_of_a_draft_tells_its_newest_rehearsal():
    model = make_draft()
    make_rehearsal(model, state="FAILED", error="MemoryError", counts={})
    make_rehearsal(model)

    page = words(login("AUDITOR").get(f"{MODELS}{model.version}/"))

    assert "Pairs of records that come apart 3,400" in page
    assert "The memory of the machine did not suffice." not in page


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("Interrupted", "The process that was at it has died. Rehearse again."),
        ("MemoryError", "The memory of the machine did not suffice."),
        ("KeyError", "An unexpected error (KeyError) ended the rehearsal. The log of the worker tells the place."),
    ],
)
def test_a_rehearsal_that_failed_says_why(error, sentence):
    rehearsal = make_rehearsal(state="FAILED", error=error, counts={})

    answer = login("DATA_STEWARD").get(f"{REHEARSALS}{rehearsal.pk}/")

    assert sentence in words(answer)
    assert "Rehearse again" in words(answer)


def test_a_rehearsal_without_effect_says_so():
    counts = dict.fromkeys(COUNTS, 0) | {"records": 2000, "pairs_open_before": 5, "pairs_open_after": 5}
    answer = login("AUDITOR").get(f"{REHEARSALS}{make_rehearsal(counts=counts).pk}/")

    assert "Nothing would change" in words(answer)
    assert "There is no example of this kind" in words(answer)


def test_a_rehearsal_before_a_match_run_is_told_to_be_out_of_date():
    rehearsal, client = make_rehearsal(watermark="another"), login("AUDITOR")
    fresh = words(client.get(f"{REHEARSALS}{rehearsal.pk}/"))
    make_run(finished_at=timezone.now() + timedelta(seconds=1))

    stale = words(client.get(f"{REHEARSALS}{rehearsal.pk}/"))

    assert "The stock has changed a little since" in fresh
    assert "these figures are out of date" in stale


@pytest.mark.parametrize("minutes", [0, 2])
def test_a_rehearsal_that_nobody_takes_says_so(minutes):
    asked = timezone.now() - timedelta(minutes=minutes)
    rehearsal = make_rehearsal(state="WAITING", counts={}, requested_at=asked, finished_at=None)

    page = words(login("DATA_STEWARD").get(f"{REHEARSALS}{rehearsal.pk}/"))

    assert ("It has waited for more than a minute" in page) == bool(minutes)


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("gained", "–"),
        ("lost", "–"),
        ("split", "Records: 1 + 9"),
        ("joined", "Customers: 2"),
        ("review", "Much in common, but not enough"),
    ],
)
def test_samples_show_two_records_as_the_reader_may_see_them(kind, note):
    rehearsal = make_rehearsal(samples=make_samples())
    url = f"{REHEARSALS}{rehearsal.pk}/?show={kind}"

    steward, auditor = (words(login(role, name="정다은").get(url)) for role in ("DATA_STEWARD", "AUDITOR"))

    assert f"Example 1 −1.5 김하나 Policy administration(POLICY) 박서준 Policy administration(POLICY) {note}" in steward
    assert "김하나" not in auditor
    assert f"not visible to you Policy administration(POLICY) {note}" in auditor


@pytest.mark.parametrize("kind", ["gained", "lost", "split", "joined", "review"])
def test_a_sample_tells_the_two_reckonings_and_the_two_records(kind):
    make_model(state="LIVE")
    rehearsal = make_rehearsal(make_draft(), samples=make_samples())

    answer = login("DATA_STEWARD").get(f"{REHEARSALS}{rehearsal.pk}/{kind}/1/")

    report = answer.context["report"]
    assert (report.account.version, report.account.cut) == (2, "+3.0")
    assert (report.before.version, report.before.cut) == (1, "0.0")
    assert [row.left for row in report.rows if english(row.label) == "Name"] == ["김하나"]
    numbers = [written_number(number) for number in Customer.objects.order_by("pk").values_list("number", flat=True)]
    if kind == "joined":
        assert [number for number, _url in report.customers] == sorted(numbers)
    if kind == "split":
        assert [([side.name for side in part.sides], part.more) for part in report.parts] == [
            (["김하나"], 0),
            (["박서준"], 8),
        ]


def test_a_sample_shows_nothing_of_customers_out_of_sight():
    rehearsal = make_rehearsal(samples=make_samples())
    client = login("ADMINISTRATOR", name="조민재")

    for kind in ("split", "joined"):
        answer = client.get(f"{REHEARSALS}{rehearsal.pk}/{kind}/1/")
        assert "김하나" not in words(answer)
        assert "Values are shown only of customers that you may see." in words(answer)
        assert not re.search(r'href="/customers/[0-9]{10}/', answer.content.decode())
    assert "and 2 more that are not shown to you here" in words(answer)


def test_a_sample_whose_record_is_gone_is_left_out():
    samples = make_samples()
    samples["gained"].append({"pair": [10**9, 10**9 + 1, 1.0, samples["gained"][0]["pair"][3]]})
    rehearsal, client = make_rehearsal(samples=samples), login("DATA_STEWARD")

    report = client.get(f"{REHEARSALS}{rehearsal.pk}/?show=gained").context["rehearsed"]

    assert [line.number for line in report.samples] == [1]
    assert client.get(f"{REHEARSALS}{rehearsal.pk}/gained/2/").status_code == 404


@pytest.mark.parametrize("kind", ["gained", "split", "joined", "review"])
def test_a_rehearsal_needs_as_many_queries_for_three_samples_as_for_one(kind):
    client, counts = login("DATA_STEWARD"), []
    for number in (1, 3):
        rehearsal = make_rehearsal(samples=make_samples(number))
        url = f"{REHEARSALS}{rehearsal.pk}/?show={kind}"
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 17


def test_a_rehearsed_draft_is_put_to_use_by_a_second_person():
    author, second = make_staff("ADMINISTRATOR", language="en"), make_staff("ADMINISTRATOR", language="en")
    model = make_draft(by=author)
    own, other = Client(), Client()
    own.force_login(author)
    other.force_login(second)
    publish, page = f"{MODELS}{model.version}/publish/", f"{MODELS}{model.version}/"

    assert said(other.post(publish, follow=True)) == ["Rehearse this draft first, on the links as they stand now."]
    assert "/publish/" not in other.get(page).content.decode()
    make_rehearsal(model)
    assert said(own.post(publish, follow=True)) == ["Somebody else than its author puts a draft to use."]
    assert "You made this draft. Somebody else puts it to use." in words(own.get(page))
    assert other.get(page).content.decode().count("/publish/") == 1
    answer = other.post(publish, follow=True)

    assert said(answer) == ["The version was put to use. The next run weighs all links by it."]
    assert MatchModel.objects.get().state == "LIVE"


def test_a_version_is_put_to_use_and_the_stock_matched_at_once():
    model = make_draft()
    make_rehearsal(model)
    client = login("ADMINISTRATOR", "DATA_STEWARD")
    assert 'name="run"' in client.get(f"{MODELS}{model.version}/").content.decode()
    assert 'name="run"' not in login("ADMINISTRATOR").get(f"{MODELS}{model.version}/").content.decode()

    answer = client.post(f"{MODELS}{model.version}/publish/", {"run": "1"}, follow=True)

    assert answer.redirect_chain == [(f"{RUNS}{MatchRun.objects.get().pk}/", 302)]
    assert said(answer) == ["The version was put to use, and a run by it was queued."]


def test_the_version_in_use_is_rolled_back():
    make_model(state="LIVE", published_at=NOW)
    model = make_draft()
    make_rehearsal(model)
    client = login("ADMINISTRATOR")
    client.post(f"{MODELS}2/publish/")
    assert "Version 1 is in use again at once." in words(client.get(f"{MODELS}2/"))
    assert ROLL_BACK not in login("DATA_STEWARD").get(f"{MODELS}2/").content.decode()

    answer = client.post(ROLL_BACK, follow=True)

    assert answer.redirect_chain == [(f"{MODELS}1/", 302)]
    assert said(answer) == ["The earlier version is in use again. The next run weighs all links by it."]
    assert dict(MatchModel.objects.values_list("version", "state")) == {1: "LIVE", 2: "RETIRED"}


def test_a_version_that_somebody_rolled_back_meanwhile_is_not_rolled_back_again():
    for version in (1, 2, 3):
        make_model(state="DRAFT")
        match_models.publish_model(model=MatchModel.objects.get(version=version), by=None, at=NOW)
    client = login("ADMINISTRATOR")
    seen = re.search(r'name="seen" value="(\d+)"', client.get(f"{MODELS}3/").content.decode())[1]

    client.post(ROLL_BACK, {"seen": seen}, follow=True)
    answer = client.post(ROLL_BACK, {"seen": seen}, follow=True)

    assert seen == "3"
    assert said(answer) == ["Something changed since you looked. Nothing was done; this is how it is now."]
    assert MatchModel.objects.live().version == 2


def test_a_resident_number_in_the_words_of_a_draft_is_masked():
    rrn = make_rrn("850302", 2)
    model = make_draft()
    MatchModel.objects.update(training=model.training | {"comment": f"예: {rrn}"})

    page = login("DATA_STEWARD").get(f"{MODELS}{model.version}/")

    assert "예: 850302-2******" in words(page)
    assert rrn not in page.content.decode()


def test_there_is_nothing_before_what_hannun_brings():
    answer = login("ADMINISTRATOR").post(ROLL_BACK, follow=True)

    assert answer.redirect_chain == [(MODELS, 302)]
    assert said(answer) == ["The model that Hannun brings is in use; there is none before it."]


def test_a_real_rehearsal_is_shown():
    feed([person(mobile="010-2345-6789"), person(mobile="010-2345-6789")])
    model = make_draft(cuts={ALL_OTHERS: Cut(60.0, 60.0)})
    rehearsal = match_rehearsals.request_rehearsal(model=model, by=None, at=timezone.now(), is_queued=False)
    match_rehearsals.rehearse(rehearsal=rehearsal)

    page = words(login("DATA_STEWARD").get(f"{REHEARSALS}{rehearsal.pk}/"))

    assert "Pairs of records that come apart 1" in page
    assert "Customers split 1" in page
    assert "Command" in page and "records: 2" in page
