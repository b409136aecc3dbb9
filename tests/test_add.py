"""``add``: one more activity, in the author's own layout, and every other byte of the file as it was."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dangjian_check.app import record_files
from dangjian_check.cli import options, streams
from dangjian_check.errors import InputProblems
from dangjian_check.loading.append import Asked, with_activity
from dangjian_check.loading.records import load_record, parse_record
from dangjian_check.loading.yaml_edit import appending, patched
from dangjian_check.loading.yaml_write import scalar
from dangjian_check.model.activity import Activity
from program import LAX, ROOT, SOUND, Run

RECORDS = [path for path in record_files([ROOT / "examples"]) if path.suffix == ".yaml"]
ENTRY = {"date": date(2024, 3, 8).isoformat(), "type": "支委会", "topic": "研究: 计划"}
SHORT = ("--type", "支委会", "--date", "2024-03-08")
ONE = "{date: 2024-03-08, type: 支委会}"
HEAD = "branch: {name: 甲}\n"

LAYOUTS = {
    "at-the-end": ("activities:\n  - {A}\n", "activities:\n  - {A}\n  - {N}\n"),
    "in-the-middle": ("activities:\n  - {A}\n\ntalks: []\n", "activities:\n  - {A}\n  - {N}\n\ntalks: []\n"),
    "no-final-newline": ("activities:\n  - {A}", "activities:\n  - {A}\n  - {N}"),
    "indented-by-0": ("activities:\n- {A}\ntalks: []\n", "activities:\n- {A}\n- {N}\ntalks: []\n"),
    "indented-by-4": ("activities:\n    - {A}\n", "activities:\n    - {A}\n    - {N}\n"),
    "wide-dash": ("activities:\n  -   {A}\n", "activities:\n  -   {A}\n  -   {N}\n"),
    "crlf": ("activities:\r\n  - {A}\r\ntalks: []\r\n", "activities:\r\n  - {A}\r\n  - {N}\r\ntalks: []\r\n"),
    "block-items": (
        "activities:\n  - date: 2024-01-08\n    type: 党课\n",
        "activities:\n  - date: 2024-01-08\n    type: 党课\n  - date: 2024-03-08\n    type: 支委会\n",
    ),
    "block-items-wide": (
        "activities:\n-   date: 2024-01-08\n    type: 党课\n",
        "activities:\n-   date: 2024-01-08\n    type: 党课\n-   date: 2024-03-08\n    type: 支委会\n",
    ),
    "dash-on-its-own-line": (
        "activities:\n  -\n    date: 2024-01-08\n    type: 党课\n",
        "activities:\n  -\n    date: 2024-01-08\n    type: 党课\n  - date: 2024-03-08\n    type: 支委会\n",
    ),
    "mostly-braces": (
        "activities:\n  - {A}\n  - {B}\n  - date: 2024-01-08\n    type: 表彰\n",
        "activities:\n  - {A}\n  - {B}\n  - date: 2024-01-08\n    type: 表彰\n  - {N}\n",
    ),
    "set-apart": ("activities:\n  - {A}\n\n  - {B}\n", "activities:\n  - {A}\n\n  - {B}\n\n  - {N}\n"),
    "comment-on-the-line": ("activities:\n  - {A}  # 甲\n# 乙\n", "activities:\n  - {A}  # 甲\n  - {N}\n# 乙\n"),
    "comment-in-the-list": (
        "activities:\n  - {A}\n\n  # 三月\n\n# 计划\nplans: []\n",
        "activities:\n  - {A}\n\n  # 三月\n  - {N}\n\n# 计划\nplans: []\n",
    ),
    "comment-under-indent-0": (
        "activities:\n- {A}\n  # 附\n# 计划\nplans: []\n",
        "activities:\n- {A}\n  # 附\n- {N}\n# 计划\nplans: []\n",
    ),
    "block-text-at-the-end": (
        "activities:\n  - date: 2024-01-08\n    type: 党课\n    topic: |\n      讲了\n      三点\n\nplans: []\n",
        "activities:\n  - date: 2024-01-08\n    type: 党课\n    topic: |\n      讲了\n      三点\n"
        "  - date: 2024-03-08\n    type: 支委会\n\nplans: []\n",
    ),
    "empty-value-at-the-end": (
        "activities:\n  - type: 党课\n    date: 2024-01-08\n    topic:\nplans: []\n",
        "activities:\n  - type: 党课\n    date: 2024-01-08\n    topic:\n"
        "  - date: 2024-03-08\n    type: 支委会\nplans: []\n",
    ),
    "empty-list": ("activities: []\ntalks: []\n", "activities:\n  - {N}\ntalks: []\n"),
    "empty-list-with-comment": ("activities: [ ]  # 无\n", "activities:  # 无\n  - {N}\n"),
    "comment-within-empty-list": ("activities: [  # 无\n  ]\n", "activities: [  # 无\n  {N}]\n"),
    "no-value": ("activities:\ntalks: []\n", "activities:\n  - {N}\ntalks: []\n"),
    "no-value-at-the-end": ("activities:", "activities:\n  - {N}"),
    "no-value-with-comments": (
        "activities:  # 全年\n  # 例\n# 谈话\ntalks: []\n",
        "activities:  # 全年\n  # 例\n  - {N}\n# 谈话\ntalks: []\n",
    ),
    "null": ("activities: null\ntalks: []\n", "activities:\n  - {N}\ntalks: []\n"),
    "tilde": ("activities: ~ # 无\n", "activities: # 无\n  - {N}\n"),
    "as-the-other-lists": (
        "talks:\n- {date: 2024-01-02, between: [甲, 乙]}\nactivities:\n",
        "talks:\n- {date: 2024-01-02, between: [甲, 乙]}\nactivities:\n- {N}\n",
    ),
    "no-key": ("talks: []\n", "talks: []\nactivities:\n  - {N}\n"),
    "no-key-no-final-newline": ("talks: []", "talks: []\nactivities:\n  - {N}"),
    "no-key-with-last-comment": ("talks: []\n# 完\n", "talks: []\n# 完\nactivities:\n  - {N}\n"),
    "no-key-with-end-marker": ("talks: []\n...\n", "talks: []\nactivities:\n  - {N}\n...\n"),
    "brackets-one-line": ("activities: [{A}, {B}]  # 两\n", "activities: [{A}, {B}, {N}]  # 两\n"),
    "brackets-trailing-comma": ("activities: [{A}, {B},]\n", "activities: [{A}, {B}, {N},]\n"),
    "brackets-several-lines": (
        "activities: [\n  {A},  # 甲\n  {B}  # 乙\n  # 完\n  ]\n",
        "activities: [\n  {A},  # 甲\n  {B},  # 乙\n  {N}\n  # 完\n  ]\n",
    ),
    "brackets-several-lines-trailing-comma": (
        "activities: [\n    {A},\n    {B},  # 乙\n  ]\n",
        "activities: [\n    {A},\n    {B},  # 乙\n    {N},\n  ]\n",
    ),
    "brackets-hanging": ("activities: [{A},\n  {B}]\n", "activities: [{A},\n  {B},\n  {N}]\n"),
    "brackets-comma-first": ("activities:\n  [ {A}\n  , {B}\n  ]\n", "activities:\n  [ {A}\n  , {B},\n    {N}\n  ]\n"),
    "quoted-key": ('"activities":\n  - {A}\n', '"activities":\n  - {A}\n  - {N}\n'),
    "same-word-deeper": (
        "branches: []\nactivities:\n  - {A}\ntalks: [{date: 2024-01-02, between: [甲, 乙], topic: 'activities:'}]\n",
        "branches: []\nactivities:\n  - {A}\n  - {N}\n"
        "talks: [{date: 2024-01-02, between: [甲, 乙], topic: 'activities:'}]\n",
    ),
}  # fmt: skip
WHOLE_IN_BRACES = {
    "{branch: {name: 甲}}": "{branch: {name: 甲}, activities: [{N}]}",
    "{branch: {name: 甲},\n activities: []}\n": "{branch: {name: 甲},\n activities: [{N}]}\n",
    "{branch: {name: 甲}, activities: [{A}]}\n": "{branch: {name: 甲}, activities: [{A}, {N}]}\n",
    "{activities: , branch: {name: 甲}}\n": "{activities: [{N}], branch: {name: 甲}}\n",
    "{activities: null, branch: {name: 甲}}\n": "{activities: [{N}], branch: {name: 甲}}\n",
    '{\n  "branch": {"name": "甲"}\n}\n': '{\n  "branch": {"name": "甲"},\n  activities: [{N}]\n}\n',
}


def filled(text: str) -> str:
    """A layout with its entries: two that are there, and the new one."""
    for mark, entry in (
        ("A", "{date: 2024-01-08, type: 党课}"),
        ("B", "{type: 志愿服务, date: 2024-02-08}"),
        ("N", ONE),
    ):
        text = text.replace("{" + mark + "}", entry)
    return text


def with_body(name: str, text: str) -> str:
    """A layout as a record: of a superior if it lists branches."""
    head = HEAD.replace("branch:", "organization:") if "branches:" in text else HEAD
    return (head.replace("\n", "\r\n") if "\r\n" in text else head) + filled(text)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def added(run: Run, path: Path, *flags: str) -> bytes:
    """The file after an ``add`` that went well."""
    done = run("add", path, *(flags or SHORT))
    assert (0, "", True) == (done.status, done.err, done.out.startswith("已添一条：")), done.err
    return path.read_bytes()


@pytest.mark.parametrize("name", LAYOUTS)
def test_entry_follows_the_layout_of_the_author(run: Run, tmp_path: Path, name: str):
    """Braces or block, indentation, line ends, trailing commas, blank lines between: as those already there."""
    before, after = (with_body(name, text) for text in LAYOUTS[name])
    path = tmp_path / "branch.yaml"
    path.write_bytes(before.encode())
    assert after == added(run, path).decode()


@pytest.mark.parametrize("before", WHOLE_IN_BRACES)
def test_entry_goes_into_a_file_that_is_one_pair_of_braces(run: Run, tmp_path: Path, before: str):
    """Even a file written like JSON is added to where it stands."""
    path = tmp_path / "branch.yaml"
    path.write_bytes(filled(before).encode())
    assert filled(WHOLE_IN_BRACES[before]) == added(run, path).decode()


def test_byte_order_mark_is_kept(run: Run, tmp_path: Path):
    """An editor that wrote one finds it again, once."""
    path = tmp_path / "branch.yaml"
    before = b"\xef\xbb\xbf" + with_body("", "activities:\n  - {A}\n").encode()
    path.write_bytes(before)
    assert before + f"  - {ONE}\n".encode() == added(run, path)


def inserted(before: str, after: str) -> str:
    """The one stretch of ``after`` that is not in ``before``."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    stop = len(after) - (len(before) - start)
    assert before == after[:start] + after[stop:]
    return after[start:stop]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_every_example_only_gains_one_entry(tmp_path: Path, path: Path):
    """Without the inserted stretch the file is the old one; the record has one more activity, the one asked for."""
    asked = [Asked((key,), value, f"--{key}") for key, value in ENTRY.items()]
    addition = with_activity(path, asked)
    assert path.read_bytes() == addition.before
    stretch = inserted(addition.before.decode(), addition.after.decode())
    old = parse_record(addition.before, path.name, path.stem).record
    new = parse_record(addition.after, path.name, path.stem)
    entry = Activity.model_validate(ENTRY)
    assert [*(old.activities or ()), entry] == new.record.activities
    assert old.model_copy(update={"activities": new.record.activities}) == new.record
    assert "研究: 计划" in addition.after.decode().splitlines()[addition.line - 1] + stretch
    assert addition.line == new.tree.place(("activities", len(old.activities or ()))).line


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
WORDS = st.sampled_from([
    "yes", "null", "~", "3.0", "2024-01-08", "a: b", "#1", "- x", "[x]", "'", "\\", '"', "14:00", "1e3", "0x1F",
    "*a", "!b", "A?", "? c", "：", "学“两学一做”", "a #b", "<<", "=", "\u2028", "\u3000x", "+1", "1_0",
])  # fmt: skip


@given(text=TEXTS | WORDS, layout=st.sampled_from(sorted(LAYOUTS)))
@example("a\nb\tc", "block-items")
@example("\ufeff", "brackets-one-line")
@example("\U0001f600", "at-the-end")
def test_whatever_is_written_reads_back_as_it_was(text: str, layout: str):
    """Any text as topic, in any layout: the record has one more activity, with that topic."""
    assume(text.strip() and not any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in text))
    before = with_body(layout, LAYOUTS[layout][0])
    entry = ENTRY | {"topic": text, "attendance": {"present": [text, {"name": text, "reason": text}]}}
    after = patched(before, appending(before, "activities", entry))
    old, new = (parse_record(content.encode(), "branch.yaml", "b").record for content in (before, after))
    assert [*(old.activities or ()), Activity.model_validate(entry)] == new.activities
    assert old.model_copy(update={"activities": new.activities}) == new


@pytest.mark.parametrize(
    "text", ["研究计划", "两学一做（第3期）", "2024年总结", "A 座 305", "上半年/下半年", "“三会一课”"]
)
def test_plain_text_is_written_without_quotes(text: str):
    """What people would write by hand."""
    assert text == scalar(text)


@pytest.mark.parametrize(
    "text", ["12", "1.5", "2024-03-08", "14:00", "yes", "No", "null", "y", "0x1F", "1e3", "a: b", " a", "- a"]
)
def test_text_that_another_reader_may_take_for_something_else_is_quoted(text: str):
    """Numbers, days, times and the words of YAML 1.1 stay text for every reader."""
    assert f'"{text}"' == scalar(text)


def test_every_flag_is_found_in_the_entry(run: Run, tmp_path: Path):
    """Counts or names, reasons behind a colon of either width, lists by comma or by repeating the flag."""
    path = tmp_path / "branch.yaml"
    path.write_text(HEAD + "groups: [{id: g1}, {id: g2}]\n", encoding="utf-8")
    flags = {
        "--type": "党课、主题党日", "--date": "2024-03-08", "--until": "2024-03-09", "--start": "9:00",
        "--end": "11:30", "--topic": "学党章", "--group": "g1,g2", "--status": "计划", "--place": "305",
        "--host": "张三", "--recorder": "李四", "--lecturer": "张三，李四", "--expected": "5人",
        "--present": "张三,李四", "--leave": "王五:病假、赵六：出差", "--absent": "1", "--hours": "1.5",
        "--tag": "党章", "--for": "2023", "--remark": "补记",
    }  # fmt: skip
    content = added(run, path, *(part for pair in flags.items() for part in pair), "--tag", "纪律")
    assert (
        'activities:\n  - {date: 2024-03-08, until: 2024-03-09, start: "9:00", end: "11:30", type: [党课, 主题党日], '
        'topic: 学党章, group: [g1, g2], status: 计划, place: "305", host: 张三, recorder: 李四, '
        "lecturer: [张三, 李四], attendance: {expected: 5, present: [张三, 李四], "
        "leave: [{name: 王五, reason: 病假}, {name: 赵六, reason: 出差}], absent: 1}, "
        "hours: 1.5, tags: [党章, 纪律], for: 2023, remark: 补记}\n"
    ) == content.decode().split("]\n", 1)[1]


def test_answer_says_what_was_added_and_where(run: Run, tmp_path: Path):
    """One line: day, type, topic, file and line."""
    path = tmp_path / "branch.yaml"
    path.write_text(HEAD, encoding="utf-8")
    done = run("add", path, *SHORT, "--topic", "学党章")
    assert (0, f"已添一条：2024-03-08 支委会《学党章》（{path.as_posix()}:3）\n", "") == done


def test_today_is_the_day_of_the_clock(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """``--date 今天``."""
    monkeypatch.setattr(options, "today", lambda: date(2024, 2, 29))
    path = tmp_path / "branch.yaml"
    path.write_text(HEAD, encoding="utf-8")
    assert b"date: 2024-02-29" in added(run, path, "--type", "党课", "--date", "今天")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({"--type": "支委"}, "--type：不认识的活动类型 “支委” → 最接近的是“支委会”；确属其他活动的写 其他"),
        ({"--date": "2024-3-8"}, "--date：日期 “2024-3-8” 不是标准写法 → 改写成 2024-03-08"),
        ({"--date": "2024-02-30"}, "--date：日历上没有 “2024-02-30” 这一天 → 核对原始记录后改正"),
        ({"--expected": "十"}, "--expected：“十” 不是人数或次数 → 写成不带单位的整数，例如 12"),
        ({"--start": "下午"}, '--start：“下午” 不是时刻 → 写成带引号的 时:分，例如 "14:00"'),
        ({"--status": "开了"}, "--status：“开了” 不在可选的词里 → 可选：已召开、计划、取消、流会"),
        ({"--topic": " "}, "--topic：内容是空的 → 填写内容，或删去这一项"),
        ({"--group": "g9"}, "--group：没有登记过党小组 “g9” → 最接近的是“g1”"),
        ({"--until": "2024-03-01"}, "--until：结束日期早于开始日期 → 核对 date 与 until"),
        ({"--leave": "王五:"}, "名单里的 王五: 不完整 → 写成 姓名:原因，例如 王五:病假"),
        ({"--present": ""}, "名单是空的 → 写人数或姓名；一个人也没有的写 0"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_with_the_entry_is_told_by_its_flag(run: Run, tmp_path: Path, flags: dict[str, str], told: str):
    """2, the flag named, the file untouched."""
    path = tmp_path / "branch.yaml"
    path.write_text(HEAD + "groups: [{id: g1}]\n", encoding="utf-8")
    before = path.read_bytes()
    asked = {"--type": "支委会", "--date": "2024-03-08"} | flags
    done = run("add", path, *(part for pair in asked.items() for part in pair))
    assert (2, "", f"dj-check: {told}\n", before) == (done.status, done.out, done.err, path.read_bytes())


def test_record_that_is_wrong_already_is_told_as_validate_tells_it(run: Run, tmp_path: Path):
    """Every problem at its place; the file is not touched."""
    path = tmp_path / "branch.yaml"
    path.write_text("branch: {nam: 甲}\nactivities:\n  - {date: 2024-02-30, type: 党课}\n", encoding="utf-8")
    before = path.read_bytes()
    done = run("add", path, *SHORT)
    assert (2, run("validate", path).err, before) == (done.status, done.err, path.read_bytes())


def test_entry_that_is_there_already_is_refused_unless_forced(run: Run, tmp_path: Path):
    """Same type, day, start, topic and group, whatever the alias: told with the place of the first."""
    path = tmp_path / "branch.yaml"
    path.write_text(HEAD + f"activities:\n  - {ONE}\n", encoding="utf-8")
    asked = ("--type", "支部委员会会议", "--date", "2024-03-08", "--present", "5")
    done = run("add", path, *asked)
    assert (2, True) == (done.status, done.err.startswith(f"{path.as_posix()}:3:5: 已有"))
    assert 0 == run("add", path, *asked, "--topic", "另一次").status
    assert 0 == run("add", path, *asked, "--force").status
    assert 3 == len(load_record(path).record.activities or ())


@pytest.mark.parametrize("name", ["台账.xlsx", "台账.csv", "台账.docx", "台账"])
def test_file_that_is_no_yaml_is_left_to_its_own_program(run: Run, tmp_path: Path, name: str):
    """A ledger gets a row where it is kept."""
    path = tmp_path / name
    path.write_bytes(b"PK")
    done = run("add", path, *SHORT)
    assert (2, True, b"PK") == (done.status, "加一行" in done.err, path.read_bytes())


def test_missing_file_is_told(run: Run, tmp_path: Path):
    """Nothing is made by ``add``."""
    done = run("add", tmp_path / "branch.yaml", *SHORT)
    assert (2, True, []) == (done.status, "没有这个文件" in done.err, list(tmp_path.iterdir()))


def test_permissions_of_the_file_are_kept(run: Run, tmp_path: Path):
    """A private record stays private."""
    path = tmp_path / "branch.yaml"
    path.write_text(HEAD, encoding="utf-8")
    path.chmod(0o640)
    added(run, path)
    assert (0o640, ["branch.yaml"]) == (stat.S_IMODE(path.stat().st_mode), names(tmp_path))


def test_file_behind_a_link_is_written_and_the_link_stays(run: Run, tmp_path: Path):
    """The record may be kept elsewhere."""
    target, link = tmp_path / "kept" / "jia.yaml", tmp_path / "branch.yaml"
    target.parent.mkdir()
    target.write_text(HEAD, encoding="utf-8")
    link.symlink_to(target)
    assert ONE in added(run, link).decode()
    assert (True, ["jia.yaml"]) == (link.is_symlink(), names(target.parent))


def test_file_that_cannot_be_replaced_is_whole(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A write that fails leaves the old bytes and nothing beside them."""
    path = tmp_path / "branch.yaml"
    path.write_text(HEAD, encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = run("add", path, *SHORT)
    assert (2, True, HEAD, ["branch.yaml"]) == (
        done.status, done.err.startswith(f"{path.as_posix()}: 写不进去"), path.read_text(encoding="utf-8"),
        names(tmp_path),
    )  # fmt: skip


def test_file_changed_since_it_was_read_is_not_overwritten(tmp_path: Path):
    """What another program wrote in between is not lost."""
    path = tmp_path / "branch.yaml"
    path.write_bytes(b"new")
    with pytest.raises(InputProblems):
        streams.replace_file(path, b"old", b"ours")
    assert b"new" == path.read_bytes()


def test_twenty_entries_one_after_the_other(run: Run, tmp_path: Path):
    """Each addition is found by the next, in any layout; nothing of the file's own text is lost."""
    for name, source in (("lax", LAX), ("sound", SOUND)):
        path = tmp_path / f"{name}.yaml"
        shutil.copy(source, path)
        count = len(load_record(path).record.activities or ())
        for day in range(1, 21):
            added(run, path, "--type", "集中学习", "--date", f"2024-02-{day:02d}")
        assert count + 20 == len(load_record(path).record.activities or ())
        assert inserted(source.read_text(encoding="utf-8"), path.read_text(encoding="utf-8")).count("集中学习") == 20
