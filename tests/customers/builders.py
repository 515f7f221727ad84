"""Plain builders of sources, files as they are sent, and what becomes of them."""

import base64
import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from guardian.shortcuts import assign_perm

from customers.feeds.layouts import LAYOUTS
from customers.golden.naming import initials_of, sort_name
from customers.models import Customer, FeedRun, SourceSystem
from customers.models import Mapping as FeedMapping
from customers.numbering import customer_number
from customers.services import feeds

KST = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 23, 9, tzinfo=KST)
FILES = count(1)
KEYS = count(1)
SERIALS = count(700_000_001)
RRN_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
BRN_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def make_rrn(birth: str = "900101", kind: int = 1, serial: int = 23456) -> str:
    """A resident number with the right check digit, such as 900101-1234567. birth: yymmdd; serial: five digits."""
    digits = f"{birth}{kind}{serial:05}"
    check = (11 - sum(int(digit) * weight for digit, weight in zip(digits, RRN_WEIGHTS, strict=True)) % 11) % 10
    return f"{digits[:6]}-{digits[6:]}{check}"


def make_brn(serial: int = 1) -> str:
    """The number of a company with the right check digit, such as 101-81-00014."""
    digits = f"{101 + serial // 10_000}81{serial % 10_000:04}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, BRN_WEIGHTS, strict=True))
    check = (10 - (total + int(digits[8]) * 5 // 10) % 10) % 10
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}{check}"


def make_ci(number: int = 1) -> str:
    """Connecting information: 64 bytes in base64."""
    return base64.b64encode(hashlib.sha512(str(number).encode()).digest()).decode()


def person(**cells: str) -> dict[str, str]:
    """A row of the canonical layout about one person; cells given replace or add to it."""
    row = {"source_key": f"K{next(KEYS):06}", "kind": "PERSON", "name": "김하나", "birth_date": "1985-03-02"}
    return row | {"as_of": "2026-11-01"} | cells


def company(**cells: str) -> dict[str, str]:
    """A row of the canonical layout about one organisation."""
    return {"source_key": f"K{next(KEYS):06}", "kind": "ORG", "name": "(주)한빛상사", "as_of": "2026-11-01"} | cells


def contract(**cells: str) -> dict[str, str]:
    """A row of the contract layout."""
    row = {"contract_no": "P-1", "product_group": "TERM", "product_name": "정기보험", "status": "IN_FORCE"}
    row |= {"started_on": "2020-05-01", "ends_on": "2040-05-01", "premium": "30000", "premium_cycle": "MONTHLY"}
    return row | {"branch_code": "B001", "fp_code": "F00001", "as_of": "2026-11-01"} | cells


def party(**cells: str) -> dict[str, str]:
    """A row of the layout of contract parties."""
    return {"contract_no": "P-1", "role": "POLICYHOLDER", "party_source_key": "K1"} | cells


def as_text(rows: Iterable[Mapping[str, str]], header: Iterable[str], delimiter: str = ",") -> str:
    """Rows as delimited text with a header; cells of other columns are left out."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(header), "", "ignore", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def write_rows(
    rows: Iterable[Mapping[str, str]], layout: str = "customers", encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """A new file of these rows in the canonical layout."""
    text = as_text(rows, LAYOUTS[layout].all_columns, delimiter)
    return write_file(text.encode(encoding), "csv")


def write_file(content: bytes, suffix: str = "csv") -> Path:
    """A new file with this content."""
    folder = settings.LOCAL_DIR / "sent"
    folder.mkdir(exist_ok=True)
    path = folder / f"{next(FILES)}.{suffix}"
    path.write_bytes(content)
    return path


def request(
    path: Path,
    source: str = "POLICY",
    layout: str = "customers",
    *,
    mapping: FeedMapping | None = None,
    is_dry_run: bool = False,
    at: datetime = NOW,
) -> FeedRun:
    """A run of a file that nobody has begun."""
    return feeds.request_feed(
        source=SourceSystem.objects.get(code=source),
        layout=layout,
        mapping=mapping,
        file=feeds.FeedFile(path, path.name),
        is_dry_run=is_dry_run,
        by=None,
        at=at,
        is_queued=False,
    )


def feed_file(path: Path, source: str = "POLICY", layout: str = "customers", **more: object) -> FeedRun:
    """Take a file into the master."""
    return feeds.run_feed(run=request(path, source, layout, **more))


def feed(
    rows: Iterable[Mapping[str, str]], source: str = "POLICY", layout: str = "customers", **more: object
) -> FeedRun:
    """Take rows of a canonical layout into the master."""
    return feed_file(write_rows(rows, layout), source, layout, **more)


def outcome(run: FeedRun) -> dict[str, object]:
    """The counts of a run that are not nothing, and its state where it is not done."""
    counts = {name: value for name, value in feeds.counts_of(run).items() if name in OUTCOMES and value}
    return counts if run.state == "DONE" else counts | {"state": run.state, "error": run.error}


OUTCOMES = (
    *("read", "new", "changed", "unchanged", "stale", "rejected", "reject_reasons"),
    *("customers_created", "customers_changed", "customers_merged", "pairs_found"),
)


def make_mapping(
    definition: Mapping[str, object], source: str = "POLICY", layout: str = "customers", **fields: object
) -> FeedMapping:
    """A mapping, in use unless `fields` say otherwise."""
    defaults = {"name": f"mapping-{next(KEYS)}", "state": FeedMapping.State.LIVE}
    return FeedMapping.objects.create(
        source=SourceSystem.objects.get(code=source),
        layout=layout,
        definition=definition,
        **defaults | fields,
    )


def make_feed_run(source: str = "POLICY", **fields: object) -> FeedRun:
    """A run as it stands in the history; its file is nowhere."""
    defaults = {"layout": "customers", "file_name": "policy.csv", "file_path": "/nowhere/policy.csv", "state": "DONE"}
    defaults |= {"requested_at": NOW, "started_at": NOW, "finished_at": NOW}
    return FeedRun.objects.create(source=SourceSystem.objects.get(code=source), **defaults | fields)


def make_customer(**fields: object) -> Customer:
    """A golden customer without records. initials and sort_name follow the name, as the projection has it."""
    serial = next(SERIALS)
    kind, name = fields.get("kind", "PERSON"), fields.get("name", "박서준")
    defaults = {
        "number": customer_number(serial),
        "kind": kind,
        "name": name,
        "sort_name": sort_name(kind, name),
        "initials": initials_of(kind, name),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Customer.objects.create(**defaults | fields)


def make_retired(survivor: Customer, *, at: datetime = NOW, **fields: object) -> Customer:
    """A customer that was merged into `survivor`."""
    return make_customer(state="MERGED", merged_into=survivor, merged_at=at, **fields)


def grant(customer: Customer, holder: object) -> None:
    """Let a member of staff, or the members of a group, see one customer outside their scope."""
    assign_perm("customers.view_customer", holder, customer)
