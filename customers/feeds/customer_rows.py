"""Customer rows: standardised, sealed, keyed, and written as lines for COPY. Runs in worker processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from customers.feeds.mapping import CompiledMapping
from customers.feeds.parsing import (
    KEY_LIKE_RESIDENT_NUMBER,
    Parsed,
    Reject,
    as_json,
    check_cells,
    copy_text,
    digest_of,
    name_of,
    redact,
)
from customers.sealing import Sealer
from customers.standard.certainty import DOUBTFUL, UNUSABLE
from customers.standard.record import (
    CERTAINTY_ORDER,
    EMPTY_FORM,
    NO_KEY,
    Form,
    Standardiser,
    hashed,
    kinds_of,
    phones_of_kinds,
)
from customers.standard.regions import REGIONS, Region

RECORD_COLUMNS = (
    "source_id version feed_run_id loaded_at source_key as_of digest raw kind certainties problems name "
    "birth_date birth_year is_lunar sex rrn_mask rrn_sealed rrn_index ci_sealed ci_index passport_mask "
    "passport_sealed passport_index account_mask account_sealed account_index mobile phone_home email "
    "address region postcode company_name company_no crn employee_no branch_code fp_code "
    "real_name_verified_on marketing_consent_on match_keys name_birth_key"
).split()
# A value of these kinds is not a weak value but a row gone wrong: it goes back to the source.
REJECTING = {
    "birth_date": {"FORM", "LENGTH", "IMPOSSIBLE_DATE", "FUTURE"},
    "rrn": {"FORM", "LENGTH", "IMPOSSIBLE_DATE", "UNKNOWN_KIND", "FUTURE"},
}
RRN = CERTAINTY_ORDER.index("rrn")
MIX = 0x9E3779B97F4A7C15
MASK64 = (1 << 64) - 1


@dataclass(frozen=True)
class RunContext:
    """What every row of a run has in common. received_at stands in where a row has no as-of of its own."""

    source_id: int
    source_code: str
    run_id: int
    received_at: str
    today: date
    regions: tuple[Region, ...] = REGIONS


@dataclass
class Outcome:
    """What became of a chunk: rows in step (natural key, digest, as-of, whether sent, COPY line) and its rejects."""

    keys: list[str] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    as_ofs: list[str] = field(default_factory=list)
    has_as_of: list[bool] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    problems: Counter = field(default_factory=Counter)
    rows_read: int = 0
    position: int = 0


class CustomerRows:
    """Turns parsed chunks of one run into COPY lines. Keep one per run and process: it remembers standard forms."""

    columns = RECORD_COLUMNS

    def __init__(self, context: RunContext, mapping: CompiledMapping, sealer: Sealer) -> None:
        self.context, self.mapping, self.sealer = context, mapping, sealer
        self.standard = Standardiser(context.today, context.regions)
        self._as_of_cells = frozenset(mapping.cells.get("as_of", ()))
        self._sealed_cells = mapping.identifier_cells
        self._exempt = frozenset(self._sealed_cells) | frozenset(mapping.cells.get("crn", ()))
        self._head = f"{context.source_id}\t1\t{context.run_id}\t{context.received_at}"

    def process(self, parsed: Parsed) -> Outcome:
        """Everything that is made of a chunk."""
        outcome = Outcome(rows_read=len(parsed.rows) + len(parsed.rejects), rejects=list(parsed.rejects))
        digests = [digest_of(cells, self._as_of_cells) for cells in parsed.rows]
        originals = parsed.rows
        redact(parsed, self.mapping, self._exempt)
        found = check_cells(parsed, self.mapping, self.context.today)
        self._check_keys(parsed, found)
        forms = self._forms(parsed)
        self._check_forms(parsed, forms, found)
        outcome.rejects += [
            Reject(reject.line, reject.column, reject.value, reject.reason, tuple(originals[row]))
            for row, reject in sorted(found.items())
        ]
        self._write(parsed, forms, digests, found, outcome)
        return outcome

    def _check_keys(self, parsed: Parsed, found: dict[int, Reject]) -> None:
        keys = [key.strip() for key in parsed.columns["source_key"]]
        parsed.columns["source_key"] = keys
        column = name_of(self.mapping, "source_key")
        for row, key in enumerate(keys):
            if KEY_LIKE_RESIDENT_NUMBER.match(key) or "******" in key:
                found.setdefault(row, parsed.reject(row, column, "", "KEY_IS_RESIDENT_NUMBER"))

    def _forms(self, parsed: Parsed) -> dict[str, Sequence[Form]]:
        columns, standard = parsed.columns, self.standard
        kinds = kinds_of(columns, standard)
        columns["kind"] = kinds
        names = [
            standard.person_names[name] if kind == "PERSON" else standard.organisation_names[name]
            for kind, name in zip(kinds, columns["name"], strict=True)
        ]

        def forms(column: str, memo: dict) -> Sequence[Form]:
            if column not in self.mapping.builders:
                return [EMPTY_FORM] * len(kinds)
            return list(map(memo.__getitem__, columns[column]))

        addresses = [EMPTY_FORM] * len(kinds)
        if "address" in self.mapping.builders or "postcode" in self.mapping.builders:
            pairs = zip(columns["address"], columns["postcode"], strict=True)
            addresses = list(map(standard.addresses.__getitem__, pairs))
        return {
            "name": names,
            "birth_date": forms("birth_date", standard.birth_dates),
            "sex": forms("sex", standard.sexes),
            "rrn": forms("rrn", standard.resident_numbers),
            "ci": forms("ci", standard.infos),
            "mobile": forms("mobile", standard.mobiles),
            "phone_home": phones_of_kinds(forms("phone_home", standard.home_phones), kinds),
            "email": forms("email", standard.emails),
            "address": addresses,
            "company": forms("company_name", standard.company_names),
            "company_no": forms("company_no", standard.business_numbers),
            "crn": forms("crn", standard.corporate_numbers),
            "passport": forms("passport", standard.passports),
            "account_no": forms("account_no", standard.accounts),
        }

    def _check_forms(self, parsed: Parsed, forms: dict[str, Sequence[Form]], found: dict[int, Reject]) -> None:
        for item, rejecting in REJECTING.items():
            if item in self.mapping.keeps_bad or item not in self.mapping.builders:
                continue
            for row, form in enumerate(forms[item]):
                if form.certainty == UNUSABLE and form.problems:
                    codes = [problem.partition(":")[2] for problem in form.problems.split()]
                    bad = next((code for code in codes if code in rejecting), None)
                    if bad:
                        value = parsed.columns[item][row] if item != "rrn" else ""
                        reject = parsed.reject(row, name_of(self.mapping, item), value, f"{item.upper()}_{bad}")
                        found.setdefault(row, reject)

    def _write(
        self,
        parsed: Parsed,
        forms: dict[str, Sequence[Form]],
        digests: list[bytes],
        found: dict[int, Reject],
        outcome: Outcome,
    ) -> None:
        columns = parsed.columns
        plain = zip(
            columns["source_key"],
            columns["as_of"],
            columns["kind"],
            columns["employee_no"],
            columns["branch_code"],
            columns["fp_code"],
            columns["real_name_verified_on"],
            columns["marketing_consent_on"],
            strict=True,
        )
        received = self.context.received_at
        items, found_more = _completed(forms)
        written = zip(plain, zip(*items.values(), strict=True), _certainties(items), found_more, strict=True)
        for row, (texts, item_forms, certainties, more) in enumerate(written):
            if row in found:
                continue
            as_of = texts[1] or received
            outcome.keys.append(texts[0])
            outcome.digests.append(digests[row])
            outcome.as_ofs.append(as_of)
            outcome.has_as_of.append(bool(texts[1]))
            problems = "".join([form.problems for form in item_forms if form.problems]) + more
            head = f"{self._head}\t{copy_text(texts[0])}\t{as_of}\t\\\\x{digests[row].hex()}\t"
            head += (
                f"{copy_text(as_json(self._hidden(parsed.rows[row], item_forms[RRN])))}\t{texts[2]}\t{certainties}\t"
            )
            outcome.lines.append(f"{head}{problems[:-1]}\t{self._items(texts, item_forms)}")
            if problems:
                outcome.problems.update(problems.split())

    def _items(self, texts: tuple[str, ...], items: tuple[Form, ...]) -> str:
        """The columns of a COPY line from the name on."""
        key, _sent, kind, employee_no, branch_code, fp_code, verified_on, consent_on = texts
        name, birth, sex, rrn, ci, mobile, home, email, address, company, brn, crn, passport, account = items
        place = f"|{self.context.source_code}|{key}"
        rrn_sealed, rrn_index = self._seal("rrn", rrn.value, place)
        ci_sealed, ci_index = self._seal("ci", ci.value, place)
        year, is_lunar = birth.extra or (None, False)
        street, postcode_key, region, postcode = address.extra or (NO_KEY, NO_KEY, "", "")
        mobile_key, home_key = _phone_keys(mobile, home)
        employee = employee_no.strip()
        employee_key = _mixed(brn.key, hashed(employee)) if employee and brn.value and kind == "PERSON" else NO_KEY
        keys = (
            f"{rrn_index[3:19] or NO_KEY}{ci_index[3:19] or NO_KEY}{brn.key if kind == 'ORG' else NO_KEY}{crn.key}"
            f"{name.key}{birth.key}{mobile_key}{home_key}{email.key}{address.key}{street}{postcode_key}{employee_key}"
        )
        return (
            f"{name.value}\t{birth.value or _NULL}\t{year or _NULL}\t{'t' if is_lunar else 'f'}\t"
            f"{sex.value}\t{rrn.extra.mask if rrn.extra else ''}\t{rrn_sealed or _NULL}\t{rrn_index or _NULL}\t"
            f"{ci_sealed or _NULL}\t{ci_index or _NULL}\t{self._masked('passport', passport, place)}\t"
            f"{self._masked('account_no', account, place)}\t{mobile.value}\t"
            f"{home.value}\t{copy_text(email.value)}\t{copy_text(address.value)}\t{region}\t{postcode}\t"
            f"{copy_text(company.value)}\t{brn.value}\t{crn.value}\t{copy_text(employee)}\t"
            f"{copy_text(branch_code.strip())}\t{copy_text(fp_code.strip())}\t{verified_on or _NULL}\t"
            f"{consent_on or _NULL}\t\\\\x{keys}\t{_name_birth(name, birth)}\n"
        )

    def _seal(self, item: str, value: str, place: str) -> tuple[str, str]:
        """Ciphertext and blind index as COPY text; both empty without a value."""
        if not value:
            return "", ""
        sealed = self.sealer.seal(value, item + place)
        return f"\\\\x{sealed.hex()}", f"\\\\x{self.sealer.index(item, value).hex()}"

    def _masked(self, item: str, form: Form, place: str) -> str:
        """Mask, ciphertext and index of a rarer identifier as three columns of COPY text."""
        if not form.value:
            return f"\t{_NULL}\t{_NULL}"
        sealed, index = self._seal(item, form.value, place)
        return f"{form.extra}\t{sealed}\t{index}"

    def _hidden(self, cells: list[str], rrn: Form) -> list[str]:
        """The cells with every identifier replaced by its mask."""
        if not self._sealed_cells:
            return cells
        cells = list(cells)
        for position, column in self._sealed_cells.items():
            if cells[position]:
                mask = rrn.extra.mask if column == "rrn" and rrn.extra else ""
                cells[position] = mask or "******"
        return cells


_NULL = "\\N"


def _completed(forms: Mapping[str, Sequence[Form]]) -> tuple[dict[str, Sequence[Form]], list[str]]:
    """The items with birth dates and sexes completed from resident numbers, and what was found on the way, per row."""
    completed = [
        (birth, sex, "") if rrn.extra is None else _from_resident_number(birth, sex, rrn)
        for birth, sex, rrn in zip(forms["birth_date"], forms["sex"], forms["rrn"], strict=True)
    ]
    births, sexes, more = zip(*completed, strict=True) if completed else ((), (), ())
    return {**forms, "birth_date": births, "sex": sexes}, list(more)


def _certainties(items: Mapping[str, Sequence[Form]]) -> list[str]:
    """One digit per item and row, in the order of `CERTAINTY_ORDER`."""
    grades = np.array([bytearray([form.certainty for form in forms]) for forms in items.values()], np.uint8)
    text = (grades.T + ord("0")).tobytes().decode("ascii")
    width = len(items)
    return [text[start : start + width] for start in range(0, len(text), width)]


def _from_resident_number(birth: Form, sex: Form, rrn: Form) -> tuple[Form, Form, str]:
    """Birth date and sex completed from the resident number; where both are given and differ, a finding."""
    number = rrn.extra
    if number is None or (number.birth_date is None and not number.sex):
        return birth, sex, ""
    more = ""
    if number.birth_date is not None:
        written = number.birth_date.isoformat()
        if not birth.value:
            day = number.birth_date
            key = f"{day.year * 10_000 + day.month * 100 + day.day:016x}"
            birth = Form(written, max(rrn.certainty, DOUBTFUL), birth.problems, key, (day.year, False))
        elif birth.value != written and not birth.extra[1]:
            more += "birth_date:DIFFERS_FROM_RRN "
    if number.sex:
        if not sex.value:
            sex = Form(number.sex, max(rrn.certainty, DOUBTFUL), sex.problems)
        elif sex.value != number.sex:
            more += "sex:DIFFERS_FROM_RRN "
    return birth, sex, more


def _phone_keys(mobile: Form, home: Form) -> tuple[str, str]:
    """The keys of a mobile and of a fixed line, whichever column they stand in."""
    mobile_key = home_key = NO_KEY
    for form in (mobile, home):
        if form.key == NO_KEY:
            continue
        if form.extra in ("MOBILE", "RETIRED_MOBILE"):
            mobile_key = form.key if mobile_key == NO_KEY else mobile_key
        elif home_key == NO_KEY:
            home_key = form.key
    return mobile_key, home_key


def _mixed(left: str, right: str) -> str:
    """One key of two; none when either is none."""
    if left == NO_KEY or right == NO_KEY:
        return NO_KEY
    mixed = (int(left, 16) * MIX + int(right, 16)) * MIX & MASK64
    return f"{mixed ^ mixed >> 29:016x}"


def _name_birth(name: Form, birth: Form) -> str:
    """The key of name and full birth date as a signed 64-bit integer, or NULL."""
    if not birth.value or name.key == NO_KEY:
        return _NULL
    mixed = int(_mixed(name.key, birth.key), 16)
    return str(mixed - (1 << 64) if mixed >> 63 else mixed)
