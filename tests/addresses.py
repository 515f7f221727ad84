"""Every address of every app, its variables filled with rows that were planted.

Nobody lists the views: they are found in the resolver, and what a variable stands for follows from its name and from
the noun that the name of the view begins with (`act-detail` opens an `Act`). A view whose variables nobody can fill
fails the tests that walk, so that a new one is covered, or missed loudly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import AccessCase, AccessEntry, AccessReview, ReviewItem, ServiceKey, Staff, StaffSession
from consent.models import (
    BreachDraw,
    Circumstance,
    CleanupAsk,
    Consent,
    ConsentConflict,
    ContactDecision,
    ContactRefusal,
    ContactStop,
    CopyAnswer,
    DestructionBatch,
    DoNotCallList,
    DoNotCallNumber,
    Receipt,
    RetentionRules,
    RightsRequest,
    SeparatedUse,
)
from customers.models import BulkAct, Contract, Customer, CustomerStaffGrant, FeedRun, Rehearsal, SourceRecord, Wish
from customers.numbering import written_number
from relations.models import (
    CoverEnd,
    FinancialFact,
    HandoverItem,
    Household,
    HouseholdRefusal,
    HouseholdSuggestion,
    ItemOwner,
    PlaceOfBusiness,
    PolicyElsewhere,
    ProspectDispute,
    RiskProfile,
    Roster,
    WallHit,
)

HOUSE = ("accounts", "customers", "relations", "consent", "quality", "campaigns")
NAMED_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")
ITEM_WORDS = ("mobile", "rrn", "address")
# Nouns of views that are not the name of their model, where it takes that with the namespace.
NOUNS: Mapping[str, type[Model]] = {
    "feed": FeedRun,
    "record": SourceRecord,
    "bulk": BulkAct,
    "match-rehearsal": Rehearsal,
    "golden-rehearsal": Rehearsal,
    "session": StaffSession,
    "service-key": ServiceKey,
    "grant": CustomerStaffGrant,
    "review": AccessReview,
    "accounts:item": ReviewItem,
    "question": ReviewItem,
    "case": AccessCase,
    "login": Staff,
    "password": Staff,
    "second-factor": Staff,
    "place": PlaceOfBusiness,
    "owner": ItemOwner,
    "group": Contract,
    "roster": Roster,
    "cover-end": CoverEnd,
    "wall-hit": WallHit,
    "member": Household,
    "role": Household,
    "primary": Household,
    "suggestion": HouseholdSuggestion,
    "refusal": HouseholdRefusal,
    "handover-item": HandoverItem,
    "keeper-terms": Staff,
    "dispute": ProspectDispute,
    "relations:finance": FinancialFact,
    "relations:policy": PolicyElsewhere,
    "relations:risk": RiskProfile,
    "consent:breach-draw": BreachDraw,
    "consent:batch": DestructionBatch,
    "consent:circumstance": Circumstance,
    "consent:cleanup": CleanupAsk,
    "consent:conflict": ConsentConflict,
    "consent:consent": Consent,
    "consent:contact": ContactDecision,
    "consent:copy": CopyAnswer,
    "consent:do-not-call": DoNotCallList,
    "consent:do-not-call-follow": DoNotCallNumber,
    "consent:receipt": Receipt,
    "consent:refusal": ContactRefusal,
    "consent:retention": RetentionRules,
    "consent:rights": RightsRequest,
    "consent:separated": SeparatedUse,
    "consent:stop": ContactStop,
}
Words = dict[str, object]


@dataclass(frozen=True)
class View:
    """One entry of the resolver. name: with its namespaces; parts: the patterns that lead to it, outermost first."""

    name: str
    parts: tuple[RoutePattern | RegexPattern, ...]
    callback: Callable[..., object]

    @property
    def noun(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the address, those of regular expressions marked by `*`: `number*` is that of a customer."""
        found: list[str] = []
        for part in self.parts:
            if isinstance(part, RegexPattern):
                found += [f"{name}*" for name in NAMED_GROUP.findall(str(part))]
            else:
                found += part.converters
        return tuple(found)

    def address(self, words: Words) -> str:
        """The address for these words, `{variable without its mark: value}`."""
        made = ""
        for part in self.parts:
            text = str(part)
            if isinstance(part, RegexPattern):
                filled = NAMED_GROUP.sub(lambda group: str(words[group[1]]), text).removeprefix("^").removesuffix("$")
                assert part.regex.match(filled), f"{self.name}: {filled} does not fit {text}"
                made += filled
            else:
                made += re.sub(r"<(?:\w+:)?(\w+)>", lambda group: quote(str(words[group[1]])), text)
        return f"/{made}"


def all_views(resolver: URLResolver | None = None, above: tuple = (), spaces: tuple[str, ...] = ()) -> Iterator[View]:
    """Every view of the resolver."""
    for entry in (resolver or get_resolver()).url_patterns:
        parts = (*above, entry.pattern)
        if isinstance(entry, URLResolver):
            yield from all_views(entry, parts, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern):
            yield View(":".join((*spaces, entry.name or str(entry.pattern))), parts, entry.callback)


class NobodyCanFill(AssertionError):
    """A variable of an address stands for nothing that was planted."""


class Filler:
    """Fills the variables of addresses with rows. numbers: of the customers to open; most: words per view."""

    def __init__(self, numbers: list[str], most: int = 3) -> None:
        self.numbers, self.most = numbers, most
        self._keys: dict[type[Model], list[object]] = {}
        self._rehearsals = {row.pk: row for row in Rehearsal.objects.order_by("pk")}

    def words(self, view: View, *, most: int | None = None) -> list[Words]:
        """Words for every variable of the view. Raises NobodyCanFill."""
        special = SPECIAL.get(view.name)
        if special:
            found = list(islice(special(self), most or self.most))
        elif "number*" in view.variables:
            found = [words for number in self.numbers for words in self._of_customer(view, number)]
        else:
            choices = [[(name, each) for each in self._choices(view, name)] for name in view.variables]
            found = [dict(chosen) for chosen in islice(product(*choices), most or self.most)]
            found = [{name.rstrip("*"): value for name, value in words.items()} for words in found]
        if not found:
            raise NobodyCanFill(f"{view.name}: nothing was planted for {view.variables}")
        return found

    def _of_customer(self, view: View, number: str) -> Iterator[Words]:
        """Words of one customer: with `pk` its own records, wishes …, at most two of them."""
        rest = [name.rstrip("*") for name in view.variables if name != "number*"]
        choices: list[list[object]] = []
        for name in rest:
            if name == "pk":
                keys = self._keys_of_customer(view, number)
                choices.append(keys[:2] if keys else [self._first_key(view)])
            else:
                choices.append(list(self._choices(view, name)))
        for chosen in islice(product(*choices), 2):
            yield {"number": number, **dict(zip(rest, chosen, strict=True))}

    def _keys_of_customer(self, view: View, number: str) -> list[object]:
        model = model_of(view)
        ways = {SourceRecord: "link__customer__number", Wish: "customer__number"}
        way = ways.get(model) or next(
            (
                f"{each.name}__number"
                for each in model._meta.get_fields()
                if getattr(each, "related_model", None) is Customer and each.concrete
            ),
            None,
        )
        if way is None:
            raise NobodyCanFill(f"{view.name}: how a {model.__name__} belongs to a customer is not known")
        return list(model.objects.filter(**{way: number}).order_by("pk").values_list("pk", flat=True))

    def keys_of_customers(self, view: View) -> list[object]:
        """A key for each of the customers that has one, of what the view opens beside the customer."""
        return [key for number in self.numbers for key in self._keys_of_customer(view, number)[:1]]

    def _first_key(self, view: View) -> object:
        return next(iter(self._choices(view, "pk")))

    def _choices(self, view: View, name: str) -> list[object]:
        """Values for one variable."""
        name = name.rstrip("*")
        if name == "written":
            return [written_number(number) for number in self.numbers]
        if name == "item":
            return list(ITEM_WORDS)
        if name == "kind":
            return ["income", "debts"]
        if name == "app_label":
            return ["accounts", "customers"]
        if name == "url":
            return ["x"]
        if name in ("pk", "object_id"):
            return self.keys(model_of(view))
        if name == "month":
            return ["2026-01"]
        if name in ("version", "code", "number"):
            return list(model_of(view).objects.order_by("pk").values_list(name, flat=True))
        if name in MODELS:
            return self.keys(MODELS[name])
        raise NobodyCanFill(f"{view.name}: what <{name}> stands for is not known")

    def keys(self, model: type[Model]) -> list[object]:
        """The keys of the rows of a model: the oldest, the newest and some between."""
        if model not in self._keys:
            found = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
            if not found and model._meta.app_label in HOUSE:
                raise NobodyCanFill(f"no {model.__name__} was planted")
            self._keys[model] = sorted({*found[:2], *found[-1:], *found[len(found) // 2 :][:1]}) or [1]
        return self._keys[model]

    def match_samples(self) -> Iterator[Words]:
        for pk, row in self._rehearsals.items():
            if row.kind == "MATCHING":
                yield from (
                    {"pk": pk, "kind": kind, "number": number + 1}
                    for kind, samples in row.samples.items()
                    for number in range(len(samples))
                )

    def golden_samples(self) -> Iterator[Words]:
        for pk, row in self._rehearsals.items():
            if row.kind == "GOLDEN":
                yield from ({"pk": pk, "item": item} for item in row.samples)

    def first_passwords(self) -> Iterator[Words]:
        """The second leads to a password of one's own, when the person is to choose one."""
        for staff in Staff.objects.order_by("pk")[:1]:
            uid = urlsafe_base64_encode(force_bytes(staff.pk))
            for token in ("set-password", default_token_generator.make_token(staff)):
                yield {"uidb64": uid, "token": token}

    def export_lists(self) -> Iterator[Words]:
        yield from ({"code": code} for code in settings.EXPORT_LISTS)

    def entries(self) -> Iterator[Words]:
        """Entries of the trail, the oldest and the newest."""
        found = AccessEntry.objects.order_by("month", "lane", "number").values("month", "lane", "number")
        for entry in (*found[:1], *found.reverse()[:1]):
            yield entry | {"month": f"{entry['month']:%Y-%m}"}

    def sites(self) -> Iterator[Words]:
        kind = ContentType.objects.get_for_model(Customer).pk
        keys = Customer.objects.order_by("pk").values_list("pk", flat=True)
        asked = keys.filter(number__in=self.numbers)
        yield from ({"content_type_id": kind, "object_id": pk} for pk in asked or keys[:1])


SPECIAL: Mapping[str, Callable[[Filler], Iterator[Words]]] = {
    "customers:match-sample-detail": Filler.match_samples,
    "customers:golden-rehearsal-samples": Filler.golden_samples,
    "accounts:password-first": Filler.first_passwords,
    "admin:view_on_site": Filler.sites,
    "accounts:export-request": Filler.export_lists,
    "accounts:trail-detail": Filler.entries,
}


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


MODELS = {
    **{
        _kebab(model.__name__): model
        for app in HOUSE
        if apps.is_installed(app)
        for model in apps.get_app_config(app).get_models()
    },
    **NOUNS,
}


def model_of(view: View) -> type[Model]:
    """The model that the address of a view opens. Raises NobodyCanFill."""
    if view.name.startswith("admin:"):
        return _model_of_admin(view)
    words = view.noun.split("-")
    for length in range(len(words), 0, -1):
        noun = "-".join(words[:length])
        model = MODELS.get(f"{view.name.rpartition(':')[0]}:{noun}") or MODELS.get(noun)
        if model is not None:
            return model
    raise NobodyCanFill(f"{view.name}: no model is called so, and `tests.addresses.NOUNS` does not name one")


def _model_of_admin(view: View) -> type[Model]:
    """`admin:accounts_staff_change` → Staff; of a page without a name by its path."""
    path = "".join(str(part) for part in view.parts)
    found = re.search(r"admin/(\w+)/(\w+)/", path)
    if not found:
        raise NobodyCanFill(f"{view.name}: no model stands in {path}")
    return apps.get_model(found[1], found[2])
