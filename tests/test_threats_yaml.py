"""Hostile YAML (threats T1-T15, T45): an answer for every file, the file beside them judged, soon and with little."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hostile_yaml import BOMBS, ONE_THREAT, PLAIN, alias_bomb, merge_bomb
from program import PROBE, SOUND
from threats import ID_CARD, Met, meet

HEADCOUNT = "branch: {{name: 甲支部}}\nheadcount: {{formal: {}}}\n"
BRANCH = "branch: {{name: 甲支部, {}}}\n"
FORMED = "branch: {{name: 甲支部}}\ncommittee: {{elected: {}}}\n"
MANY_MERGES = "a: &a {" + ", ".join(f"k{n}: 1" for n in range(1000)) + "}\nb: {" + "<<: *a, " * 500 + "}\n"
Files = dict[str, tuple[str | bytes, str]]


def of_one_threat(**names: str) -> Files:
    """Files of the table of single faults: their text and a word of what is said."""
    return {f"{name}.yaml": (ONE_THREAT[key][0], ONE_THREAT[key][2]) for name, key in names.items()}


def of_bombs(**words: str) -> Files:
    return {f"{name}.yaml": (BOMBS[f"{name.replace('_', '-')}.yaml"], word) for name, word in words.items()}


# What stands in a file, and what is said of it: the place and the beginning of the words.
THREATS: dict[str, Files] = {
    "T01-alias-bomb": {"aliases.yaml": (alias_bomb(), "1:5: 用了锚点（&）")},
    "T02-merge-bomb": {"merges.yaml": (merge_bomb(), "1:5: 用了锚点（&）")},
    "T03-many-merges": {"merges.yaml": (MANY_MERGES, "1:4: 用了锚点（&）")},
    "T04-nesting": of_bombs(
        lists="1:33: 嵌套超过 32 层",
        closed_lists="1:33: 嵌套超过 32 层",
        dashes="1:65: 嵌套超过 32 层",
        mappings="1:129: 嵌套超过 32 层",
    ),
    "T05-complex-keys": {
        "keys.yaml": ("? " * 16, "1:3: 键不是文字"),
        "many.yaml": (BOMBS["questions.yaml"], "1:3: 键不是文字"),
        "list.yaml": (PLAIN + "? [a, b]\n: 1\n", "2:3: 键不是文字"),
    },
    "T06-quadratic": of_bombs(
        blank_lines="1:1: 文件是空的",
        long_line="1:1: 一项内容超过 65536 字",
        keys="99999:9: 内容超过 200000 项",
        items="2:399997: 内容超过 200000 项",
        wide_colons="2:3: 用了全角冒号",
        tabs="2:1: 用制表符缩进",
    ),
    "T07-huge-numbers": {
        "decimal.yaml": (HEADCOUNT.format("9" * 4301), "2:21: “999"),
        "million.yaml": (HEADCOUNT.format("9" * 1_000_000), "2:21: 一项内容超过"),
        "hexadecimal.yaml": (HEADCOUNT.format("0x" + "f" * 1_000_000), "2:21: 一项内容超过"),
        "binary.yaml": (HEADCOUNT.format("0b" + "1" * 60_000), "2:21: “0b1"),
        "underscores.yaml": (HEADCOUNT.format("1" + "_" * 1_000_000), "2:21: 一项内容超过"),
        "exponent.yaml": (HEADCOUNT.format("1e99999999"), "2:21: “1e9"),
    },
    "T08-duplicate-keys": {
        "same.yaml": (BRANCH.format(f"id: 1, id: {ID_CARD}"), "1:28: 键 id 在同一处写了两次"),
        "numbers.yaml": (PLAIN + "1: a\n1: b\n", "3:1: 一个键 在同一处写了两次"),
        "merges.yaml": (PLAIN + "<<: {a: 1}\n<<: {b: 2}\n", "2:1: 用了合并键（<<）"),
        "private.yaml": (PLAIN + f"{ID_CARD}: 1\n{ID_CARD}: 2\n", "3:1: 一个键 在同一处写了两次"),
    },
    "T09-tags": {
        "python.yaml": ("branch: {name: !!python/object/apply:os.system [touch x]}\n", "1:16: 用了类型标签（!）"),
        "binary.yaml": (BRANCH.format("id: !!binary aGVsbG8="), "1:25: 用了类型标签（!）"),
        "set.yaml": (PLAIN + "groups: !!set {a, b}\n", "2:9: 用了类型标签（!）"),
        **of_one_threat(local="local-tag", omap="omap-tag", redefined="tag-directive"),
    },
    "T10-days-that-are-none": {
        "february.yaml": (FORMED.format("2024-02-30"), "2:22: 日历上没有 “2024-02-30” 这一天"),
        "month.yaml": (FORMED.format("2024-13-01"), "2:22: 日历上没有 “2024-13-01” 这一天"),
        "nought.yaml": (FORMED.format("0000-01-01"), "2:22: 年份 0 不在 1900—2100 之间"),
        "hour.yaml": (FORMED.format("'2024-01-01T25:00:00Z'"), "2:22: “2024-01-01T25:00:00Z” 不是日期"),
        "zone.yaml": (FORMED.format("'2024-01-01 10:00:00 +99:00'"), "2:22: “2024-01-01 10:00:00 +99:…” 不是日期"),
    },
    "T11-one-meaning-each": {
        "no.yaml": (BRANCH.format("venue: {fixed: no}"), "1:36: 这里应是 true 或 false"),
        "octal.yaml": (HEADCOUNT.format("012"), "2:21: “012”"),
        "new-octal.yaml": (HEADCOUNT.format("0o14"), "2:21: “0o14”"),
        "sixty.yaml": (HEADCOUNT.format("'1:30'"), "2:21: “1:30”"),
        "underscore.yaml": (HEADCOUNT.format("1_000"), "2:21: “1_000”"),
        "infinite.yaml": (HEADCOUNT.format(".inf"), "2:21: “.inf”"),
        "no-number.yaml": (HEADCOUNT.format(".nan"), "2:21: “.nan”"),
        "overflow.yaml": (HEADCOUNT.format("1e999"), "2:21: “1e999”"),
        "short-day.yaml": (FORMED.format("2024-1-5"), "2:22: 日期 “2024-1-5” 不是标准写法"),
    },
    "T12-number-for-text": {"name.yaml": ("branch: {name: 12345}\n", "1:16: 这里应是文字")},
    "T13-directive": of_one_threat(version="yaml-directive"),
    "T14-encodings": {
        "utf-16.yaml": (PLAIN.encode("utf-16"), "1:1: 第 1 个字节起不是 UTF-8 文字（多半是 UTF-16）"),
        "utf-16-bare.yaml": (PLAIN.encode("utf-16-le"), "1:"),
        "utf-32.yaml": (PLAIN.encode("utf-32"), "1:1: 第 1 个字节起不是 UTF-8 文字"),
        "gbk.yaml": (PLAIN.encode("gbk"), "1:1: 第 16 个字节起不是 UTF-8 文字（多半是 GBK 或 GB18030）"),
        "stray.yaml": (PLAIN.encode() + b"# \xff\n", "2:1: 第"),
        "overlong.yaml": (PLAIN.encode() + b"# \xc0\xaf\n", "2:1: 第"),
        "nul.yaml": (PLAIN + "# \0\n", "2:3: 有不可见的控制字符"),
        "escaped-nul.yaml": ('branch: {name: "甲\\0"}\n', "1:16: 文字里有不可见的控制字符"),
        "escape.yaml": ('branch: {name: "甲\\e[31m"}\n', "1:16: 文字里有不可见的控制字符"),
        "surrogate.yaml": ('branch: {name: "甲\\ud800"}\n', "1:20: 引号里的转义写错了"),
        "nel.yaml": (PLAIN + "format: 1 #\x85headcount: {formal: 九}\n", "2:12: 有不可见的控制字符"),
        "line-separator.yaml": (PLAIN + "format: 1 #\u2028headcount: {formal: 九}\n", "2:"),
        "mark-within.yaml": (PLAIN + "headcount: {formal: 1\ufeff}\n", "2:"),
    },
    "T15-cycles-and-odd-documents": {
        "cycle.yaml": ("a: &a [*a]\n", "1:4: 用了锚点（&）"),
        "null-key.yaml": (PLAIN + "~: 1\n", "2:1: 不认识的键"),
        "nothing.yaml": ("", "1:1: 文件是空的"),
        "comment.yaml": ("# 待填\n", "1:1: 文件是空的"),
        **of_one_threat(two="second-document"),
    },
    "T45-flood-of-errors": {
        "keys.yaml": (PLAIN + "".join(f"k{n}: 1\n" for n in range(90_000)), "2:1: 不认识的键"),
        "values.yaml": (PLAIN + "members:\n" + "- {name: 甲, status: 无}\n" * 30_000, "3:21: “无” 不在可选的词里"),
    },
}  # fmt: skip


def written(folder: Path, files: Files) -> Path:
    """A folder of these files and a sound one, ``zz.yaml``, which comes last."""
    shutil.copy(SOUND, folder / "zz.yaml")
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def unsaid(met: Met, folder: Path, files: Files) -> dict[str, list[str]]:
    """What is said of each file of which that is not said which should be."""
    said = {name: [line.removeprefix(f"{folder}/{name}:") for line in met.of(folder / name)] for name in files}
    return {name: said[name][:9] for name, (_, words) in files.items() if not _says(said[name], words)}


def _says(lines: list[str], words: str) -> bool:
    return any(words in line if words[:1] > "9" else line.startswith(words) for line in lines)


@pytest.mark.parametrize("threat", THREATS)
def test_hostile_yaml_costs_its_own_verdict_and_no_other(tmp_path: Path, threat: str):
    """Status 2; each file answered where its fault is, at most 101 lines of it; the sound one beside them judged."""
    files = THREATS[threat]
    folder = written(tmp_path, files)
    met = meet("audit", folder, *PROBE, "--format", "jsonl")
    assert (2, ["zz.yaml"], [], {}) == (met.status, met.judged, met.ill, unsaid(met, folder, files)), met.err[:2000]
    assert {} == {name: len(met.of(folder / name)) for name in files if len(met.of(folder / name)) > 101}
    assert len(met.err.splitlines()) == sum(len(met.of(folder / name)) for name in files)
    assert False is met.costly(len(files)), met.figures


MEANT = ["no", "012", "2024-01-05", "0138001", "0x1f", "1e999", ".inf", "1_000", "yes", "0o14"]


def test_T11_plain_word_is_the_text_that_stands_there(tmp_path: Path):
    """No word is a truth value of older YAML, no number octal or of base sixty, no leading nought is lost (T12)."""
    for number, text in enumerate(MEANT):
        (tmp_path / f"{number}.yaml").write_text(f"branch: {{id: b{number}, name: {text}}}\n", encoding="utf-8")
    met = meet("audit", tmp_path, *PROBE, "--format", "jsonl", "--period", "2024", "--as-of", "2024-12-31")
    said = [json.loads(line) for line in met.out.splitlines()]

    assert MEANT == [x["branch"]["name"] for x in said if x["type"] == "assessment"]
    assert "" == met.err


def test_T13_directive_of_one_file_does_not_reach_the_next(tmp_path: Path):
    """A header that asks for older YAML is refused and forgotten."""
    (tmp_path / "a.yaml").write_text("%YAML 1.1\n---\nbranch: {name: no}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("branch: {name: no}\n", encoding="utf-8")
    met = meet("audit", tmp_path, *PROBE, "--format", "jsonl")
    assert (2, ["b.yaml"]) == (met.status, met.judged)
    assert '"name":"no"' in met.out


def test_T14_byte_order_mark_is_no_threat(tmp_path: Path):
    """The one mark that Windows puts before UTF-8 is read past."""
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbf" + SOUND.read_bytes())
    met = meet("audit", tmp_path, *PROBE, "--format", "jsonl")
    assert (0, ["a.yaml"], "") == (met.status, met.judged, met.err)
