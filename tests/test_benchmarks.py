"""The benchmarks compare like with like: ten rules, the same answers, nothing timed here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import records
from engines import PEERS, expected, gathered, wrong
from figures import Table, figure, ratio
from metered import Failed, metered
from peers import by_hand, dj_check
from program import ROOT, dj
from ten import RULES, Answers, Case, Engine, cases

BENCHMARKS = ROOT / "benchmarks"
TEN = BENCHMARKS / "ten-rules"


@pytest.fixture(scope="module")
def fifty() -> list[Case]:
    return cases(50)


def test_the_ten_rules_by_hand_and_by_dj_check_give_the_same_answers(fifty: list[Case]) -> None:
    known = expected(fifty)
    for engine in dj_check.engines():
        assert engine.answers is not None
        assert engine.answers(engine.judge(engine.take(fifty))) == known, engine.name


def test_every_one_of_the_ten_rules_is_kept_by_some_and_most_are_broken_by_some(fifty: list[Case]) -> None:
    known = expected(fifty)
    broken = [number for number in range(RULES) if not all(answers.kept[number] for answers in known)]
    assert all(any(answers.kept[number] for answers in known) for number in range(RULES))
    assert len(broken) >= 8
    assert any(months for answers in known for months in answers.without or ())


def test_the_ten_rules_prove_themselves() -> None:
    done = dj("rules", "test", "--rules", TEN, "--standard", "ten-rules", "--require-coverage", "--mutate")
    assert done.returncode == 0, done.stdout.decode()


def test_an_engine_that_answers_differently_has_no_figure(fifty: list[Case]) -> None:
    def other(answers: Answers) -> Answers:
        return answers._replace(kept=(not answers.kept[0], *answers.kept[1:]))

    (right,) = by_hand.engines()
    assert wrong(right, fifty) == ""
    liar = right._replace(answers=lambda native: [other(answers) for answers in expected(fifty)])
    assert "50 份答案不同" in wrong(liar, fifty)
    assert "只答了 49 份" in wrong(right._replace(answers=lambda native: expected(fifty)[1:]), fifty)
    assert "ZeroDivisionError" in wrong(right._replace(judge=lambda given: 1 // 0), fifty)


def test_an_engine_may_leave_a_rule_out_but_not_get_it_wrong() -> None:
    known = Answers((True,) * RULES, (("2024-01",), ()))
    assert Answers((None, *known.kept[1:]), None).agrees(known)
    assert not Answers((False, *known.kept[1:]), None).agrees(known)
    assert not known._replace(without=((), ())).agrees(known)


def test_engines_that_are_installed_give_the_same_answers_and_the_others_are_named(fifty: list[Case]) -> None:
    engines, notes = gathered()
    assert [said for engine in engines if (said := wrong(_briefly(engine), fifty))] == []
    packages = {peer.package for peer in PEERS}
    assert all(any(package and package in note for package in packages) for note in notes)


def _briefly(engine: Engine) -> Engine:
    return engine._replace(most=min(engine.most, 5 if engine.most > 10 else 1))


def test_a_ratio_is_the_median_over_rounds() -> None:
    assert ratio([2.0, 9.0, 4.0], [1.0, 1.0, 1.0]) == 4.0
    assert [figure(number) for number in (1234.5, 45.67, 1.234, 0.0456)] == ["1,234", "45.7", "1.23", "0.046"]


def test_a_table_is_markdown_that_lines_up() -> None:
    table = Table("标题", ("引擎", "倍数"), [("甲", "1.00"), ("dj", "12.0")], ("说明",))
    assert table.text().splitlines() == [
        "### 标题",
        "",
        "| 引擎 | 倍数 |",
        "|------|-----:|",
        "| 甲   | 1.00 |",
        "| dj   | 12.0 |",
        "",
        "- 说明",
    ]


def test_an_audit_is_metered_in_a_process_of_its_own_and_one_that_fails_gives_no_figure(tmp_path: Path) -> None:
    records.write(tmp_path, 2)
    cost = metered("audit", tmp_path, "--rules", TEN, "--standard", "ten-rules", "--as-of", "2024-12-31")
    assert cost.status in (0, 1)
    assert cost.cpu > 0
    assert cost.memory > 10 * 2**20
    with pytest.raises(Failed, match="exit 2"):
        metered("audit", tmp_path, "--standard", "no-such")


@pytest.mark.parametrize("script", ["run.py", "cold_start.py"])
def test_the_commands_explain_themselves(script: str) -> None:
    done = subprocess.run([sys.executable, BENCHMARKS / script, "--help"], capture_output=True, check=True)
    assert "--rounds" in done.stdout.decode() or "--write" in done.stdout.decode()
