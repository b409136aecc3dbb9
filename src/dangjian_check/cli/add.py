"""``dj-check add``: one more activity for a record, every other byte of the file as it was."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from dangjian_check import keeping
from dangjian_check.cli import options
from dangjian_check.cli.exits import Exit, say
from dangjian_check.cli.streams import replace_file
from dangjian_check.errors import UsageProblem
from dangjian_check.loading.append import Asked

_BETWEEN = re.compile(r"[,，、]")
_COUNT = re.compile(r"([0-9]{1,9}) *人?", re.ASCII)
TODAY = "今天"

Record = Annotated[Path, typer.Argument(metavar="记录", help="YAML 记录文件。", show_default=False)]
Type = Annotated[list[str], typer.Option("--type", "-t", help="活动类型，如 支委会；几种的写几次或用逗号隔开。")]
Day = Annotated[str, typer.Option("--date", "-d", help=f"哪天，如 2024-03-08；或写 {TODAY}。")]
Until = Annotated[str | None, typer.Option("--until", help="几天的活动，最后一天。")]
Start = Annotated[str | None, typer.Option("--start", help="开始时刻，如 14:00。")]
End = Annotated[str | None, typer.Option("--end", help="结束时刻。")]
Group = Annotated[list[str] | None, typer.Option("--group", help="哪个党小组。")]
Topic = Annotated[str | None, typer.Option("--topic", help="主题。")]
Status = Annotated[str | None, typer.Option("--status", help="已召开（不写就是）、计划、取消、流会。")]
Place = Annotated[str | None, typer.Option("--place", help="地点。")]
Host = Annotated[str | None, typer.Option("--host", help="主持人。")]
Recorder = Annotated[str | None, typer.Option("--recorder", help="记录人。")]
Lecturer = Annotated[list[str] | None, typer.Option("--lecturer", help="主讲人。")]
Expected = Annotated[str | None, typer.Option("--expected", help="应到人数。")]
Present = Annotated[str | None, typer.Option("--present", help="实到：人数，或名单，如 张三,李四。")]
Leave = Annotated[str | None, typer.Option("--leave", help="请假：人数，或名单，可带原因，如 王五:病假,赵六。")]
Absent = Annotated[str | None, typer.Option("--absent", help="缺席：人数，或名单，可带原因。")]
Hours = Annotated[str | None, typer.Option("--hours", help="学时。")]
Tag = Annotated[list[str] | None, typer.Option("--tag", help="内容标签。")]
For = Annotated[str | None, typer.Option("--for", help="为哪个期间开的，如 2023。")]
Remark = Annotated[str | None, typer.Option("--remark", help="备注。")]
Force = Annotated[bool, typer.Option("--force", help="已有同样的一条（类型、日期、时刻、主题、党小组都相同）也添。")]


def add(
    record: Record,
    type: Type,
    date: Day,
    until: Until = None,
    start: Start = None,
    end: End = None,
    group: Group = None,
    topic: Topic = None,
    status: Status = None,
    place: Place = None,
    host: Host = None,
    recorder: Recorder = None,
    lecturer: Lecturer = None,
    expected: Expected = None,
    present: Present = None,
    leave: Leave = None,
    absent: Absent = None,
    hours: Hours = None,
    tag: Tag = None,
    for_: For = None,
    remark: Remark = None,
    force: Force = False,
) -> int:
    """给 YAML 记录添一次活动，放在活动列表末尾，文件其余部分一字不动；已有同样的一条就不添。"""
    one = {
        "date": _today(date), "until": until, "start": start, "end": end, "type": _one_or_more(type), "topic": topic,
        "group": _one_or_more(group), "status": status, "place": place, "host": host, "recorder": recorder,
        "lecturer": _one_or_more(lecturer), "attendance.expected": _count(expected),
        "attendance.present": _people(present), "attendance.leave": _people(leave),
        "attendance.absent": _people(absent), "hours": hours, "tags": _several(tag), "for": for_, "remark": remark,
    }  # fmt: skip
    added = keeping.add(record, [_asked(path, value) for path, value in one.items() if value is not None], force=force)
    replace_file(record, added.before, added.after)
    topic_shown = f"《{added.activity.topic}》" if added.activity.topic else ""
    what = f"{added.activity.date} {'、'.join(added.activity.type)}{topic_shown}"
    say(f"已添一条：{what}（{added.file}:{added.line}）")
    return Exit.OK


def _asked(path: str, value: Any) -> Asked:
    *_, last = steps = tuple(path.split("."))
    return Asked(steps, value.strip() if isinstance(value, str) else value, f"--{'tag' if last == 'tags' else last}")


def _today(text: str) -> str:
    return options.today().isoformat() if text.strip() == TODAY else text


def _split(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _several(texts: list[str] | None) -> list[str] | None:
    return None if not texts else [part for text in texts for part in _split(text) or [""]]


def _one_or_more(texts: list[str] | None) -> str | list[str] | None:
    found = _several(texts)
    return found[0] if found and len(found) == 1 else found


def _count(text: str | None) -> int | str | None:
    match = _COUNT.fullmatch(text.strip()) if text is not None else None
    return int(match[1]) if match else text


def _people(text: str | None) -> int | list[Any] | None:
    """A number of people, or their names, each with a reason behind a colon if there is one."""
    if text is None:
        return None
    if not _split(text):
        raise UsageProblem("名单是空的", "写人数或姓名；一个人也没有的写 0")
    count = _count(text)
    return count if isinstance(count, int) else [_person(part) for part in _split(text)]


def _person(text: str) -> str | dict[str, str]:
    name, colon, reason = text.replace("：", ":", 1).partition(":")
    if colon and not (name.strip() and reason.strip()):
        raise UsageProblem(f"名单里的 {text} 不完整", "写成 姓名:原因，例如 王五:病假")
    return {"name": name.strip(), "reason": reason.strip()} if colon else name.strip()
