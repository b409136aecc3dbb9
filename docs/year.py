"""A year in the life of one record, with the program's real outputs: writes ``docs/year.md``.

python docs/year.py            write the page
python docs/year.py --check    exit 1 if the page is not what the program says today
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "year.md"
EXAMPLE = ROOT / "examples" / "teachers-lax.yaml"
POST = "    - {name: 温如初, post: 委员, since: 2020-11-30, mode: 选举}\n"
ELECTED = "    - {name: 车嘉树, post: 宣传委员, since: 2024-09-10, mode: 补选}   # 九月补选\n"
WAIVER = """\
waivers:
  - rules: [VOC-4.1.1-2]
    branches: [jx-t2]
    covers: {from: 2024-03-01, to: 2024-03-31}
    effect: excuse
    reason: 三月书记带队外出实训，支委会经批准顺延到四月初
    approver: 智能制造学院党总支
    approved: 2024-04-02
    document: 智造党〔2024〕6号
"""
LEAD = """\
# 一份记录的一年

这一页由 `python docs/year.py` 写成，命令和输出都是真的，持续集成里核对（`--check`）。记录是
[examples/teachers-lax.yaml](../examples/teachers-lax.yaml)，一个故意留着毛病的教师支部；长的输出只贴开头。
"""


class Walk:
    """The page as it grows, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = [LEAD]

    def say(self, text: str) -> None:
        self.parts.append(f"{text}\n")

    def show(self, title: str, text: str) -> None:
        self.parts.append(f"```yaml\n# {title}\n{text}```\n")

    def run(self, line: str, most: int = 1000) -> None:
        """One command line and its output, cut after ``most`` lines."""
        env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "COLUMNS": "80", "HOME": str(self.folder)}
        done = subprocess.run(
            [sys.executable, "-m", "dangjian_check", *line.split()],
            cwd=self.folder, env=env, capture_output=True, text=True, check=False, encoding="utf-8",
        )  # fmt: skip
        if done.returncode not in (0, 1):
            raise SystemExit(f"dj-check {line}: {done.returncode}\n{done.stderr}")
        lines = (done.stdout + done.stderr).rstrip().splitlines()
        shown = [*lines[:most], "…"] if len(lines) > most else lines
        self.parts.append("```text\n" + "\n".join([f"$ dj-check {line}", *shown]) + "\n```\n")


def page() -> str:
    """The whole page, made anew."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record = folder / "branch.yaml"
        record.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
        walk = Walk(folder)
        walk.say("## 一月：先看还欠什么\n\n年初问一句两个月内要办的事，逾期的排在最前，近的在先：")
        walk.run("due branch.yaml --standard voc --as-of 2024-01-10 --within 60d", 34)
        walk.say("## 六月：自查\n\n上半年过完，按半年核一次，把报告存下来。每个问题都说明还能不能补、补上挽回几分：")
        walk.run("audit branch.yaml --standard voc --period 2024H1 --as-of 2024-06-30 --output json:june.json", 46)
        walk.say(
            "## 豁免：三月那次是批准过的\n\n三月的支委会经党总支批准顺延。批件写进记录旁边的 `waivers.yaml`，先查写法："
        )
        (folder / "waivers.yaml").write_text(WAIVER, encoding="utf-8")
        walk.show("waivers.yaml", WAIVER)
        walk.run("waivers lint waivers.yaml")
        walk.say("## 下半年：把能补的补上\n\n九月补选了宣传委员（在记录里加一行），十月做了一次志愿服务：")
        text = record.read_text(encoding="utf-8")
        if POST not in text:
            raise SystemExit("examples/teachers-lax.yaml 里没有那一行任职")
        record.write_text(text.replace(POST, POST + ELECTED), encoding="utf-8")
        walk.run("add branch.yaml --type 志愿服务 --date 2024-10-19 --topic 到社区维修小家电 --present 9")
        walk.say("## 十二月：年终核查\n\n文件夹里的 `waivers.yaml` 自动用上；免掉的单列，不扣分：")
        walk.run("audit . --standard voc --period 2024 --as-of 2024-12-31 --output json:december.json", 40)
        walk.say(
            "## 回头看：两次报告对比\n\n上级第二次来，拿六月和十二月的两份报告一比，哪些真改了、哪些没有改、哪些是新的："
        )
        walk.run("diff june.json december.json", 70)
        return "\n".join(walk.parts)


def main() -> int:
    text = page()
    if "--check" in sys.argv:
        same = PAGE.read_text(encoding="utf-8") == text
        sys.stdout.write("" if same else "docs/year.md 与程序现在说的不一致：运行 python docs/year.py\n")
        return 0 if same else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
