"""Mistakes on the command line: status 2, one line in Chinese on stderr that says what was meant, nothing on stdout."""

from __future__ import annotations

import re

import pytest

from program import COMMAND_LINES, LAX, PACKS, PROBE, Run

HAN = re.compile(r"[一-鿿]")
AUDIT = ("audit", LAX, *PROBE)
MISTAKES = {
    "unknown-command": (("audti", LAX), "没有命令 audti", "最接近的是 audit"),
    "unknown-command-far": (("xyz",), "没有命令 xyz", "可用：audit、validate、explain"),
    "unknown-subcommand": (("rules", "lintt"), "没有命令 lintt", "最接近的是 lint"),
    "unknown-option": ((*AUDIT, "--perod", "2024"), "没有选项 --perod", "最接近的是 --period"),
    "unknown-root-option": (("--versoin",), "没有选项 --versoin", "最接近的是 --version"),
    "unknown-standard": (("audit", LAX, "--standard", "natinal"), "没有标准 “natinal”", "最接近的是 national"),
    "unknown-standard-far": (("audit", LAX, *PROBE, "--standard", "qqq"), "没有标准 “qqq”", "可用："),
    "unknown-own-standard": (("audit", LAX, *PROBE, "-s", "probee"), "没有标准 “probee”", "最接近的是 probe"),
    "unknown-listed-standard": (("rules", "list", "-s", "vock"), "没有标准 “vock”", "最接近的是 voc"),
    "unknown-rule": (("explain", "PRB-1-9", "--rules", PACKS), "没有规则 “PRB-1-9”", "PRB-1-1"),
    "unknown-shown-rule": (("rules", "show", "PRB-1", "--rules", PACKS), "没有规则 “PRB-1”", "PRB-1-2"),
    "no-such-rule": (("explain", "qqq"), "没有规则 “qqq”", "dj-check rules list"),
    "unknown-format": ((*AUDIT, "--format", "xml"), "--format：xml 不在可选的值里", "dj-check audit --help"),
    "unknown-severity": (
        (*AUDIT, "--fail-on", "blocker"),
        "--fail-on：blocker 不在可选的值里",
        "dj-check audit --help",
    ),
    "too-few-processes": ((*AUDIT, "--jobs", "-1"), "--jobs：最小是 0", "dj-check audit --help"),
    "processes-in-words": ((*AUDIT, "--jobs", "两个"), "--jobs：应是整数", "dj-check audit --help"),
    "too-short-a-time": ((*AUDIT, "--timeout", "0"), "--timeout：最小是 0.1", "dj-check audit --help"),
    "time-in-words": ((*AUDIT, "--timeout", "一分钟"), "--timeout：应是数", "dj-check audit --help"),
    "unknown-schema": (("schema", "recrod"), "名称：recrod 不在可选的值里", "dj-check schema --help"),
    "unknown-colour": ((*AUDIT, "--color", "red"), "--color：red 不在可选的值里", "dj-check audit --help"),
    "missing-records": (("audit",), "缺少参数 记录", "dj-check audit --help"),
    "missing-option": (("add", "a.yaml", "--type", "党课"), "缺少选项 --date", "dj-check add --help"),
    "output-to-stdout": (("audit", "a.yaml", "--output", "json:-"), "--output 只写文件", "--format json"),
    "missing-rule": (("explain",), "缺少参数 规则编号", "dj-check explain --help"),
    "missing-value": ((*AUDIT, "--period"), "选项 --period 缺少值", "--help"),
    "extra-argument": (("schema", "record", "rules"), "参数多了", "dj-check schema --help"),
    "period-of-thirteen-months": ((*AUDIT, "--period", "2024-13"), "--period “2024-13” 不是期间", "2024-03"),
    "period-of-five-quarters": ((*AUDIT, "--period", "2024Q5"), "--period “2024Q5” 不是期间", "2024Q3"),
    "period-of-two-digits": ((*AUDIT, "--period", "24"), "--period “24” 不是期间", "2024"),
    "period-backwards": ((*AUDIT, "--period", "2024-08..2024-03"), "不是期间", "2024-03..2024-08"),
    "period-in-words": ((*AUDIT, "--period", "去年"), "--period “去年” 不是期间", "2024"),
    "period-empty": ((*AUDIT, "--period", ""), "--period “” 不是期间", "2024"),
    "period-out-of-time": ((*AUDIT, "--period", "0202"), "--period “0202” 不是期间", "2024"),
    "impossible-day": ((*AUDIT, "--as-of", "2024-02-30"), "--as-of “2024-02-30” 不是日期", "2024-12-31"),
    "loose-day": ((*AUDIT, "--as-of", "2024-2-3"), "--as-of “2024-2-3” 不是日期", "年-月-日"),
    "day-in-chinese": ((*AUDIT, "--as-of", "2024年2月3日"), "--as-of “2024年2月3日” 不是日期", "年-月-日"),
    "month-as-day": ((*AUDIT, "--as-of", "2024-02"), "--as-of “2024-02” 不是日期", "年-月-日"),
    "score-in-words": ((*AUDIT, "--min-score", "七十"), "--min-score “七十” 不是数", "--min-score 70"),
    "time-without-end": ((*AUDIT, "--timeout", "inf"), "--timeout：最大是 86400", "dj-check audit --help"),
    "output-without-file": ((*AUDIT, "--output", "json"), "--output “json” 不明确", "格式:文件"),
    "output-without-format": ((*AUDIT, "--output", ":a.json"), "--output “:a.json” 不明确", "格式:文件"),
    "output-in-unknown-format": ((*AUDIT, "--output", "xml:a.xml"), "--output “xml:a.xml” 不明确", "json"),
    "folder-without-standard": (("audit", LAX, "--rules", LAX.parent), "没有找到标准", "文件夹"),
    "standard-taken-twice": ((*AUDIT, "--rules", PACKS / "probe"), "标准编号 probe 已被占用", "换一个 id"),
    "lint-of-nothing": (("rules", "lint", LAX.parent), "没有找到标准", "standard.yaml"),
    "test-of-nothing": (("rules", "test", "--rule", "PRB-0-0", *PROBE), "没有一个测试", "--rule"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_status_2_and_one_chinese_line_with_a_way_out(run: Run, name: str):
    """What is wrong, then what to do: the nearest known name, the values there are, or an example."""
    arguments, message, remedy = MISTAKES[name]
    done = run(*arguments)
    assert (2, "", 1) == (done.status, done.out, len(done.err.splitlines())), done.err
    what, arrow, way_out = done.err.partition(" → ")
    assert (True, " → ", True) == (message in what, arrow, remedy in way_out), done.err
    assert HAN.search(way_out), done.err


@pytest.mark.parametrize("command", COMMAND_LINES, ids=lambda words: " ".join(words) or "dj-check")
def test_help_is_chinese_throughout(run: Run, command: tuple[str, ...]):
    """No heading or phrase of the library is left in English."""
    done = run(*command, "--help")
    english = ["Usage", "Options", "Arguments", "Commands", "Show ", "default", "required", "[OPTIONS]", "ARGS"]
    assert (0, "", []) == (done.status, done.err, [word for word in english if word in done.out])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("unknown-format", ["terminal", "json"]),
        ("unknown-severity", ["critical", "major", "minor", "info"]),
        ("unknown-schema", ["record", "rules", "sheet", "standard"]),
        ("unknown-colour", ["auto", "always", "never"]),
    ],
)
def test_value_outside_a_choice_is_answered_with_the_choice(run: Run, name: str, values: list[str]):
    """All values there are stand in the message."""
    said = run(*MISTAKES[name][0]).err
    assert [] == [value for value in values if value not in said]


def test_completion_that_fails_is_no_verdict(run: Run, monkeypatch: pytest.MonkeyPatch):
    """As it does where the variable of the shell is left behind."""
    monkeypatch.setenv("_DJ_CHECK_COMPLETE", "x")
    assert 2 == run("audit", LAX, *PROBE).status
