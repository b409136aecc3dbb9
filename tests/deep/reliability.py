"""What the long tests came to, as a page for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one part: passed, failed, skipped (not possible on this machine) or left (never run); the command, its
    figures, how long it took, what it said before its figures; the day, the machine and the share of the whole."""

    name: str
    state: str
    command: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    seconds: int = 0
    said: Sequence[str] = ()
    day: str = ""
    machine: str = ""
    scale: float = 1


STATES = {
    "passed": "通过",
    "failed": "**没有通过**",
    "skipped": "这台机器上跑不了",
    "left": "还没有跑",
}
# name: (what it is, what it must come to)
WORDS = {
    "oracle": ("逐日手算的另一套判法，与引擎对照", "随机的记录、日历、标准，没有一处不同"),
    "fuzz": (
        "改坏的输入：记录、台账、规则、豁免、报告",
        "没有出错的堆栈、信号和表外的退出码，每个 1 秒、300 MB 以内",
    ),
    "atheris": ("照着覆盖率找输入，喂给读记录的代码", "没有一个打断它"),
    "faults": (
        "每一次写、改名、落盘、关闭，依次失败一次、从此都失败",
        "没有半个文件，没有缺了输出还以 0 退出的，不留临时文件",
    ),
    "kills": ("成批核查中途 kill -9，再接着核", "不丢、不重，最后的字节与没有中断的一样"),
    "flips": ("缓存、进度、解析好的标准里随便改一位", "答案与没有存过的一样"),
    "canaries": ("记号姓名、号码放进每一栏，查每一种输出", "除了要求显示的输出，一个也没有"),
    "same": ("几个进程、缓存、散列种子、时区、语言、次序、日子", "每个字节都一样"),
    "ten_ways": ("一份记录十种改坏的样子", "十行说明，第十一份照核"),
    "mutation": ("在核心里故意放进小错，看测试察觉不察觉", "察觉九成以上，没有察觉的逐个有说明"),
    "coverage": ("日常测试走到的行和分支", "要紧的六处每个分支都走到，全部 95% 以上"),
}
_COUNTS = {
    "cases": "个", "mutants": "个变异", "killed": "个察觉", "survived": "个没有察觉", "explained": "个有说明",
    "score": "察觉率", "percent": "%", "branches_reached": "个分支走到", "branches": "个分支", "failures": "处失败",
    "unexplained": "处说不清", "runs": "次", "kills": "次中断", "different": "处不同", "compared": "次对照",
    "timeouts": "个超时", "tests": "个测试", "answers compared": "份答案对照",
    "names": "个记号姓名", "outputs searched": "份输出搜过", "full disks": "次磁盘写满", "gone on with": "次接着核",
}  # fmt: skip


def page(outcomes: Iterable[Outcome]) -> str:
    """The page, in Markdown."""
    outcomes = list(outcomes)
    machines = sorted({outcome.machine for outcome in outcomes if outcome.machine})
    text = [
        "# 靠得住吗",
        "",
        "这一页由长测试写出，不用手改：`python tests/deep/run.py`。表里是最近一次**实际跑了**多少，不是打算跑多少。",
        "承诺什么、不承诺什么、怎样报告问题，见 [SECURITY.md](../SECURITY.md)。",
        "",
        *(f"- 机器：{machine}" for machine in machines),
        "",
        "| 测什么 | 要做到 | 最近一次 | 实际跑的 | 规模 | 秒 | 日子 |",
        "|---|---|---|---|---|---|---|",
        *(_row(outcome) for outcome in outcomes),
        "",
        "N 个里一个也没有出错，只说明出错的比例多半（95%）在 3/N 以下，不说明不会出错。",
        "",
        *_ten_ways(outcomes),
        *_mutation(outcomes),
        *_coverage(outcomes),
        "## 照样再跑",
        "",
        "每一部分都可以单独跑；种子相同，输入就相同。",
        "",
        "```sh",
        *(outcome.command for outcome in outcomes if outcome.command),
        "```",
        "",
    ]
    return "\n".join(text)


def _row(outcome: Outcome) -> str:
    what, owed = WORDS[outcome.name]
    share = "" if outcome.state == "left" else "全部" if outcome.scale == 1 else f"{outcome.scale * 100:g}%"
    told = f"{STATES[outcome.state]} | {_counts(outcome.figures)} | {share} | {outcome.seconds or ''} | {outcome.day}"
    return f"| {what} | {owed} | {told} |"


def _counts(figures: dict[str, Any]) -> str:
    told = []
    for key, value in figures.items():
        if key in _COUNTS and isinstance(value, (int, float)) and not isinstance(value, bool):
            number = f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
            told.append(f"{_COUNTS[key]} {number}" if key == "score" else f"{number} {_COUNTS[key]}")
    return "，".join(told).replace(" %", "%")


def _ten_ways(outcomes: Iterable[Outcome]) -> list[str]:
    """What a user meets, as the demonstration printed it."""
    shown = next((o for o in outcomes if o.name == "ten_ways" and o.said), None)
    if shown is None:
        return []
    return ["## 一份记录，十种改坏的样子", "", "```text", *shown.said, "```", ""]


def _mutation(outcomes: Iterable[Outcome]) -> list[str]:
    found = next((o.figures for o in outcomes if o.name == "mutation" and "by_file" in o.figures), None)
    if found is None:
        return []
    rows = [f"| `{file}` | {count} |" for file, count in found["by_file"].items() if not count.endswith("/0")]
    share = found["share"] * 100
    living = [f"- `` {name} ``" for name in found["unexplained"]]
    return [
        "## 变异测试",
        "",
        f"每次在一处放进一个小错，走到那一行的测试依次跑，直到有一个失败。抽了 {share:g}%，"
        "按名称的散列抽，每次抽到的一样。"
        "没有察觉而察觉不了也不要紧的，理由在 `tests/deep/survivors.yaml`。",
        "",
        "| 文件 | 察觉 / 试过 |",
        "|---|---|",
        *rows,
        "",
        *(["没有察觉、也还没有说明的：", "", *living, ""] if living else []),
    ]


def _coverage(outcomes: Iterable[Outcome]) -> list[str]:
    found = next((o.figures for o in outcomes if o.name == "coverage" and "whole" in o.figures), None)
    if found is None:
        return []
    names = {
        "guard": "读入的把关",
        "masking": "隐去",
        "escaping": "转义",
        "exit status": "退出码",
        "atomic write": "整个换上的写法",
        "cache key": "缓存的键",
    }
    rows = [f"| {names[what]} | {'每个分支都走到' if whole else '还缺'} |" for what, whole in found["whole"].items()]
    lacking = [f"- `{file}`：{'、'.join(places)}" for file, places in found["missing"].items()]
    head = ["## 走到的分支", "", "| 要紧的地方 | 走到 |", "|---|---|"]
    return [*head, *rows, "", *([*lacking, ""] if lacking else [])]
