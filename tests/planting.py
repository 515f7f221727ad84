"""A small population whose raw values stand nowhere else, with a row of everything that an address can name.

Each value is planted once, so that finding it in an answer tells whose it is. What was planted is known by the source
key of its row; whose that is today, and was before, is asked of the database when it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts import services as accounts
from accounts.channels import CHANNELS
from accounts.models import (
    AccessCase,
    Branch,
    Channel,
    Export,
    Notice,
    Staff,
    StaffSession,
)
from accounts.services import reviews
from accounts.trail import append
from customers.access import SHIPPED, definition_of
from customers.dedup.drafting import ALL_OTHERS
from customers.dedup.model import Cut
from customers.models import (
    AccessRules,
    Act,
    Customer,
    CustomerStaffGrant,
    Duty,
    Link,
    MatchRun,
    MovedChild,
    Pair,
    Proposal,
    Protection,
    Rehearsal,
    Reveal,
    SecondLook,
    SourceRecord,
    SourceSystem,
)
from customers.numbering import written_number
from customers.services import bulk, corrections, golden_rehearsals, golden_rules, match_models, seeding, splits, wishes
from customers.services.match_drafts import draft_match_model
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, contract, feed, make_ci, make_mapping, make_rrn, party, person
from tests.customers.dedup import rows
from tests.customers.many_pairs import decide, make_pair_of
from tests.customers.stewarding import merge, unmerge

ITEMS = ("mobile", "phone_home", "email", "address", "rrn", "ci", "passport", "account_no")
FIRST, SECOND = "갑둘꽃눈담볕샘숲쑥찬", "결곡빛솜윤얀옹푸햅훤"
SALES, OF_BANCASSURANCE = "FP for sales", "FP of bancassurance"
EXTRA_VIEWERS = (SALES, OF_BANCASSURANCE)
VIEWERS = (*settings.ROLES, *EXTRA_VIEWERS)
SENT_BEFORE, SENT, SENT_AFTER = "2026-10-01", "2026-11-01", "2026-11-02"


@dataclass(frozen=True)
class Planted:
    """A raw value: of which item, and in the row of which source and key it was sent."""

    item: str
    text: str
    source: str
    key: str


@dataclass
class Population:
    """What was planted. values: every raw value; notable: customers by what is special about them; viewers: one per
    role, and two more FPs."""

    values: list[Planted] = field(default_factory=list)
    notable: dict[str, Customer] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)
    viewers: dict[str, Staff] = field(default_factory=dict)
    others: dict[str, Staff] = field(default_factory=dict)
    token: str = ""
    serials: dict[str, int] = field(default_factory=dict)

    def row(self, key: str, source: str = "POLICY", *, like: str = "", **cells: str) -> dict[str, str]:
        """A row of a person with values of its own. like: the key whose name and birth date it has."""
        serial = len(self.values) // len(ITEMS) + 1
        who = self.serials.setdefault(key, self.serials[like] if like else serial)
        born = birth_date(who)
        made = {"source_key": key, "name": name(who), "birth_date": f"{born}", "as_of": SENT}
        made |= values(serial, born) | {"company_name": f"노을{serial:03}상사"} | cells
        self.values += [Planted(item, "" if item in cells else made[item], source, key) for item in ITEMS]
        return person(**made)

    def owners(self) -> dict[Planted, frozenset[int]]:
        """{value: ids of the customers whose it is or was}; a retired customer's are also those of its survivor."""
        keys = {
            pk: (code, key) for pk, code, key in SourceRecord.objects.values_list("pk", "source__code", "source_key")
        }
        held: dict[tuple[str, str], set[int]] = {}
        for record, customer in Link.objects.values_list("record", "customer"):
            held.setdefault(keys[record], set()).add(customer)
        moved = MovedChild.objects.filter(kind="customers.Link").values_list("object_id", "from_id", "into_id")
        for record, *both in moved:
            held.setdefault(keys[record], set()).update(both)
        survivors = dict(Customer.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
        for customers in held.values():
            customers |= {survivors[each] for each in customers if each in survivors}
        return {value: frozenset(held.get((value.source, value.key), ())) for value in self.values if value.text}

    def customer(self, key: str) -> Customer:
        """The customer that has the record of this source key today."""
        return Customer.objects.get(links__record__source_key=key)


def birth_date(serial: int) -> date:
    return date(1950, 1, 1) + timedelta(days=serial * 97)


def name(serial: int) -> str:
    """Three letters that no word and no other name holds."""
    return f"뷔{FIRST[serial // 10 % 10]}{SECOND[serial % 10]}"


def values(serial: int, born: date) -> dict[str, str]:
    """Cells that nobody else has; serial: 1–99."""
    tail = serial * 37 % 1000
    return {
        "mobile": f"010-79{serial:02}-{tail:03}4",
        "phone_home": f"02-79{serial:02}-{tail:03}8",
        "email": f"bloom{serial:02}petal@planted.example",
        "address": f"서울특별시 종로구 새누리로 {4000 + serial}",
        "postcode": f"03{100 + serial}",
        "rrn": make_rrn(f"{born:%y%m%d}", 1, 79000 + serial),
        "ci": make_ci(790_000 + serial),
        "passport": f"M79{serial:02}{tail:04}",
        "account_no": f"110-79{serial:02}-{tail:03}791",
    }


def plant_master() -> Population:
    """Everything of the master, in the transaction that is open."""
    golden_rules.version_of.cache_clear()
    match_models.model_of.cache_clear()
    accounts.open_channels(CHANNELS)
    seeding.set_up_master()
    accounts.synchronise_roles(settings.ROLES)
    planted = Population()
    _open_branches(planted)
    _hire(planted)
    _feed(planted)
    _protect_and_grant(planted)
    _decide(planted)
    _propose(planted)
    _rehearse(planted)
    _oversee(planted)
    return planted


def _open_branches(planted: Population) -> None:
    head = make_branch("H01")
    planted.branches["head"] = head
    for code, parent in (("near", head), ("far", head)):
        planted.branches[code] = make_branch(f"{code[0].upper()}01", parent=parent)
    planted.branches["below"] = make_branch("N02", parent=planted.branches["near"])


def _hire(planted: Population) -> None:
    near, head = planted.branches["near"], planted.branches["head"]
    for place, role in enumerate(settings.ROLES):
        branch = near if role in ("FP", "BRANCH_MANAGER") else head
        planted.viewers[role] = make_staff(role, employee_number=f"V{place:04}", branch=branch, name="열람자")
    planted.viewers[SALES] = make_staff("FP", employee_number="V0098", branch=near, name="열람자")
    channel = Channel.objects.get(code="BANCASSURANCE")
    planted.viewers[OF_BANCASSURANCE] = make_staff("FP", employee_number="V0099", branch=near, channel=channel)
    planted.others["keeper"] = make_staff("FP", employee_number="F0001", branch=planted.branches["far"], name="담당자")
    planted.others["lead"] = make_staff("STEWARD_LEAD", employee_number="F0002", branch=head, name="동료")
    planted.others["compliance"] = make_staff("COMPLIANCE_OFFICER", employee_number="F0004", branch=head, name="동료")
    planted.others["steward"] = make_staff("DATA_STEWARD", employee_number="F0003", branch=head, name="동료")


def _feed(planted: Population) -> None:
    """Fifty rows or so. The keys say what becomes of them."""
    near, below, far = (planted.branches[code].code for code in ("near", "below", "far"))
    own, sales, banca = (planted.viewers[each].employee_number for each in ("FP", SALES, OF_BANCASSURANCE))
    other = planted.others["keeper"].employee_number
    row = planted.row
    held = {"OWN": (near, own), "SALES": (near, sales), "NEAR": (near, other), "BELOW": (below, other)}
    held |= {"FAR": (far, other), "GRANTED": (far, other), "ENDED": (far, other), "GROUP": (far, other)}
    held |= {"VIP": (near, other), "STAFF": (far, other), "KEPTVIP": (near, own), "AGENT": (near, banca)}
    held |= {"STAY": (near, own), "GONE": (near, own), "BACK": (near, own), "AWAY": (far, other), "OUT": (far, other)}
    held |= {"SPLIT": (near, own), "SET": (near, own), "RICH": (near, own), "RICHER": (near, own)}
    held |= {f"PAIR{place}": (near, own) for place in range(6)} | {"PAIRVIP": (near, other)}
    place = {key: {"branch_code": branch, "fp_code": keeper} for key, (branch, keeper) in held.items()}
    before = {key: row(key, **cells, as_of=SENT_BEFORE) for key, cells in place.items()}
    feed(before.values(), at=NOW - timedelta(days=30))
    same = {key: {word: cells[word] for word in ("rrn", "ci", "passport")} for key, cells in before.items()}
    newer = [row(key, **place[key], **same[key]) for key in ("OWN", "NEAR", "FAR", "VIP", "SET", "AGENT")]
    feed(newer, at=NOW - timedelta(days=2))
    joined = ("OWN", "NEAR", "FAR", "VIP", "SPLIT", "SET")
    feed([row(f"T-{key}", "TM", like=key, **same[key], as_of=SENT_AFTER) for key in joined], "TM")
    banca_rows = [row("B-BANCA", "BANCA", branch_code=near, fp_code=banca)]
    feed(banca_rows, "BANCA")
    feed([row("BAD", name=""), row("BADDAY", as_of="어제")], at=NOW)
    feed([contract(contract_no="P-79", branch_code=near, fp_code=own)], layout="contracts")
    feed([party(contract_no="P-79", party_source_key="OWN")], layout="parties")
    own_keys = {"own": "OWN", "near": "NEAR", "far": "FAR", "granted": "GRANTED", "vip": "VIP", "agent": "AGENT"}
    own_keys |= {"staff": "STAFF", "kept vip": "KEPTVIP", "set": "SET", "split": "SPLIT", "banca": "B-BANCA"}
    own_keys |= {"ended": "ENDED", "below": "BELOW", "sales": "SALES"}
    planted.notable = {word: planted.customer(key) for word, key in own_keys.items()}


def _protect_and_grant(planted: Population) -> None:
    privacy, now = planted.viewers["PRIVACY_OFFICER"], timezone.now()
    for word, kind in (("vip", "VIP"), ("staff", "STAFF"), ("kept vip", "VIP")):
        fields = {"customer": planted.notable[word], "kind": kind, "reason": "약속", "protected_by": privacy}
        Protection.objects.create(**fields, protected_at=now)
    Protection.objects.create(
        customer=planted.customer("PAIRVIP"), kind="VIP", reason="약속", protected_by=privacy, protected_at=now
    )
    for word, ends_at in (("granted", now + timedelta(days=1)), ("ended", now - timedelta(days=1))):
        for viewer in ("FP", "BRANCH_MANAGER"):
            _grant(planted.viewers[viewer], planted.notable[word], by=privacy, at=now, ends_at=ends_at)
    assign_perm("customers.view_customer", Group.objects.get(name="FP"), planted.customer("GROUP"))


def _grant(staff: Staff, customer: Customer, **fields: object) -> None:
    assign_perm("customers.view_customer", staff, customer)
    CustomerStaffGrant.objects.filter(user=staff, content_object=customer).update(
        kind="CASE", reason="문의", granted_by=fields["by"], granted_at=fields["at"], ends_at=fields["ends_at"]
    )


def _decide(planted: Population) -> None:
    """Merges, one of them taken back, a split, a move, and what was set for one customer."""
    lead, customer = planted.others["lead"], planted.customer
    retired, back, away = customer("GONE"), customer("BACK"), customer("OUT")
    merge(customer("STAY"), retired, by=lead)
    merge(customer("STAY"), back, by=lead)
    unmerge(back, by=lead)
    merge(customer("AWAY"), away, by=lead)
    planted.notable |= {"retired": retired, "retired far": away, "stay": customer("STAY")}
    splits.split_record(record=record("T-SPLIT"), by=lead, at=timezone.now(), reason_code="EVIDENCE")
    said = {"by": lead, "at": timezone.now(), "reason_code": "CUSTOMER_SAID"}
    wishes.pin_value(customer=customer("SET"), item="mobile", record=record("T-SET"), **said)
    wishes.prefer_source(customer=customer("SET"), source=SourceSystem.objects.get(code="TM"), item="email", **said)
    typed = planted.row("CORRECTED", "STEWARD")
    act = corrections.correct_value(customer=customer("SET"), values={"address": typed["address"]}, **said)
    kept = [value for value in planted.values if value.key == "CORRECTED"]
    planted.values = [value for value in planted.values if value not in kept]
    corrected = corrections.key_of(act)
    planted.values += [
        Planted(value.item, value.text if value.item == "address" else "", "STEWARD", corrected) for value in kept
    ]


def _propose(planted: Population) -> None:
    """The queue: pairs of every kind, one of a protected customer, a proposal, a bulk action, second looks, duties."""
    steward, lead, now = planted.viewers["DATA_STEWARD"], planted.others["lead"], timezone.now()
    made = [make_pair_of(record(f"PAIR{place}"), record(f"PAIR{place + 1}")) for place in (0, 2, 4)]
    of_vip = make_pair_of(record("PAIR1"), record("PAIRVIP"), reason="NUMBERS_DIFFER")
    far = make_pair_of(record("FAR"), record("GRANTED"))
    planted.notable["pair of vip"] = planted.customer("PAIRVIP")
    assert len({*made, of_vip, far}) == 5
    Pair.objects.filter(pk=made[0].pk).update(assigned_to=steward, assigned_at=now)
    Proposal.objects.create(
        survivor=planted.customer("RICH"),
        retired_ids=[planted.customer("RICHER").pk],
        why=["VALUE"],
        reason_code="EVIDENCE",
        proposed_by=planted.others["steward"],
        proposed_at=now,
    )
    bulk.prepare_bulk(condition={}, answer="DIFFERENT", reason_code="EVIDENCE", comment="", by=steward, at=now)
    bulk.prepare_bulk(condition={}, answer="DIFFERENT", reason_code="EVIDENCE", comment="", by=lead, at=now)
    SecondLook.objects.get_or_create(act=decide(made[2], by=lead), defaults={"drawn_at": now})
    act = Act.objects.filter(kind="MERGE").order_by("pk").first()
    for staff in (*planted.viewers.values(), lead):
        words = {"customer": planted.notable["stay"], "text_code": "DECIDED", "since": NOW, "created_at": now}
        Duty.objects.get_or_create(staff=staff, act=act, defaults=words)


def _rehearse(planted: Population) -> None:
    """Drafts and rehearsals of the rules, and a match run that names values on many people."""
    steward, now = planted.viewers["DATA_STEWARD"], timezone.now()
    rules = golden_rules.draft_rules(by=steward, at=now, definition={"mobile": ["TRUST", "RECENCY", "CERTAINTY"]})
    rehearsal = golden_rehearsals.request_golden_rehearsal(rules=rules, by=steward, at=now)
    golden_rehearsals.rehearse_golden(rehearsal=rehearsal)
    model = draft_match_model(by=steward, at=now, cuts={ALL_OTHERS: Cut(3.0, -6.0)}, comment="도용 방지")
    one, other, vip = record("NEAR"), record("FAR"), record("VIP")
    weighed = [-1.5, rows.pattern(name="near", birth="exact", mobile="other")]
    first, second = {"pair": [one.pk, other.pk, *weighed]}, {"pair": [one.pk, vip.pk, *weighed]}
    both = [planted.customer("NEAR").pk, planted.customer("FAR").pk]
    split = {"customer": both[0], "parts": [[one.pk], [vip.pk]], "sizes": [1, 1]}
    samples = {"gained": [first, second], "lost": [first, second], "split": [second | split]}
    samples |= {"joined": [first | {"customers": both, "of": 2}], "review": [second | {"reason": "ALIKE"}]}
    counts = dict.fromkeys(
        "records links_gained links_lost records_linked records_moved customers_split customers_joined "
        "customers_created customers_merged pairs_found pairs_reopened pairs_closed pairs_open_before "
        "pairs_open_after".split(),
        3,
    )
    done = {"state": "DONE", "done_share": 1.0, "requested_at": now, "finished_at": now}
    Rehearsal.objects.create(kind="MATCHING", match_model=model, counts=counts, samples=samples, **done)
    hubs = {"mobile": [[one.pk, 5, 9], [vip.pk, 4, 8]], "email": [[other.pk, 4, 8]]}
    MatchRun.objects.create(state="DONE", step="FINISHED", started_at=NOW, finished_at=NOW, records=50, hubs=hubs)
    make_mapping({"encoding": "utf-8", "columns": {}}, state="DRAFT")


def _oversee(planted: Population) -> None:
    """Keys, notices, files, reviews and cases, one about each viewer; the VIP's number stands in what names any."""
    now, today = timezone.now(), timezone.localdate()
    client, lead, vip = planted.viewers["SERVICE_CLIENT"], planted.others["lead"], planted.notable["vip"]
    scopes, ends = list(settings.SERVICE_SCOPES), now + timedelta(days=30)
    issued = accounts.issue_key(
        staff=client, name="온라인", scopes=scopes, networks=[], expires_at=ends, by=lead, at=now
    )
    planted.token = issued.token
    AccessRules.objects.create(version=1, definition=definition_of(SHIPPED), created_by=lead, created_at=now)
    for place, staff in enumerate((*planted.viewers.values(), lead), 1):
        StaffSession.objects.create(staff=staff, key_hash=f"{place:064}", started_at=now, last_seen_at=now)
        Reveal.objects.create(customer=vip, item="mobile", staff=staff, purpose="SERVICE", reason="문의 확인", at=now)
        told = {"by": lead.employee_number, "number": written_number(vip.number), "ends": "12:00"}
        Notice.objects.create(staff=staff, kind="GLASS_BROKEN", what=told, at=now)
        asked = {"list_code": "customers", "format": "CSV", "purpose": "SERVICE", "reason": "월간 대조 작업"}
        Export.objects.create(requested_by=staff, requested_at=now, state="PROPOSED", row_count=place, **asked)
        facts = {"searches": 30, "opened": 1}
        AccessCase.objects.create(kind="BREADTH", staff=staff, day=today, facts=facts, customers=[vip.pk], found_at=now)
    _review(planted)


def _review(planted: Population) -> None:
    """The review of the month before, in which everybody looked at the VIP and is asked about it."""
    now, vip, compliance = timezone.now(), planted.notable["vip"], planted.others["compliance"]
    before = now.replace(day=1) - timedelta(days=3)
    for staff in planted.viewers.values():
        words = {"staff_id": staff.pk, "employee_number": staff.employee_number, "customers": [vip.pk]}
        append(at=before, kind="VIEW", page="customers:customer-detail", result=200, **words)
    review = reviews.draw_review(month=timezone.localdate(before), at=now)
    for item in review.items.order_by("pk"):
        reviews.ask(item=item, question="왜 보셨습니까?", by=compliance, at=now)


def record(key: str) -> SourceRecord:
    return SourceRecord.objects.select_related("source").get(source_key=key)
