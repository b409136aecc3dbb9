"""All the benchmarks in one run: prints the tables; with ``--write`` they go to docs/benchmarks.md too.

python benchmarks/run.py
python benchmarks/run.py --full --write
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
SECTIONS = {"engines": "规则引擎", "batch": "成批核查", "cold_start": "冷启动"}
_ABOUT = """# 测速

由 `python benchmarks/run.py --write` 写成，不手改。各项怎样量、哪些不能比，见[测速的说明](../benchmarks/README.md)。
只有同一次运行里的倍数才能比；毫秒、微秒只看大概。倍数是各轮里（这一项 ÷ 尺子）的中位数，每轮各项轮流，次序打乱。
"""


def asked(arguments: list[str] | None = None) -> argparse.Namespace:
    """What is wanted."""
    parser = argparse.ArgumentParser(description="并排测速：规则引擎、成批核查、冷启动")
    parser.add_argument("--full", action="store_true", help="记录更多、轮数更多，要几十分钟")
    parser.add_argument("--branches", type=int, default=0, help="“越核越多”核到多少份")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="只测这一节，可写几次")
    parser.add_argument("--write", action="store_true", help="写进 docs/benchmarks.md")
    parser.add_argument("--date", type=date.fromisoformat, default=date.today(), help="页上写的日子，缺省是今天")
    return parser.parse_args(arguments)


def main() -> None:
    """Measure section by section, print as it goes, write at the end."""
    wanted = asked()
    from figures import Scale, machine

    about = "\n".join(f"- {line}" for line in (f"日期：{wanted.date}", *machine()))
    print(about, flush=True)
    page = [_ABOUT, about]
    for name in wanted.only or SECTIONS:
        page.append(f"## {SECTIONS[name]}")
        print(f"\n{page[-1]}", flush=True)
        for table in import_module(name).measure(Scale(wanted.full, wanted.branches)):
            page.append(table.text())
            print(f"\n{page[-1]}", flush=True)
    if wanted.write:
        PAGE.write_text("\n\n".join(part.strip() for part in page) + "\n", encoding="utf-8")
        print(f"\n写进了 docs/{PAGE.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
