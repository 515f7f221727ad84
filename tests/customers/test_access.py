"""The rules of access: which rule holds, what limits take away, which definitions are refused, what a change means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import access
from customers.access import Basis, Level, Limit, Place, Rule, Rules, RulesUnfit, Scope, decide, definition_of, rules_of
from customers.access_changes import LimitChange, Reach, RuleChange, item_changes, limit_changes, reaches, rule_changes

PRIVATE, IDENTIFIERS, HEALTH = access.PRIVATE, access.IDENTIFIERS, access.HEALTH
MOBILE = {"mobile": (PRIVATE, "PHONE")}
LIMIT = Limit("BANCA", ("mobile",), Level.MASKED, "보험업법", "준법감시인", Basis.NONE)
RULES = st.builds(
    Rule,
    role=st.sampled_from(["FP", "LEAD"]),
    grade=st.integers(1, 4),
    level=st.sampled_from(Level),
    scope=st.sampled_from([Scope.OWN, Scope.GRANTED]),
    purpose=st.sampled_from(["", "SALES"]),
    place=st.sampled_from(["", "LIST"]),
    may_reveal=st.booleans(),
)


def seen(*rules: Rule, roles: tuple[str, ...] = ("FP",), limits: tuple[Limit, ...] = (), **where: object) -> Level:
    """How much of a private item the holder of these roles sees."""
    asked = {"grade": PRIVATE, "scope": Scope.OWN, "purpose": "SERVICE", "place": "LIST", "item": "mobile"} | where
    return decide(Rules(1, rules), roles=roles, limits=limits, **asked).level


FULL, MASKED = Rule("FP", PRIVATE, Level.FULL), Rule("FP", PRIVATE, Level.MASKED, may_reveal=True)
FOR_SALES = Rule("FP", PRIVATE, Level.NOTHING, purpose="SALES")
IN_LISTS = Rule("FP", PRIVATE, Level.SILHOUETTE, place="LIST")
OF_LEAD = Rule("LEAD", PRIVATE, Level.FULL)


@pytest.mark.parametrize(
    ("rules", "asked", "level"),
    [
        ((), {}, Level.NOTHING),
        ((FULL,), {}, Level.FULL),
        ((FULL,), {"scope": Scope.GRANTED}, Level.NOTHING),
        ((FULL,), {"scope": Scope.NONE}, Level.NOTHING),
        ((FULL,), {"grade": IDENTIFIERS}, Level.NOTHING),
        ((FULL,), {"roles": ("LEAD",)}, Level.NOTHING),
        ((FULL, FOR_SALES), {}, Level.FULL),
        ((FULL, FOR_SALES), {"purpose": "SALES"}, Level.NOTHING),
        ((FULL, IN_LISTS), {}, Level.SILHOUETTE),
        ((FULL, IN_LISTS), {"place": "PROFILE"}, Level.FULL),
        ((FULL, IN_LISTS, FOR_SALES), {"purpose": "SALES"}, Level.NOTHING),
        ((MASKED, OF_LEAD), {"roles": ("FP", "LEAD")}, Level.FULL),
        ((FOR_SALES, OF_LEAD), {"roles": ("FP", "LEAD"), "purpose": "SALES"}, Level.FULL),
        ((FULL,), {"limits": (LIMIT,)}, Level.MASKED),
        ((FULL,), {"limits": (LIMIT,), "item": "email"}, Level.FULL),
        ((IN_LISTS,), {"limits": (LIMIT,)}, Level.SILHOUETTE),
    ],
)
def test_which_rule_holds(rules, asked, level):
    assert seen(*rules, **asked) is level


def test_what_a_limit_masks_is_not_opened():
    asked = {"roles": ["FP"], "grade": PRIVATE, "scope": Scope.OWN, "purpose": "", "place": "LIST", "item": "mobile"}
    rules = Rules(1, (MASKED,))
    nothing = Limit("BANCA", ("mobile",), Level.NOTHING, "보험업법", "준법감시인")

    free, limited = decide(rules, **asked), decide(rules, **asked, limits=[nothing])

    assert (free.may_reveal, limited.may_reveal, limited.limit) == (True, False, nothing)


@given(st.lists(RULES, unique_by=lambda rule: (rule.role, rule.grade, rule.scope, rule.purpose, rule.place)))
def test_a_definition_says_all_that_the_rules_say(rules):
    made = rules_of(7, definition_of(Rules(7, tuple(rules), (LIMIT,), {"mobile": (3, "PHONE")})))

    assert set(made.rules) == set(rules)
    assert (made.limits, made.graded) == ((LIMIT,), {"mobile": (3, "PHONE")})


@given(st.lists(RULES, unique_by=lambda rule: (rule.role, rule.grade, rule.scope, rule.purpose, rule.place)))
def test_another_role_never_shows_less(rules):
    for place in Place:
        asked = {"purpose": "SALES", "place": place}
        alone, both = seen(*rules, **asked), seen(*rules, roles=("FP", "LEAD"), **asked)
        assert access.RANKS[both] >= access.RANKS[alone]


ROW = ["FP", "", PRIVATE, "OWN", "", "FULL", False]


@pytest.mark.parametrize(
    "definition",
    [
        None,
        {},
        {"rules": [ROW, ROW]},
        {"rules": [["FP", "", 9, "OWN", "", "FULL", False]]},
        {"rules": [["FP", "", PRIVATE, "ALL", "", "FULL", False]]},
        {"rules": [["FP", "", PRIVATE, "OWN", "NOWHERE", "FULL", False]]},
        {"rules": [["FP", "", PRIVATE, "OWN", "", "EVERYTHING", False]]},
        {"rules": [["FP", "", HEALTH, "OWN", "", "MASKED", False]]},
        {"rules": [], "items": {"mobile": [7, "PHONE"]}},
        {"rules": [], "limits": [definition_of(Rules(0, (), (LIMIT,)))["limits"][0] | {"clause": " "}]},
        {"rules": [], "limits": definition_of(Rules(0, (), (LIMIT,)))["limits"] * 2},
    ],
)
def test_what_is_no_definition_is_refused(definition):
    with pytest.raises(RulesUnfit):
        rules_of(1, definition)


def test_the_shipped_rules_are_a_definition_that_shows_nobody_identifiers_or_health():
    shipped = rules_of(0, definition_of(access.SHIPPED))
    most = {grade: max(access.RANKS[rule.level] for rule in shipped.rules if rule.grade == grade) for grade in range(3)}

    assert shipped.limits == access.SHIPPED.limits
    assert most == {HEALTH: 1, IDENTIFIERS: 2, PRIVATE: 3}


def test_what_differs_between_versions():
    before = Rules(1, (MASKED, FOR_SALES), (LIMIT,))
    nothing = Rule("LEAD", PRIVATE, Level.NOTHING)
    after = Rules(2, (FULL, FOR_SALES, nothing), (), {"mobile": (3, "NONE")})

    assert rule_changes(before, after) == [RuleChange(MASKED, FULL)]
    assert rule_changes(after, before) == [RuleChange(FULL, MASKED)]
    assert [(one.before, one.after) for one in item_changes(before, after, MOBILE)] == [((2, "PHONE"), (3, "NONE"))]
    assert limit_changes(before, after) == [LimitChange(LIMIT, None)]


@pytest.mark.parametrize(
    ("before", "after", "reach"),
    [
        ((MASKED,), (FULL,), [Reach("FP", 1, 0)]),
        ((FULL,), (FULL, FOR_SALES), [Reach("FP", 0, 1)]),
        ((FULL, FOR_SALES), (MASKED,), [Reach("FP", 1, 1)]),
        ((FULL,), (FULL,), []),
        ((MASKED,), (Rule("FP", PRIVATE, Level.MASKED),), [Reach("FP", 0, 1)]),
    ],
)
def test_whom_a_change_touches(before, after, reach):
    found = reaches(
        Rules(1, before), Rules(2, after), roles=["FP", "LEAD"], purposes=["SERVICE", "SALES"], items=MOBILE
    )

    assert found == reach
