"""The pages about households: who may see them, what they show, what their buttons do."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from customers.services.protections import protect_customer
from relations.models import Household, HouseholdRefusal, HouseholdRun, HouseholdSuggestion, Membership
from relations.services import household_runs
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer
from tests.relations.housing import TODAY, open_places, opened, suggested

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
LIST, SUGGESTIONS, REFUSALS = (f"/relations/households/{word}" for word in ("", "suggestions/", "refusals/"))
VERBS = (
    "members/add/",
    "members/remove/",
    "role/change/",
    "primary/make/",
    "split/",
    "join/",
    "close/",
)


def login(*roles: str, **fields: object) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, **{"language": "en"} | fields))
    return client


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def said(response: object) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_strangers_see_nothing():
    household, suggestion = opened(make_customer()), suggested(make_customer(), make_customer())
    run = household_runs.request_search(by=None, at=NOW, is_queued=False)
    outsider, planner = login("ADMINISTRATOR"), login("FP")
    pages = [
        LIST,
        f"{LIST}{household.pk}/",
        f"{LIST}open/",
        SUGGESTIONS,
        REFUSALS,
        f"{SUGGESTIONS}{suggestion.pk}/",
        f"{LIST}searches/{run.pk}/",
        *(f"{LIST}{household.pk}/{verb}" for verb in VERBS),
    ]

    assert {outsider.get(page).status_code for page in pages} == {403}
    assert planner.get(LIST).status_code == 200
    assert planner.get(f"{LIST}{household.pk}/").status_code == 404
    assert {planner.get(page).status_code for page in pages[2:]} == {403}
    for verb in (f"{SUGGESTIONS}{suggestion.pk}/confirm/", f"{SUGGESTIONS}{suggestion.pk}/refuse/"):
        assert planner.post(verb).status_code == 403
    assert planner.post(f"{LIST}searches/request/").status_code == 403


def test_a_planner_sees_the_household_of_a_customer_and_the_others_as_silhouettes():
    planner = make_staff("FP", language="en")
    mine = make_customer(keeper=planner, name="김하나", marketing_consent_on=TODAY)
    stranger = make_customer(name="박두리")
    household = opened(mine, stranger)
    client = Client()
    client.force_login(planner)

    page = client.get(f"{LIST}{household.pk}/").content.decode()
    line = client.get(LIST).content.decode()

    for text in (page, line):
        assert "박두리" not in text
        assert stranger.number not in text
        assert "Not one of your customers" in text
        assert mine.number in text


def test_empty_lists_say_so():
    client = login("DATA_STEWARD")

    assert b"No household is here" in client.get(LIST).content
    assert b"No suggested household waits for a person" in client.get(SUGGESTIONS).content
    assert b"No suggestion is in this state" in client.get(f"{SUGGESTIONS}?state=REFUSED").content
    assert b"No suggestion matches these filters" in client.get(f"{SUGGESTIONS}?kind=PAYER").content
    assert b"Nobody was refused" in client.get(REFUSALS).content


@pytest.mark.parametrize("page", [LIST, SUGGESTIONS, REFUSALS])
def test_a_list_takes_as_many_queries_for_three_as_for_one(page):
    client = login("DATA_STEWARD")

    def one_more() -> None:
        opened(make_customer(), make_customer())
        suggested(make_customer(), make_customer())
        first, second = make_customer(), make_customer()
        HouseholdRefusal.objects.create(first=first, second=second, kind="LIVING", refused_at=NOW)

    one_more()
    alone = queries(client, page)
    one_more()
    one_more()

    assert queries(client, page) == alone


def test_a_household_takes_as_many_queries_for_four_members_as_for_two():
    client = login("DATA_STEWARD")
    two, four = (opened(*(make_customer() for _ in range(size))) for size in (2, 4))

    assert queries(client, f"{LIST}{two.pk}/") == queries(client, f"{LIST}{four.pk}/")


def test_the_list_is_narrowed_by_state_and_kind():
    client, living, payer = login("DATA_STEWARD"), opened(make_customer()), opened(make_customer(), kind="PAYER")
    Household.objects.filter(pk=payer.pk).update(closed_on=TODAY, closed_at=NOW, closed_because="OTHER")

    def shown(words: str) -> list[Household]:
        return [line.household for line in client.get(f"{LIST}?{words}").context["lines"]]

    assert [shown(words) for words in ("", "show=closed", "show=all", "show=all&kind=LIVING", "show=?&kind=?")] == [
        [living],
        [payer],
        [payer, living],
        [living],
        [living],
    ]


def test_suggestions_are_the_surest_first_and_narrowed():
    client = login("DATA_STEWARD")
    low = suggested(make_customer(), make_customer(), score=0.7)
    high = suggested(make_customer(), make_customer(), score=0.97)
    payer = suggested(make_customer(), make_customer(), kind="PAYER", score=0.8)

    def shown(words: str) -> list[HouseholdSuggestion]:
        return [line.suggestion for line in client.get(f"{SUGGESTIONS}?{words}").context["lines"]]

    assert shown("") == [high, payer, low]
    assert shown("score=0.95") == [high]
    assert shown("kind=PAYER") == [payer]
    assert shown(f"after={high.pk}") == [payer, low]
    assert shown(f"before={low.pk}") == [high, payer]
    assert shown("score=1000000&branch=x") == [high, payer, low]


def test_pages_of_suggestions_follow_one_another(monkeypatch):
    monkeypatch.setattr("relations.household_filters.PAGE_SIZE", 2)
    client = login("DATA_STEWARD")
    every = [suggested(make_customer(), make_customer(), score=0.9) for _ in range(3)]

    first = client.get(SUGGESTIONS).context["page"]
    second = client.get(f"{SUGGESTIONS}?after={first.after}").context["page"]

    assert (list(first.rows), first.before, first.after) == (every[:2], None, str(every[1].pk))
    assert (list(second.rows), second.before, second.after) == (every[2:], str(every[2].pk), None)


def test_a_suggestion_says_what_ties_its_members():
    father, mother = make_customer(name="김하나"), make_customer(name="박두리")
    suggestion = suggested(father, mother)

    page = login("DATA_STEWARD").get(f"{SUGGESTIONS}{suggestion.pk}/")

    (tie,) = page.context["report"].ties
    assert (tie.one.number, tie.other.number, tie.percent) == (father.number, mother.number, 90)
    assert tie.speaks_for == ("Same address", "A flat with block and number", "Same surname")


def test_a_steward_confirms_and_goes_on_to_the_next():
    client, father, mother = login("DATA_STEWARD"), make_customer(), make_customer()
    suggestion, following = suggested(father, mother), suggested(make_customer(), make_customer(), score=0.5)

    answer = client.post(
        f"{SUGGESTIONS}{suggestion.pk}/confirm/",
        {"chosen": [father.number, mother.number], "on": "2024-03-01", "comment": ""},
        follow=True,
    )

    household = Household.objects.get()
    assert open_places(household) == [(father.pk, "HEAD", True), (mother.pk, "SPOUSE", True)]
    assert answer.redirect_chain[-1][0] == f"{SUGGESTIONS}{following.pk}/?state=OPEN"
    assert said(answer) == [f"Household {household.number} was confirmed."]


def test_a_steward_refuses():
    client, one, two = login("DATA_STEWARD"), make_customer(), make_customer()
    suggestion = suggested(one, two)

    answer = client.post(f"{SUGGESTIONS}{suggestion.pk}/refuse/", {"comment": "neighbours"}, follow=True)

    refusal = HouseholdRefusal.objects.get()
    assert (refusal.first_id, refusal.second_id, refusal.comment) == (one.pk, two.pk, "neighbours")
    assert answer.redirect_chain[-1][0] == f"{SUGGESTIONS}?state=OPEN"
    withdrawn = client.post(f"{REFUSALS}{refusal.pk}/withdraw/", follow=True)
    assert said(withdrawn) == ["The refusal was withdrawn. The next search may put the two together."]
    again = client.post(f"{REFUSALS}{refusal.pk}/withdraw/", follow=True)
    assert said(again) == ["This refusal was withdrawn meanwhile."]


def test_a_suggestion_that_was_decided_says_so():
    client, suggestion = login("DATA_STEWARD"), suggested(make_customer(), make_customer(), state="OVERTAKEN")

    answer = client.post(f"{SUGGESTIONS}{suggestion.pk}/refuse/", {"comment": ""}, follow=True)

    assert said(answer) == ["This suggestion was decided, or overtaken, meanwhile. Nothing was done."]
    assert answer.context["form"] is None


def test_nobody_decides_about_people_whom_they_may_not_see():
    hidden, other = make_customer(name="비밀님"), make_customer()
    suggestion = suggested(hidden, other)
    protect_customer(customer=hidden, kind="VIP", reason="a reason", by=make_staff("PRIVACY_OFFICER"), at=NOW)
    client = login("DATA_STEWARD")

    page = client.get(f"{SUGGESTIONS}{suggestion.pk}/")

    assert "비밀님" not in page.content.decode()
    assert page.context["form"] is None
    assert client.post(f"{SUGGESTIONS}{suggestion.pk}/confirm/", {"comment": ""}).status_code == 403
    assert client.post(f"{SUGGESTIONS}{suggestion.pk}/refuse/", {"comment": ""}).status_code == 403


def test_a_household_is_opened_and_grows():
    client, father, child = login("DATA_STEWARD"), make_customer(), make_customer()

    asked = {"kind": "LIVING", "number": father.number, "role": "HEAD", "basis": "PERSON", "because": "OTHER"}
    client.post(f"{LIST}open/", asked | {"on": "2020-01-01"})
    household = Household.objects.get()
    client.post(
        f"{LIST}{household.pk}/members/add/",
        {"number": child.number, "role": "CHILD", "basis": "PERSON", "because": "BIRTH", "on": "", "comment": ""},
    )

    assert open_places(household) == [(father.pk, "HEAD", True), (child.pk, "CHILD", True)]


def test_the_effect_is_shown_and_nothing_is_kept():
    client, father, mother = login("DATA_STEWARD"), make_customer(), make_customer()
    household = opened(father, mother)

    page = client.post(
        f"{LIST}{household.pk}/split/",
        {"leavers": [mother.number], "on": "2026-11-01", "because": "DIVORCE", "comment": "", "preview": "1"},
    )

    assert [(event.what, event.who and event.who.number) for event in page.context["effect"]] == [
        ("Opened", None),
        ("Left", mother.number),
        ("Entered", mother.number),
        ("Split", None),
    ]
    assert Household.objects.count() == 1
    assert len(open_places(household)) == 2


@pytest.mark.parametrize(
    ("verb", "asked", "left"),
    [
        ("members/remove/", {"member": 1, "because": "MOVED_OUT"}, [(0, "HEAD")]),
        ("role/change/", {"member": 1, "role": "PARENT"}, [(0, "HEAD"), (1, "PARENT")]),
        ("close/", {"because": "DIVORCE"}, []),
        ("split/", {"leavers": 1, "because": "DIVORCE"}, [(0, "HEAD")]),
    ],
)
def test_verbs_change_a_household(verb, asked, left):
    client, people = login("DATA_STEWARD"), [make_customer(), make_customer()]
    household = opened(*people)
    numbers = {name: people[value].number if isinstance(value, int) else value for name, value in asked.items()}

    answer = client.post(f"{LIST}{household.pk}/{verb}", numbers | {"on": "2026-11-01", "comment": ""})

    assert answer.status_code == 302
    assert [(customer, role) for customer, role, _primary in open_places(household)] == [
        (people[place].pk, role) for place, role in left
    ]


def test_another_household_is_made_primary_and_joined():
    client, person, other = login("DATA_STEWARD"), make_customer(), make_customer()
    home, second = opened(person), opened(person, kind="LIVING", on=None, roles=("CHILD",))
    third = opened(other)
    day = {"on": "2026-11-01", "comment": ""}

    client.post(f"{LIST}{second.pk}/primary/make/", day | {"member": person.number})
    client.post(f"{LIST}{home.pk}/join/", day | {"other": third.number.lower(), "because": "MARRIAGE"})

    assert open_places(second) == [(person.pk, "CHILD", True)]
    assert open_places(home) == [(person.pk, "HEAD", False), (other.pk, "RELATIVE", True)]


def test_what_is_refused_is_said_in_the_form():
    client, person = login("DATA_STEWARD"), make_customer()
    household = opened(person)
    asked = {"number": make_customer().number, "role": "HEAD", "basis": "PERSON", "because": "OTHER", "on": ""}

    def errors(verb: str, words: dict[str, str]) -> list[str]:
        form = client.post(f"{LIST}{household.pk}/{verb}", words).context["form"]
        with translation.override("en"):
            return [str(error) for field in form.errors.values() for error in field]

    assert errors("members/add/", asked) == ["The household has a head. Give the head another role first."]
    assert errors("members/add/", asked | {"number": "12345"}) == ["This is no customer number."]
    assert errors("split/", {"leavers": [person.number], "on": "2026-11-01", "because": "SPLIT"}) == [
        "Somebody has to stay. Where all leave, close the household."
    ]
    assert errors("close/", {"on": "2019-01-01", "because": "OTHER"}) == [
        "This day lies before what it ends, or changes, began."
    ]
    assert errors("close/", {"on": "2999-01-01", "because": "OTHER"}) == ["This day has not come yet."]
    assert errors("join/", {"on": "2026-11-01", "because": "OTHER", "other": "H0"}) == [
        "There is no such household that you may see."
    ]


def test_a_closed_household_has_no_verbs():
    client, household = login("DATA_STEWARD"), opened(make_customer())
    client.post(f"{LIST}{household.pk}/close/", {"on": "2026-11-01", "because": "OTHER", "comment": ""})

    assert client.get(f"{LIST}{household.pk}/").status_code == 200
    assert {client.get(f"{LIST}{household.pk}/{verb}").status_code for verb in VERBS} == {404}


def test_a_search_is_asked_for_shown_stopped_and_begun_again():
    client = login("DATA_STEWARD")

    asked = client.post(f"{LIST}searches/request/", follow=True)
    run = HouseholdRun.objects.get()
    again = client.post(f"{LIST}searches/request/", follow=True)
    stopped = client.post(f"{LIST}searches/{run.pk}/stop/", follow=True)
    late = client.post(f"{LIST}searches/{run.pk}/stop/", follow=True)
    resumed = client.post(f"{LIST}searches/{run.pk}/resume/", follow=True)

    assert [said(answer)[0] for answer in (asked, again, stopped, late, resumed)] == [
        "The search was queued.",
        "A search was waiting or at work already; this is it.",
        "The search was stopped. It has written nothing.",
        "The search had ended already.",
        "The search was queued.",
    ]
    assert asked.redirect_chain[-1][0] == f"{LIST}searches/{run.pk}/"
    part = client.get(f"{LIST}searches/{run.pk}/", headers={"HX-Request": "true", "HX-Target": "household-run"})
    assert b"<html" not in part.content
    household_runs.do_search(run=run)
    assert b"Persons compared" in client.get(f"{LIST}searches/{run.pk}/").content


def test_the_card_of_the_start_page_counts_what_waits():
    suggested(make_customer(), make_customer())

    assert b"1 suggestions wait" in login("DATA_STEWARD").get("/").content
    assert b"suggestions wait" not in login("FP").get("/").content


def test_places_that_only_changed_are_no_earlier_members():
    client, person = login("DATA_STEWARD"), make_customer()
    household = opened(person, make_customer())
    client.post(f"{LIST}{household.pk}/role/change/", {"member": person.number, "role": "PARENT", "on": "2026-11-01"})

    assert client.get(f"{LIST}{household.pk}/").context["report"].before == ()
    assert Membership.objects.filter(customer=person).count() == 2


def test_deeds_are_told_with_day_and_reason():
    household = opened(make_customer(), make_customer())

    page = login("DATA_STEWARD").get(f"{LIST}{household.pk}/")

    assert [event.what for event in page.context["report"].events] == ["Entered", "Entered", "Opened"]
