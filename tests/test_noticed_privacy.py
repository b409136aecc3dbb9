"""What a veil covers and what it leaves, text by text: words in letters, names cut short, what is quoted, what is
kept."""

from __future__ import annotations

from fractions import Fraction

import pytest

from builders import rule_from
from dangjian_check.engine.assessment import Deficiency
from dangjian_check.engine.privacy import Veil
from dangjian_check.errors import Problem
from dangjian_check.model.fields import shown
from dangjian_check.model.personal import masked_name
from dangjian_check.rulebook.waiver import Waiver

CHECK = {"kind": "frequency", "select": {"type": "党课"}, "per": "year", "min": 1}


def veil(*names: str, mask: bool = True) -> Veil:
    """The veil of a record with these members."""
    return Veil({"members": [{"name": name} for name in names]}, {"names"} if mask else ())


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("甲", "“甲乙”说“甲”", "“甲乙”说“*”"),
        ("李四", "李、李四", "李、李*"),
        ("…", "甲…", "甲…"),
        ("Anna", "Annabel、JoAnna、Anna。", "Annabel、JoAnna、A***。"),
        ("Anna张", "BAnna张三", "BAnna张三"),
        ("Anna张", "李Anna张x", "李A****x"),
        ("张Anna", "B张Anna三", "B张****三"),
        ("张Anna", "张Annabel", "张Annabel"),
        ("张Anna张", "B张Anna张x", "B张*****x"),
    ],
)
def test_name_that_begins_or_ends_in_letters_is_not_looked_for_inside_words(
    name: str, text: str, expected: str
) -> None:
    """At the end where they stand, and only there; nor is one of a single character; no part of a name is masked."""
    assert expected == veil(name).text(text)


def test_name_is_masked_where_a_message_cuts_it_short() -> None:
    """As it is quoted, as well as whole."""
    name = "阿依古丽买买提" * 5
    quoted = shown(name)
    assert f"“{masked_name(quoted[1:-2])}…”是{masked_name(name)}" == veil(name).text(f"{quoted}是{name}")


def test_refused_record_is_quoted_in_full_unless_names_are_masked() -> None:
    """A name in the wrong place is not known to be one."""
    found = [Problem("a.yaml", 1, 1, "“张三丰” 不是日期", "“党课”、“12人”、“人员表” 都可以")]
    assert found == veil("李四", mask=False).problems(found)
    assert [("“…” 不是日期", "“党课”、“12人”、“…” 都可以")] == [
        (p.message, p.remedy) for p in veil("李四").problems(found)
    ]


def test_name_that_is_known_is_quoted_behind_its_stars() -> None:
    """One nobody knows is not."""
    found = [Problem("a.yaml", 1, 1, "“李四” 和 “张三丰” 不是日期", "改")]
    assert ["“李*” 和 “…” 不是日期"] == [problem.message for problem in veil("李四").problems(found)]


def test_title_of_a_rule_and_a_fingerprint_stay_though_they_look_like_a_name() -> None:
    """They are the standard's and the tool's, not the record's."""
    rule = rule_from({"check": CHECK, "title": "支委会"})
    found = Deficiency("支委会-1", rule, "支委会", "2024", None, ("支委会",), "支委会：支委会没来", Fraction(1), ("a",))
    covered = veil("支委会")(found)
    assert ("支委会-1", "支委会", rule) == (covered.fingerprint, covered.item, covered.rule)
    assert (("支**",), "支委会：支委会没来") == (covered.people, covered.message)


@pytest.mark.parametrize(("mask", "expected"), [(True, ("王*", "王*病了")), (False, ("王五", "王五病了"))])
def test_waiver_is_shown_without_those_who_approved_it_if_names_are_masked(
    mask: bool, expected: tuple[str, str]
) -> None:
    """Whether or not the record knows them."""
    covers = {"from": "2024-01-01"}
    waiver = Waiver.model_validate({
        "rules": ["NAT-ZB-12-1"], "covers": covers, "effect": "excuse", "reason": "王五病了", "approver": "王五",
        "document": "1号",
    })  # fmt: skip
    shown_waiver = veil("李四", mask=mask)(waiver)
    assert expected == (shown_waiver.approver, shown_waiver.reason)
    unnamed = waiver.model_copy(update={"approver": "学院党委"})
    assert unnamed == veil("李四", mask=mask)(unnamed)


def test_numbers_are_hidden_unless_it_is_known_that_there_are_none() -> None:
    """Of what nobody looked through beforehand everything is looked through."""
    said = "打13800138000"
    assert (False, True) == (said == Veil(None)(said), said == Veil(None, numbers=False)(said))
