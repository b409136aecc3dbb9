"""The HTML page: whole and by itself, true to the report, and deaf to whatever a record tries to make of it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from dangjian_check.engine.assessment import LogEntry, Report
from dangjian_check.errors import Location, Problem
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports import account, findings, grid, html
from dangjian_check.rulebook.rule import SEVERITY_LABELS
from pages import EXAMPLES, LAX, PLAIN, Anatomy, audited, crowd, marked, page

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "</title></textarea><!--",
    "<![CDATA[x]]>&lt;b&gt;&#60;",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "https://example.com/x.js",
    "x' onmouseover='alert(1)",
    "\x00\x1b[31m\x07\x85",
    "\u202e\u2066倒着写\u2069\u202c\u200b\u2028",
    "\ufeff\ud800",
    "很长" * 2000,
]
SOME = (LAX, "village.yaml", "teachers-sound.yaml", "workshop.yaml")
SAFE_URL = re.compile(r"#[\w-]+|data:,")
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@pytest.fixture(scope="module")
def lax() -> Report:
    """A branch with much amiss, under one standard."""
    return audited(LAX, standards=("voc",))


@cache
def rendered(text: str, alone: bool = True) -> str:
    """The page of a record that says ``text`` wherever it can."""
    return page(marked(text, alone=alone))


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "among others"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_makes_an_element_or_attribute(text: str, alone: bool):
    """The page of a hostile record has the very elements and attributes of a harmless one, in the same order."""
    expected, found = Anatomy(rendered(PLAIN, alone)), Anatomy(rendered(text, alone))
    assert expected.elements == found.elements
    assert expected.scripts == found.scripts


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_stays_out_of_every_telling_attribute(text: str):
    """What a record says may be read aloud (``aria-label``) or sorted by; it is never an address, style or handler."""
    expected, found = Anatomy(rendered(PLAIN)), Anatomy(rendered(text))
    spoken = ("aria-label", "data-w")

    def telling(anatomy: Anatomy) -> list[tuple[str, str, str]]:
        return sorted(value for value in anatomy.values if value[1] not in spoken)

    assert telling(expected) == telling(found)
    assert [] == [name for _, name, _ in found.values if name.startswith("on")]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_character_is_invisible_or_turns_the_line(text: str):
    """Control, bidi and invisible characters are shown as escapes."""
    assert None is INVISIBLE.search(rendered(text))


def test_hostile_text_is_readable():
    """It is shown as it was written, not dropped."""
    assert "</script><script>alert(1)</script>" in Anatomy(rendered(HOSTILE[3])).text


@pytest.mark.parametrize("names", [(LAX,), (LAX, "village.yaml")], ids=["one", "two"])
def test_page_asks_for_nothing(names: tuple[str, ...]):
    """No address but places of the page itself and the empty icon; no style sheet, font or picture."""
    source = page(audited(*names))
    anatomy = Anatomy(source)
    addresses = [value for _, name, value in anatomy.values if name in ("href", "src", "action", "poster", "srcset")]
    assert [] == [url for url in addresses if not SAFE_URL.fullmatch(url)]
    assert {"#hatch"} == set(re.findall(r"url\(([^)]*)\)", source))
    assert not re.search(r"https?:|@import|@font-face", source)


def test_policy_allows_the_one_script_and_nothing_else(lax: Report):
    """The hash in the policy is the script's; there is one script, without attributes."""
    anatomy = Anatomy(page(lax))
    [script] = anatomy.scripts
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    [policy] = [value for tag, name, value in anatomy.values if tag == "meta" and value.startswith("default-src")]
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert [("script", ())] == [element for element in anatomy.elements if element[0] == "script"]


@pytest.mark.parametrize("names", [(LAX,), SOME], ids=["one", "some"])
def test_ids_are_unique_and_every_link_arrives(names: tuple[str, ...]):
    """No id stands twice, and each link within the page has its place."""
    anatomy = Anatomy(page(audited(*names)))
    assert len(anatomy.ids) == len(set(anatomy.ids))
    links = {value[1:] for tag, name, value in anatomy.values if (tag, name) == ("a", "href")}
    assert set() == links - set(anatomy.ids)


def test_every_deficiency_says_all_about_itself(lax: Report):
    """Demand, clause, ground, period, place, severity and remedy of each are on the page."""
    [assessment] = lax.assessments
    text = Anatomy(page(lax)).text
    for d in assessment.deficiencies:
        rule = d.rule
        said = [rule.title, rule.citation.label, rule.id, *rule.clauses, rule.reason, rule.remedy, *rule.assumed]
        said += [findings.said(d), findings.window_words(d), assessment.where(d.place), *d.people]
        assert [] == [words for words in [*said, SEVERITY_LABELS[rule.severity]] if words not in text]


def test_deficiency_shows_what_counted_and_what_nearly_did(lax: Report):
    """A lesson too few names the one that counted; a month without a meeting the one that was called off."""
    text = Anatomy(page(lax)).text
    assert "2024-05-09 党课《总支书记上党课：以案为鉴》" in text
    assert "2024-03-28 支委会《三月例会》：状态是“取消”，没有开成的不计 第 113 行" in text


def test_every_rule_of_the_standard_is_on_the_page(lax: Report):
    """Whatever its outcome: nothing is passed over in silence."""
    text = Anatomy(page(lax)).text
    [assessment] = lax.assessments
    assert [] == [o.rule.id for o in assessment.outcomes if o.rule.id not in text]


def test_open_duties_say_why():
    """What needs a person says what to look at; what is unknown says what is missing; what is due says when."""
    report = audited("students-groups.yaml")
    text = Anatomy(page(report)).text
    for a in report.assessments:
        wanted = [account.open_reason(o) for o in (*account.for_people(a), *account.undecided(a))]
        wanted += [words for day, _, title in account.coming_due(a) for words in (day.isoformat(), title)]
        assert wanted
        assert [] == [words for words in wanted if words not in text]


def test_what_was_found_about_a_record_is_shown(lax: Report):
    """Doubts with reason and place, notes of the reader, files that could not be read."""
    text = Anatomy(page(marked("有疑问的一处"))).text
    assert 1 == text.count("存疑 1 处")
    assert "读记录时的说明 1 条" in text
    assert "没有读成的 1 处" in text
    assert "有疑问的一处:有疑问的一处!A3" in text


def test_page_without_any_record_says_so():
    """No record, one broken file: the page tells what is wrong with it."""
    report = Report((), (Problem("坏.yaml", 3, 7, "不是日期", "写成 2024-03-05"),), ())
    text = Anatomy(page(report)).text
    assert "没有一份记录可以核查" in text
    assert "坏.yaml:3:7" in text


def test_branches_stand_in_the_order_of_input():
    """Nobody is ranked."""
    report = audited(*SOME)
    text = Anatomy(page(report)).text
    at = [text.index(view.branch.name, text.index("各支部\n")) for view in report.records]
    assert sorted(at) == at


def test_few_assessments_are_shown_in_full_and_many_in_brief():
    """Above the limit only what is missed, where and how often; the page says so."""
    few, many = Anatomy(page(audited(*SOME))).text, Anatomy(crowd()).text
    assert "点开看全部内容" in few
    assert "只列要点" not in few
    assert f"超过 {html.IN_FULL} 份，这里各支部只列要点" in many
    assert "支委会每月至少开一次：2024年3月（第 86 行）、2024年8月（第 185 行）" in many


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_page_of_one_branch_is_small(path):
    """Under 300 KB, so that it can be mailed."""
    assert len(page(audited(path.name)).encode()) < 300_000


def test_page_of_a_thousand_branches_is_small():
    """Under 10 MB."""
    assert len(crowd().encode()) < 10_000_000


def test_same_report_gives_the_same_bytes():
    """Nothing of the day or the machine gets in."""
    assert page(audited(*SOME)) == page(audited(*SOME))


def test_year_is_cut_into_whole_windows(lax: Report):
    """The runs of a row are the twelve months, each once; what they say is what the windows say."""
    [assessment] = lax.assessments
    rows = list(grid.rows(assessment, 2024))
    assert rows
    for row in rows:
        runs = list(row.segments())
        assert list(range(1, 13)) == [month for first, last, _ in runs for month in range(first, last + 1)]
        assert row.cells == {last: outcome for _, last, outcome in runs if outcome}


def test_axis_starts_at_nought_and_ends_at_the_whole():
    """Whatever the maximum; steps are even but for the last."""
    for top in (1, 7, 80, 100, 130, 4999):
        marks = html.ticks(top)
        assert (0, top) == (marks[0], marks[-1])
        assert 1 >= len({b - a for a, b in pairwise(marks[:-1])})


def test_day_stands_where_it_is_in_the_year():
    """The year begins at the left; the middle of a month is the middle of its twelfth."""
    assert "0%" == html.across(date(2024, 1, 1))
    assert "50%" == html.across(date(2024, 7, 1))
    assert "12.5%" == html.across(date(2023, 2, 15))


def test_time_line_loses_no_activity(lax: Report):
    """Each activity is in the lane of each of its types, or in the last."""
    [view] = lax.records
    found = html.lanes(view.log, 2024)
    assert set(view.log) == {entry for lane in found for entry in lane.entries}
    many = [LogEntry(date(2024, 1, n), (f"第{n}种",), None, True, Location(n, 1)) for n in range(1, 29)]
    lanes = html.lanes(many, 2024)
    assert (12, 28) == (len(lanes), sum(len(lane.entries) for lane in lanes))


def test_score_that_nobody_can_give_is_not_drawn(lax: Report):
    """Nothing to judge is no bar at nought."""
    [assessment] = lax.assessments
    source = page(replace(lax, assessments=(replace(assessment, score=None, deficiencies=()),)))
    assert "无可评定项" in source
    assert 'class="gauge"' not in source


def test_every_outcome_has_a_sign_of_its_own():
    """Colour is never the only difference."""
    assert len(Outcome) == len(set(html.MARKS.values()))
    assert set(Outcome) == set(html.MARKS)
