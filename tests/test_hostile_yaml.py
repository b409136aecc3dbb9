"""What hostile YAML gets (threats T1-T15, T45): one located Chinese problem with a remedy, soon, and no traceback."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.records import parse_record
from hostile_yaml import BOMBS, ID_CARD, ONE_THREAT, PLAIN
from program import dj, places, refused

HAN = re.compile(r"[一-鿿]")


def speaks(problem: Problem) -> bool:
    """Whether a problem stands somewhere and says in Chinese what is wrong and what to do, on one short line."""
    words = (problem.message, problem.remedy)
    return (
        problem.line >= 1
        and problem.column >= 1
        and all(HAN.search(w) and "\n" not in w and len(w) < 200 for w in words)
    )


@pytest.mark.parametrize("name", ONE_THREAT)
def test_threat_is_exactly_one_located_problem_with_a_remedy(name: str):
    """A file whose only fault is the threat gets one problem: at the threat, in Chinese, with what to do."""
    raw, place, word = ONE_THREAT[name]
    found = refused(raw)
    assert [place] == places(found), [str(problem) for problem in found]
    assert (True, True) == (word in found[0].message, speaks(found[0])), str(found[0])


@pytest.mark.parametrize(
    ("raw", "place", "word"),
    [
        ("branch:\n  name: 甲支部\n".encode("gb18030"), (2, 1), "GB18030"),
        (PLAIN.encode("utf-16"), (1, 1), "UTF-16"),
        (b"\xfe\xff" + PLAIN.encode("utf-16-be"), (1, 1), "UTF-16"),
        (PLAIN.encode() + b"# \xff\n", (2, 1), "UTF-8"),
        (PLAIN.encode() + b"# \xc0\xaf\n", (2, 1), "UTF-8"),
        (PLAIN.encode() + b"# \xed\xa0\x80\n", (2, 1), "UTF-8"),
    ],
    ids=["gbk", "utf-16", "utf-16-be", "stray-byte", "overlong", "encoded-surrogate"],
)
def test_bytes_that_are_not_utf8_are_one_problem_at_their_line(raw: bytes, place: tuple[int, int], word: str):
    """A file in another encoding is told which it seems to be and to be saved as UTF-8."""
    [problem] = refused(raw)
    assert (place, True, "用编辑器另存为 UTF-8 编码") == (places([problem])[0], word in problem.message, problem.remedy)


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"], ids=["nel", "line-separator", "paragraph-separator"])
def test_line_break_that_editors_do_not_show_moves_no_place(sign: str):
    """A hidden line break is refused or part of its text; what follows is on the line that an editor shows."""
    lines = {
        problem.line for problem in refused(f'branch:\n  name: "甲{sign}乙"\ncommittee: {{elected: 2024-02-30}}\n')
    }
    assert lines <= {2, 3}


@pytest.mark.parametrize("sign", ["\x85", "\u2028"], ids=["nel", "line-separator"])
def test_hidden_line_break_makes_no_new_key(sign: str):
    """What an editor shows as one line is never read as two keys."""
    found = refused(f"branch: {{name: 甲支部}}\nformat: 1 #{sign}headcount: {{formal: 九}}\n")
    assert [2] == [problem.line for problem in found]


@pytest.mark.parametrize(
    "text",
    [f"branch:\n  name: 甲支部\n  id: {ID_CARD}\n  id: '2'\n", f"branch: {{name: 甲支部, id: '1', id: {ID_CARD}}}\n"],
)
def test_duplicate_key_does_not_print_its_values(text: str):
    """A member's data is not repeated in a message beyond the key in question."""
    found = refused(text)
    assert ["键 id 在同一处写了两次", "这一行有身份证号（已隐去）"] == sorted((p.message for p in found), reverse=True)
    assert [False, False] == [ID_CARD in str(problem) for problem in found]


def test_wrong_value_is_quoted_only_by_its_beginning():
    """An offending value is shown cut short, whatever its length."""
    [problem] = refused(PLAIN + "headcount: {formal: " + "九" * 5000 + "}\n")
    assert f"“{'九' * 24}…” 不是人数或次数" == problem.message


@pytest.mark.parametrize("key", ["\\e[2J", "\\u202Ex", "甲\\ny"])
def test_control_characters_of_a_key_do_not_reach_a_message(key: str):
    """Keys are echoed, so they are made harmless first."""
    assert [] == [p for p in refused(f'branch: {{name: 甲支部, "{key}": 1}}\n') if not str(p).isprintable()]


def test_bombs_neither_crash_nor_hang_the_program(tmp_path: Path):
    """Deep, wide and exploding files in one run: status 2, one to 101 lines for each of them, no traceback."""
    for name, text in BOMBS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    started = time.monotonic()
    done = dj("validate", *sorted(tmp_path.iterdir()))
    said = done.stderr.decode().splitlines()
    counts = {name: sum(line.startswith(f"{tmp_path}/{name}:") for line in said) for name in BOMBS}
    assert (2, []) == (done.returncode, [line for line in said if not line.startswith(f"{tmp_path}/")])
    assert {} == {name: count for name, count in counts.items() if not 1 <= count <= 101}
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("written", ["1e99999999", "1e-99999999", "1/1e99999999"])
def test_number_with_a_giant_exponent_costs_no_time(tmp_path: Path, written: str):
    """Ten characters must not make the program reckon with a hundred million digits."""
    path = tmp_path / "a.yaml"
    path.write_text(PLAIN + f"activities: [{{date: 2024-01-08, type: 党课, hours: {written}}}]\n", encoding="utf-8")
    assert 2 == dj("validate", path, timeout=5).returncode


def test_megabyte_of_sound_log_is_read_in_seconds():
    """Places are kept at the speed of the C parser."""
    log = "".join(f"- {{date: 2024-01-{n % 28 + 1:02d}, type: 党课, topic: t{n}}}\n" for n in range(20_000))
    started = time.monotonic()
    record = parse_record((PLAIN + "activities:\n" + log).encode(), "branch.yaml", "b1").record
    assert 20_000 == len(record.activities or ())
    assert time.monotonic() - started < 10


YAMLISH = st.text(st.sampled_from("ab1-: ：,[]{}&*!|>'\"%@#?~\n\t 甲支部年月日branchname<\\"), max_size=60)


def answer(raw: bytes) -> list[Problem] | None:
    """The problems of a file, or None for a sound record; any other exception is the test's failure."""
    try:
        parse_record(raw, "branch.yaml", "b1")
    except InputProblems as error:
        return list(error.problems)
    return None


@settings(max_examples=400)
@given(st.one_of(YAMLISH, YAMLISH.map(lambda text: PLAIN + "members:\n  - " + text)))
def test_any_text_is_a_record_or_a_list_of_located_problems(text: str):
    """Whatever is written: a record, or problems inside the file, in Chinese; never another exception."""
    found = answer(text.encode())
    assert [] != found
    last = text.count("\n") + 1
    assert [] == [str(problem) for problem in found or () if not speaks(problem) or problem.line > last]


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_record_or_a_list_of_located_problems(raw: bytes):
    """Noise is answered like any other bad file."""
    found = answer(raw)
    assert [] != found
    assert [] == [str(problem) for problem in found or () if not speaks(problem)]
