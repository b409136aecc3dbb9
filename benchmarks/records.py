"""Generated records: of the size and the habits of a real branch's year, the same for the same number.

    python benchmarks/records.py FOLDER --count 1000

A record holds some 60 to 110 activities and 20 to 55 members, about 20 KB; a small one the meetings that have to be
held and 4 to 9 members, about 6 KB. One in five lacks a meeting here and there.
"""

from __future__ import annotations

import argparse
import random
from datetime import date, timedelta
from pathlib import Path

YEAR = 2024
PER_FOLDER = 1000
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰文华建国志远思齐若溪子衡望舒清扬知行允恭怀瑾"
_TOPICS = (
    "学习贯彻上级全会精神", "研究发展党员工作", "讨论季度工作计划", "安排主题党日", "传达上级会议精神",
    "学习新修订的纪律处分条例", "研究困难党员慰问", "交流学习体会", "听取党小组工作汇报", "部署安全生产与值班",
)  # fmt: skip


def branch(number: int, *, small: bool = False) -> str:
    """One record as YAML text."""
    dice = random.Random(number)
    people = _people(dice, dice.randint(4, 9) if small else dice.randint(20, 55))
    lines = [
        "branch:",
        f"  id: b{number:06d}",
        f"  name: 第{number}党支部",
        "  type: 教师",
        f"  parent: 第{number % 97 + 1}党总支",
        f"  founded: {dice.randint(2005, 2018)}-09-01",
        "  standards: [national, voc]",
        "  theme_day: {weekday: 周五, nth: 2}",
        "",
        f"coverage: {{from: {YEAR}-01-01, to: {YEAR}-12-31}}",
        "",
        *_committee(dice, people),
        *_members(dice, people),
        *_activities(dice, people, small=small),
        *_talks(dice, people),
    ]
    return "\n".join(lines) + "\n"


def _people(dice: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[dice.choice(_SURNAMES) + "".join(dice.sample(_GIVEN, 2))] = None
    return list(found)


def _committee(dice: random.Random, people: list[str]) -> list[str]:
    elected = date(YEAR - dice.randint(0, 3), dice.randint(1, 12), dice.randint(1, 28))
    posts = ("书记", "组织委员", "宣传委员", "纪检委员", "委员")
    return [
        "committee:",
        f"  elected: {elected}",
        "  posts:",
        *(f"    - {{name: {n}, post: {p}, since: {elected}}}" for n, p in zip(people, posts, strict=False)),
        "",
    ]


def _members(dice: random.Random, people: list[str]) -> list[str]:
    lines = ["members:"]
    for name in people:
        start = date(dice.randint(1990, YEAR - 2), dice.randint(1, 12), dice.randint(1, 28))
        lines.append(
            f"  - {{name: {name}, status: 正式, admitted: {start}, confirmed: {start.replace(year=start.year + 1)}, "
            f"from: {start.year}-09-01}}"
        )
    return [*lines, ""]


def _activities(dice: random.Random, people: list[str], *, small: bool) -> list[str]:
    lines = ["activities:"]
    for day, kind in _calendar(dice, small=small):
        lines += [
            f"  - date: {day}",
            f'    start: "{dice.randint(8, 16):02d}:30"',
            f"    type: {kind}",
            f"    topic: {dice.choice(_TOPICS)}",
            f"    host: {people[0]}",
        ]
        if dice.random() < 0.3:
            lines.append(f"    hours: {dice.choice(('1', '1.5', '2'))}")
        absent = dice.sample(people[5:], dice.randint(0, min(3, len(people[5:]))))
        came = len(people) - len(absent)
        lines.append(f"    attendance: {{expected: {len(people)}, present: {came}, absent: [{', '.join(absent)}]}}")
    return [*lines, ""]


def _calendar(dice: random.Random, *, small: bool) -> list[tuple[date, str]]:
    careless = dice.random() < 0.2
    planned: list[tuple[date, str]] = []
    for month in range(1, 13):
        kinds = ["支委会", "主题党日活动"] if small else ["支委会", "主题党日活动", "政治学习", "政治学习"]
        kinds += ["党员大会"] if month % 3 == 2 else []
        kinds += ["党课"] if month % 3 == 0 else []
        kinds += [] if small else ["志愿服务"] * dice.randint(0, 3) + ["走访慰问"] * dice.randint(0, 2)
        planned += [(date(YEAR, month, dice.randint(1, 28)), kind) for kind in kinds]
    planned += [(date(YEAR, 1, 20), "组织生活会"), (date(YEAR, 1, 20), "民主评议")]
    held = [event for event in planned if not (careless and dice.random() < 0.12)]
    return sorted(held)


def _talks(dice: random.Random, people: list[str]) -> list[str]:
    lines = ["talks:"]
    for name in dice.sample(people[1:], min(8, len(people) - 1)):
        day = date(YEAR, 1, 1) + timedelta(days=dice.randint(0, 365))
        lines.append(f"  - {{date: {day}, between: [{people[0]}, {name}]}}")
    return lines


def write(folder: Path, count: int, first: int = 0, *, small: bool = False) -> int:
    """``count`` records below ``folder``, a thousand to a subfolder; how many bytes that is."""
    size = 0
    for number in range(first, first + count):
        below = folder / f"{number // PER_FOLDER:03d}"
        if number % PER_FOLDER == 0 or number == first:
            below.mkdir(parents=True, exist_ok=True)
        text = branch(number, small=small).encode()
        (below / f"b{number:06d}.yaml").write_bytes(text)
        size += len(text)
    return size


def main() -> None:
    """Write the records asked for."""
    parser = argparse.ArgumentParser(description="生成基准用的记录")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--small", action="store_true", help="小支部的短记录")
    asked = parser.parse_args()
    size = write(asked.folder, asked.count, small=asked.small)
    print(f"{asked.count} 份记录，共 {size / 1e6:.1f} MB，写在 {asked.folder}")


if __name__ == "__main__":
    main()
