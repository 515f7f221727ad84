"""The pages of mappings: who may do what, what a test shows, and the buttons that put a draft to use."""

import html
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers.demo.layouts import MAPPINGS
from customers.feeds.layouts import LAYOUTS
from customers.feeds.mapping import canonical_definition
from customers.models import Mapping
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, as_text, make_mapping, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
LIST = "/customers/feeds/mappings/"
HEADER = LAYOUTS["customers"].columns
ACTS = ("publish", "retire", "copy")
DEFINITION = {
    "encoding": "cp949",
    "delimiter": "|",
    "columns": {
        "source_key": {"from": ["CUST_NO"]},
        "name": {"from": ["SURNAME", "GIVEN"], "join": ""},
        "kind": {"constant": "PERSON"},
        "sex": {"from": ["SEX"], "values": {"1": "M", "2": "F"}},
        "birth_date": {"from": ["BIRTH"], "format": "%d.%m.%Y", "on_bad": "keep"},
    },
}


def login(*roles: str) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, language="en"))
    return client


def page(mapping: Mapping, act: str = "") -> str:
    return f"{LIST}{mapping.pk}/{act}/" if act else f"{LIST}{mapping.pk}/"


def make_draft(**fields: object) -> Mapping:
    return make_mapping(**{"definition": canonical_definition("customers"), "state": "DRAFT"} | fields)


def words(response: object) -> str:
    """What a reader sees of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send_sample(client: Client, mapping: Mapping, *rows: dict[str, str], name: str = "sample.csv") -> object:
    """Send a sample of these rows."""
    return client.post(page(mapping), {"sample": SimpleUploadedFile(name, as_text(rows, HEADER).encode())})


@pytest.mark.parametrize("role", [None, "FP", "DATA_STEWARD", "COMPLIANCE_OFFICER", "AUDITOR", "SERVICE_CLIENT"])
def test_only_an_administrator_sees_and_changes_mappings(role):
    mapping, client = make_draft(), login(*[role] if role else [])

    assert [client.get(url).status_code for url in (LIST, page(mapping))] == [403, 403]
    assert [client.post(page(mapping, act)).status_code for act in ACTS] == [403] * 3
    assert send_sample(client, mapping, person()).status_code == 403
    assert list(Mapping.objects.values_list("state", "tested_at")) == [("DRAFT", None)]


def test_who_may_only_look_at_mappings_may_not_test_them():
    mapping, staff = make_draft(), make_staff()
    staff.user_permissions.add(Permission.objects.get(codename="view_mapping"))
    client = Client()
    client.force_login(staff)

    shown = client.get(page(mapping))

    assert (shown.status_code, b'type="file"' in shown.content) == (200, False)
    assert send_sample(client, mapping, person()).status_code == 403


def test_acts_are_not_done_by_links_and_unknown_mappings_are_not_found():
    mapping, client = make_draft(), login("ADMINISTRATOR")

    assert [client.get(page(mapping, act)).status_code for act in ACTS] == [405] * 3
    mapping.pk += 1
    assert [client.get(page(mapping)).status_code, *(client.post(page(mapping, act)).status_code for act in ACTS)] == [
        404
    ] * 4


def test_the_list_shows_state_and_last_test_and_is_narrowed_in_the_address():
    make_mapping(canonical_definition("customers"), name="b")
    make_draft(name="a", tested_at=NOW, tested_rows=1_234, tested_rejects=5)
    make_draft(name="c", source="BANCA", layout="parties", definition=canonical_definition("parties"))
    client = login("ADMINISTRATOR")

    def names(query: str = "") -> list[str]:
        return [mapping.name for mapping in client.get(f"{LIST}{query}").context["mappings"]]

    assert names() == ["c", "a", "b"]
    assert names("?source=POLICY") == ["a", "b"]
    assert names("?state=LIVE") == ["b"]
    assert names("?layout=parties&source=BANCA") == ["c"]
    assert "Draft 2026-11-23 09:00 1,234 5" in words(client.get(LIST))
    assert "No mapping matches these filters" in words(client.get(f"{LIST}?state=RETIRED"))


def test_a_mapping_is_explained_rule_by_rule():
    answer = login("ADMINISTRATOR").get(page(make_draft(definition=DEFINITION)))

    report = answer.context["report"]
    assert [(rule.column, rule.headers, rule.constant, rule.values, rule.format) for rule in report.rules] == [
        ("source_key", ("CUST_NO",), None, (), ""),
        ("kind", (), "PERSON", (), ""),
        ("name", ("SURNAME", "GIVEN"), None, (), ""),
        ("birth_date", ("BIRTH",), None, (), "%d.%m.%Y"),
        ("sex", ("SEX",), None, (("1", "M"), ("2", "F")), ""),
    ]
    assert [rule.column for rule in report.rules if rule.is_required] == ["source_key", "name"]
    assert [rule.column for rule in report.rules if rule.keeps_bad] == ["birth_date"]
    assert (report.problems, report.encoding) == ((), "cp949")


@pytest.mark.parametrize("definition", [{}, [], "x", {"columns": []}, {"columns": {"name": 1, "sex": {"from": "S"}}}])
def test_a_faulty_definition_is_shown_with_its_faults_and_cannot_be_tested(definition):
    mapping, client = make_draft(definition=definition), login("ADMINISTRATOR")

    shown, tried = client.get(page(mapping)), send_sample(client, mapping, person())

    assert (shown.status_code, bool(shown.context["report"].problems), b'type="file"' in shown.content) == (
        200,
        True,
        False,
    )
    assert (tried.status_code, "sample" in tried.context and tried.context["sample"]) == (200, None)
    assert Mapping.objects.get().tested_at is None


def test_a_sample_is_shown_with_identifiers_masked_and_forgotten():
    rrn = make_rrn()
    mapping, client = make_draft(), login("ADMINISTRATOR")

    answer = send_sample(client, mapping, person(source_key="K-77", rrn=rrn), person(name=""))

    shown = words(answer)
    assert ("K-77" in shown, f"{rrn[:8]}******" in shown, rrn[8:] in answer.content.decode()) == (True, True, False)
    assert "This column must not be empty." in shown
    assert "no-store" in answer.headers["Cache-Control"]
    mapping.refresh_from_db()
    assert (mapping.tested_rows, mapping.tested_rejects) == (2, 1)
    assert "K-77" not in words(client.get(page(mapping)))


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (None, "Choose a file."),
        (SimpleUploadedFile("sample.pdf", b"x"), "A file of this kind cannot be read."),
        (SimpleUploadedFile("sample.csv", b"a,b\n1,2\n"), "The header has no column source_key, name."),
    ],
)
def test_a_sample_that_cannot_be_read_is_refused_in_words(upload, sentence):
    mapping = make_draft()

    answer = login("ADMINISTRATOR").post(page(mapping), {"sample": upload} if upload else {})

    assert sentence in words(answer)
    assert Mapping.objects.get().tested_at is None


def test_a_draft_goes_its_way_from_copy_through_test_into_use():
    live, client = make_mapping(canonical_definition("customers"), name="policy"), login("ADMINISTRATOR")

    copied = client.post(page(live, "copy"))
    draft = Mapping.objects.get(state="DRAFT")
    untested = client.post(page(draft, "publish"), follow=True)
    tested = send_sample(client, draft, person())
    published = client.post(page(draft, "publish"), {"replaces": live.pk}, follow=True)

    assert copied.headers["Location"] == page(draft)
    assert "Try this mapping on a sample first" in words(untested)
    assert tested.context["publishing"].initial == {"replaces": live}
    assert "The mapping was put to use." in words(published)
    assert list(Mapping.objects.order_by("pk").values_list("name", "state")) == [
        ("policy~3", "RETIRED"),
        ("policy", "LIVE"),
    ]


def test_a_draft_does_not_replace_a_mapping_of_another_source():
    other = make_mapping(canonical_definition("customers"), "BANCA", name="other")
    draft = make_draft(tested_at=NOW, tested_rows=1)

    answer = login("ADMINISTRATOR").post(page(draft, "publish"), {"replaces": other.pk}, follow=True)

    assert "is not in use any more" in words(answer)
    assert set(Mapping.objects.values_list("name", "state")) == {("other", "LIVE"), (draft.name, "DRAFT")}


def test_a_mapping_is_retired_once():
    mapping, client = make_mapping(canonical_definition("customers")), login("ADMINISTRATOR")

    first, second = (client.post(page(mapping, "retire"), follow=True) for _time in range(2))

    assert "The mapping was retired." in words(first)
    assert "This mapping is not in use." in words(second)
    assert Mapping.objects.get().state == "RETIRED"


def test_the_administration_leads_to_the_page_of_each_mapping():
    mapping = make_draft()

    answer = login("ADMINISTRATOR").get("/admin/customers/mapping/")

    assert f'href="{page(mapping)}"' in answer.content.decode()


def filled(form: object) -> dict[str, str]:
    """The edit form as a browser sends it back untouched."""
    values = {field.html_name: field.value() for part in (form, *form.rules) for field in part}
    return {name: "on" if value is True else value for name, value in values.items() if value is not False}


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_a_draft_that_is_kept_as_it_is_stays_as_it_is(name):
    definition = MAPPINGS[name]
    draft = make_draft(definition=definition, layout=definition["layout"], tested_at=NOW)
    client = login("ADMINISTRATOR")

    answer = client.post(page(draft, "edit"), filled(client.get(page(draft, "edit")).context["form"]))

    draft.refresh_from_db()
    assert (answer.headers["Location"], draft.definition, draft.tested_at) == (page(draft), definition, NOW)


def test_a_draft_is_edited_rule_by_rule_and_must_be_tested_anew():
    draft, client = make_draft(definition=DEFINITION, tested_at=NOW, tested_rows=9), login("ADMINISTRATOR")
    sent = filled(client.get(page(draft, "edit")).context["form"])

    client.post(
        page(draft, "edit"),
        sent
        | {"encoding": "auto", "delimiter": ";", "name-headers": "NAME", "sex-values": "M = M\n\nW=F"}
        | {"kind-constant": "", "mobile-headers": " HP ", "as_of-constant": "2026-11-01"},
    )

    draft.refresh_from_db()
    assert draft.definition == {
        "encoding": "auto",
        "delimiter": ";",
        "columns": {
            "source_key": {"from": ["CUST_NO"]},
            "name": {"from": ["NAME"]},
            "sex": {"from": ["SEX"], "values": {"M": "M", "W": "F"}},
            "birth_date": {"from": ["BIRTH"], "format": "%d.%m.%Y", "on_bad": "keep"},
            "mobile": {"from": ["HP"]},
            "as_of": {"constant": "2026-11-01"},
        },
    }
    assert (draft.tested_at, draft.tested_rows) == (None, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name-headers": ""}, "The column name is required, but no rule says where it comes from."),
        ({"name-constant": "x"}, 'The rule of name needs either "from" or "constant", and not both.'),
        ({"sex-values": "M"}, "Write one code a line: what is sent = what it means."),
        ({"encoding": "latin-1"}, "latin-1 is not one of the available choices."),
    ],
)
def test_a_faulty_edit_is_refused_in_words_and_changes_nothing(changes, sentence):
    draft, client = make_draft(definition=DEFINITION, tested_at=NOW), login("ADMINISTRATOR")
    sent = filled(client.get(page(draft, "edit")).context["form"])

    answer = client.post(page(draft, "edit"), sent | changes)

    assert sentence in html.unescape(words(answer))
    draft.refresh_from_db()
    assert (draft.definition, draft.tested_at) == (DEFINITION, NOW)


def test_only_an_administrator_edits_and_only_drafts():
    live, draft = make_mapping(DEFINITION), make_draft(definition=DEFINITION)

    assert [login("ADMINISTRATOR").get(page(mapping, "edit")).status_code for mapping in (live, draft)] == [404, 200]
    assert login("DATA_STEWARD").get(page(draft, "edit")).status_code == 403
