"""Plain YAML is read line by line; the reader of all of YAML is the reference, for data and for places."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dangjian_check.errors import InputProblems
from dangjian_check.loading.plain_yaml import plain_data, read_record
from dangjian_check.loading.private import noted
from dangjian_check.loading.records import LoadedRecord, load_record, load_records, validate
from dangjian_check.loading.tree import Mapping, Plain, Tree
from dangjian_check.loading.yaml_events import read_yaml
from dangjian_check.model.personal import numberless, personal_kinds
from dangjian_check.writing.yaml_text import yaml_text
from program import LAX, ROOT, SOUND
from strategies import records
from test_hostile_yaml import ONE_THREAT

RECORDS = sorted([*(ROOT / "examples").rglob("*.yaml"), *(ROOT / "tests" / "records").rglob("*.yaml")])
PLAIN = [path for path in RECORDS if path.parent.name in ("examples", "records", "organizations")]
TEXTS = [path.read_text(encoding="utf-8") for path in RECORDS]
TOKENS = (
    *("&a ", "*a", "!t ", "!!str ", "<<: ", "? ", "% ", "@", "`", "|", ">", "---", "...", "\t", "\r\n", "\r", "\ufeff"),
    *("- ", "-", ": ", ":", ", ", ",", " ,", "{", "}", "[", "]", "{}", "[]", "[[", "]]", "#", " #", " # 注", "\n"),
    *('"', "'", '""', "''", '"甲: 乙"', "'甲 # 乙'", '"a\\nb"', "\\", "  ", " ", "    ", "\u3000", "\xa0", "\x85"),
    *("null", "Null", "~", "true", "True", "yes", "on", ".inf", ".nan", "=", "0", "-0", "007", "+5", "-5", "0x1F"),
    *("0o17", "1e5", "1.5e3", "1_000", "1.", ".5", "1.50", "-1.5", "+.5", "9" * 15, "9" * 16, "1." + "1" * 16, "9:30"),
    *("2024-02-30", "2024-01-01", "甲：乙", "a:b", "http://a", "a, b: c", "a: b: c", "key: value", "甲?乙"),
    *("format: 1", "? a\n: b", "- - a", "-  a", "- a:\n    b: 1", "name:", "\n  name: 1", "\n- 1", "\n甲", "甲\n"),
    *("a" * 101, "甲: 1", "\n\n", "\u2028", "\x07"),
)
WORDS = ("甲", "乙 丙", "1", "1.5", "a", "2024-01-01", '"08:30"', "[]", "[甲, 乙]", "{a: 1, b: [丙]}", "[甲,", "")
PARTS = (("", "  ", "    "), ("", "- ", "-  "), ("a: ", "b: ", "c:", "甲:", ""), WORDS)
LINES = st.tuples(*map(st.sampled_from, PARTS)).map("".join)


def same(mine: Any, theirs: Any) -> bool:
    """Equal, with the same types, in the same order."""
    if isinstance(theirs, dict):
        alike = isinstance(mine, dict) and list(mine) == list(theirs)
        return alike and all(same(mine[key], theirs[key]) for key in theirs)
    if isinstance(theirs, list):
        alike = isinstance(mine, list) and len(mine) == len(theirs)
        return alike and all(map(same, mine, theirs))
    return type(mine) is type(theirs) and mine == theirs


def paths(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path of the data, and one that leads on to nowhere."""
    yield path
    yield (*path, "nowhere")
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from paths(value, (*path, key))


def agrees(text: str) -> bool:
    """Whether a text is plain; if it is, data and every place are those of the reference."""
    raw = text.encode()
    data = plain_data(raw, "甲.yaml")
    if data is None:
        return False
    reference = read_yaml(raw, "甲.yaml")
    assert reference.problems == ()
    assert same(data, reference.data), text
    tree = Tree("甲.yaml", data)
    for path in paths(reference.data):
        for key in (False, True):
            assert tree.place(path, key=key) == reference.place(path, key=key), (path, text)
    return True


def excerpt(chance: random.Random) -> list[str]:
    """A few lines of some record, from its left margin on."""
    lines = chance.choice(TEXTS).splitlines()
    starts = [n for n, line in enumerate(lines) if line[:1].isalpha()]
    start = chance.choice(starts)
    return lines[start : start + chance.randint(2, 14)]


def mutant(chance: random.Random) -> str:
    lines = excerpt(chance)
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(len(lines))
        line = lines[at]
        first = len(line) - len(line.lstrip())
        column = chance.choice((chance.randint(0, len(line)), line.find(": ") + 2, len(line), first))
        match chance.randrange(7):
            case 0 | 1 | 2:
                lines[at] = line[:column] + chance.choice(TOKENS) + line[column:]
            case 3:
                lines[at] = line[:column] + chance.choice(TOKENS) + line[column + chance.randint(1, 9) :]
            case 4:
                lines[at] = " " * chance.randint(0, 6) + line.lstrip(" ")
            case 5:
                lines.insert(chance.randint(0, len(lines)), line)
            case _:
                lines[at] = line[:column] + line[column + 1 :]
    return chance.choice(("\n", "\n", "\n", "\r\n")).join(lines) + chance.choice(("\n", ""))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_file_of_the_examples_is_read_the_same(path):
    """Data, and the place of everything."""
    agrees(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.stem)
def test_a_record_as_people_write_it_is_plain(path):
    """So that the many do not take the way of the few."""
    ((loaded,), wrong) = load_records(path)
    assert isinstance(loaded.tree.data, Plain)
    assert wrong == []


@pytest.mark.parametrize(("text", "at", "said"), ONE_THREAT.values(), ids=ONE_THREAT)
def test_a_threat_is_left_to_the_reference(text: str, at: tuple[int, int], said: str):
    """What is dangerous is worded by the reader that knows it; what only looks so is the same."""
    if not agrees(text):
        assert read_record(text.encode(), "甲.yaml") == read_yaml(text.encode(), "甲.yaml")


@pytest.mark.parametrize("seed", range(10))
def test_a_mutant_is_read_the_same_or_left_to_the_reference(seed: int):
    """Eight hundred texts a seed, some plain, some not."""
    chance = random.Random(seed)
    plain = sum(agrees(mutant(chance)) for _ in range(800))
    assert 80 < plain < 720


@given(records())
@settings(max_examples=60)
def test_a_record_written_by_us_is_read_the_same(data):
    """Whatever its fields hold."""
    agrees(yaml_text(data))


@given(st.lists(LINES, max_size=9))
@settings(max_examples=800)
def test_lines_at_any_indent_are_read_the_same(lines: list[str]):
    """Every way in which lists and mappings can follow each other, even or uneven."""
    agrees("\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2\n",
        "a: {b: 1, b: 2}\n",
        "a: {b: 1, b: [2]}\n",
        "a: b\n  c: d\n",
        "a: b\n  c\n",
        "a:\n    b: 1\n  c: 2\n",
        "a: [b\n",
        "a: [b}\n",
        "a: {b: 1]\n",
        "a: [b, ]\n",
        "a: [b, , c]\n",
        "a: {b, c: 1}\n",
        "a: b: c\n",
        "a: b:\n",
        "a: [b: c]\n",
        "- a\n",
        "甲-乙: 1\n",
        "a: 1\n---\nb: 2\n",
        "a: '\n",
        'a: "b" c\n',
        "a: b" + " " * 1_000_000 + "c: d\n",
        "a: " + "[x" * 30_000 + "\n",
        "a: {" + "b: c, " * 9_000 + "\n",
        "a: [\n" + "  b,\n" * 20_000,
        "a: |\n  b\n",
        "a: 1\n: b: 2\n",
        "a:: \n  b: 2\n",
        "a: &b c\n",
        "a: *b\n",
        "a: !b c\n",
        "<<: {a: 1}\n",
        "a: b\t\n",
        "a: \x07\n",
        "a: \x85b\n",
        "a: " + "b" * 65_537 + "\n",
        "a: [" + ", ".join("b" * 99_999) + "]\n",
        "".join(" " * n + "a:\n" for n in range(40)),
    ],
)
def test_doubt_is_left_to_the_reference(text: str):
    assert plain_data(text.encode(), "甲.yaml") is None


@pytest.mark.parametrize(
    "text",
    [
        "a:   \n  b: 1 \n  c: [d]  \n   \n\ne: f  \n",
        "\ufeffa: 1\r\nb:\r\n- c\r\n- d: 1\r\n  e: 2\r\n",
        "  # b\n\na: 1 # c\nb: # d\n  c: e#f\n",
        "a: [b, {c: [d, e], f: \"g, h: i\"},\n  'j', k\n]\n",
        "a:\n- b:\n  - c\n  d: 1\n- e\nf:\ng: ~\n",
        "a:\n    b:\n        c: 1\n    d: 007\ne: 1e5\n",
        "甲: 1\na: {乙: 2}\n",
    ],
)
def test_what_people_write_without_a_thought_is_plain(text: str):
    """Spaces at ends, line ends of Windows, remarks, lists at the margin, brackets over several lines."""
    assert agrees(text)


def test_bytes_that_are_no_text_are_left_to_the_reference():
    with pytest.raises(InputProblems, match="GBK"):
        read_record("a: 甲支部\n".encode("gbk"), "甲.yaml")


@pytest.mark.parametrize("path", [LAX, SOUND, *PLAIN], ids=lambda path: path.stem)
def test_what_is_wrong_with_a_record_is_said_in_the_same_words_at_the_same_places(path):
    """One value after another made wrong: the problems of a plain tree are those of the reference."""
    text = path.read_text(encoding="utf-8")
    chance = random.Random(7)
    spots = [n for n in range(len(text)) if text.startswith(": ", n) and text[n + 2] not in "{[|"]
    refused = 0
    for spot in chance.sample(spots, min(6, len(spots))):
        wrong = chance.choice(("7", "甲乙", "1.5", "true", "2024-02-30", "[1]"))
        raw = f"{text[: spot + 2]}{wrong} {text[spot + 2 :]}".encode()
        said = [complaints(noted(read(raw, "甲.yaml"), raw)) for read in (read_record, read_yaml)]
        refused += bool(said[0])
        assert said[0] == said[1]
    assert refused


def complaints(tree: Tree) -> tuple[Any, ...]:
    try:
        validate(tree)
    except InputProblems as error:
        return error.problems
    return ()


def test_a_place_in_brackets_is_found_by_reading_again_once():
    tree = read_record("members:\n  - {name: 甲, status: 正式}\n".encode(), "甲.yaml")
    assert tree.place(("members", 0)) == (2, 5, None, "")
    assert isinstance(tree.data, Plain)
    assert tree.place(("members", 0, "status")) == (2, 23, None, "")
    assert isinstance(tree.data.tree.data, Mapping)
    assert tree.data.tree is tree.data.tree


SEPARATORS = st.sampled_from(["", "", "", " ", "-", "—", "\u200b", ".", "·", "\u3000", "  "])
DIGITS = st.sampled_from([*"0123456789", "\uff11", "٣", "⑬", "²", "½"])
MARKS = st.sampled_from(["甲", "，", "（", "“", "x", ": ", "🎈", "é"])


NUMBERS = st.lists(st.tuples(SEPARATORS, DIGITS | MARKS | DIGITS | DIGITS).map("".join), max_size=40).map("".join)


@given(NUMBERS)
@settings(max_examples=400)
def test_a_text_without_numbers_holds_none(text: str):
    """The quick look over a file never misses what the slow one finds."""
    if numberless(text.encode()):
        assert personal_kinds(text) == []


@pytest.mark.parametrize(
    "written",
    ["13800138000", "138 0013 8000", "\uff11\uff13\uff1800138000", "0571-87654321", "110101199003074514"],
)
def test_a_number_is_noted_in_a_plain_record(written: str):
    raw = f'branch:\n  name: 甲支部\n  parent: "电话 {written}"\n'.encode()
    plain, reference = (noted(read(raw, "甲.yaml"), raw) for read in (read_record, read_yaml))
    assert isinstance(plain.data, Plain)
    assert plain.notes == reference.notes


def test_a_loaded_record_is_the_same_by_either_reader():
    raw = LAX.read_bytes()
    loaded: LoadedRecord = load_record(LAX)
    assert loaded.record == validate(read_yaml(raw, "甲.yaml"))
