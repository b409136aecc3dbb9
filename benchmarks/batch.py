"""A folder of records audited from the command line, national and voc both judged, beside merely loading its YAML."""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import records
from cold_start import tool
from figures import Scale, Table, figure, in_turns, ratio
from metered import Cost, Failed, metered

STANDARDS = ("--standard", "national", "--standard", "voc", "--as-of", f"{records.YEAR}-12-31")
WANTED = ("--jobs", "--no-cache")


class Batch(NamedTuple):
    """How this version is asked to audit a folder: the flags it knows, and the format it writes:
    rows, else JSON Lines, record by record."""

    flags: frozenset[str]
    form: str

    def audit(self, folder: Path, *, jobs: int = 1) -> Cost:
        """One audit of the folder, nothing kept."""
        asked: list[str | Path] = [folder, *STANDARDS, "--format", self.form]
        asked += ["--jobs", str(jobs)] if "--jobs" in self.flags else []
        return metered("audit", *asked, *(["--no-cache"] if "--no-cache" in self.flags else []))

    def streamed(self, folder: Path, cache: Path | None = None) -> Cost:
        """One audit of the folder to standard output, record by record; kept in the cache if there is one."""
        kept = [] if cache else ["--no-cache"]
        return metered("audit", folder, *STANDARDS, "--format", self.form, "--jobs", "1", *kept, cache=cache)


def known() -> Batch:
    """What ``dj-check audit --help`` lists."""
    said = subprocess.run([*tool(), "audit", "--help"], capture_output=True, check=True).stdout.decode()
    return Batch(frozenset(flag for flag in WANTED if flag in said), "rows" if "rows" in said else "jsonl")


def measure(scale: Scale) -> Iterator[Table]:
    """The tables as they are made, each over generated records of its own."""
    batch, rounds = known(), 5 if scale.full else 3
    count = 2000 if scale.full else 300
    large = scale.branches or (10_000 if scale.full else 1000)
    tables: list[Callable[[], Table]] = [
        lambda: _end_to_end(batch, count, rounds),
        lambda: _two_processes(batch, 5000 if scale.full else 1000, 3),
        lambda: _again(batch, max(count, 1000), rounds),
        lambda: _growth(batch, sorted({min(1000, large // 10), large // 10, large})),
    ]
    yield from map(_told, tables)


def _told(table: Callable[[], Table]) -> Table:
    try:
        return table()
    except Failed as error:
        return Table("没有测成", (), [], (f"核查没有跑完：{error}",))


def _written(folder: str, name: str, count: int) -> Path:
    below = Path(folder) / name / "records"
    records.write(below, count)
    return below


def _end_to_end(batch: Batch, count: int, rounds: int) -> Table:
    """CPU a branch, all in, and without what is the same for one record and for many."""
    with TemporaryDirectory() as folder:
        many, few = _written(folder, "many", count), _written(folder, "few", 10)
        costs = in_turns(
            {
                "只读": lambda: metered("yaml", many),
                "核查": lambda: batch.audit(many),
                "十份": lambda: batch.audit(few),
            },
            rounds,
            warm=False,
        )
    floor = [cost.cpu / count for cost in costs["只读"]]
    whole = [cost.cpu / count for cost in costs["核查"]]
    each = [(a.cpu - b.cpu) / (count - 10) for a, b in zip(costs["核查"], costs["十份"], strict=True)]
    rows = [
        _line("PyYAML CSafeLoader 只读同样的字节", floor, floor),
        _line(f"dj-check audit，{count} 份全部在内", whole, floor),
        _line("dj-check audit，每多一份", each, floor),
    ]
    head = ("做什么", "毫秒/支部", "÷ 只读")
    return Table(f"从 YAML 到结论，两份标准，一个进程，{count} 份记录，{rounds} 轮，CPU", head, rows, _lacking(batch))


def _line(label: str, costs: Sequence[float], floor: Sequence[float]) -> tuple[str, ...]:
    return (label, figure(statistics.median(costs) * 1000), figure(ratio(costs, floor)))


def _lacking(batch: Batch) -> tuple[str, ...]:
    missing = [flag for flag in WANTED if flag not in batch.flags]
    said = [f"这一版没有 {'、'.join(missing)}，照没有的测"] if missing else []
    return (*said, f"写成 {batch.form}")


def _two_processes(batch: Batch, count: int, rounds: int) -> Table:
    """Two processes against one, by the clock and by CPU."""
    title = f"两个进程对一个，{count} 份记录，{rounds} 轮"
    if "--jobs" not in batch.flags:
        return Table(title, (), [], ("这一版没有 --jobs，没有测",))
    with TemporaryDirectory() as folder:
        many = _written(folder, "many", count)
        runs = {"一": lambda: batch.audit(many), "二": lambda: batch.audit(many, jobs=2)}
        costs = in_turns(runs, rounds, warm=False)
    one, two = costs["一"], costs["二"]
    faster = figure(ratio([c.wall for c in one], [c.wall for c in two]))
    dearer = figure(ratio([c.cpu for c in two], [c.cpu for c in one]))
    rows = [("两个进程快几倍（时钟）", faster), ("两个进程的 CPU ÷ 一个的", dearer)]
    return Table(title, ("比什么", "倍数"), rows, ("机器上有别的活时，时钟的倍数偏小",))


def _again(batch: Batch, count: int, rounds: int) -> Table:
    """The same folder once more, unchanged and with one record in a hundred changed, against the run without cache."""
    title = f"再核一次，{count} 份记录，{rounds} 轮，CPU"
    if set(WANTED) - batch.flags:
        return Table(title, (), [], ("这一版没有缓存，没有测",))
    with TemporaryDirectory() as folder:
        many, cache = _written(folder, "many", count), Path(folder) / "cache"
        changed = sorted(many.rglob("*.yaml"))[::100]
        filled = [batch.streamed(many, cache)]
        cold, same, one_percent = [], [], []
        for number in range(rounds):
            cold.append(batch.streamed(many).cpu)
            same.append(batch.streamed(many, cache).cpu)
            for file in changed:
                file.write_bytes(file.read_bytes() + f"# {number}\n".encode())
            one_percent.append(batch.streamed(many, cache).cpu)
    rows = [
        ("没有缓存", "1.00"),
        ("第一次，存缓存", figure(filled[0].cpu / cold[0])),
        ("没有改动", figure(ratio(same, cold))),
        (f"改了 {len(changed)} 份", figure(ratio(one_percent, cold))),
    ]
    return Table(title, ("再核", "÷ 没有缓存"), rows, ("不含解释器启动和导入",))


def _growth(batch: Batch, counts: Sequence[int]) -> Table:
    """Time and the parent's memory as the folder grows: the last is ten times the one before."""
    jobs = 2 if "--jobs" in batch.flags else 1
    sizes = {}
    for count in counts:
        with TemporaryDirectory() as folder:
            sizes[count] = batch.audit(_written(folder, "some", count), jobs=jobs)
    rows = [
        (f"{count} 份", figure(cost.cpu), figure(cost.wall), figure(cost.memory / 2**20))
        for count, cost in sizes.items()
    ]
    first, *_, less, more = [sizes[counts[0]], *sizes.values()]
    rows.append((f"{counts[-1]} 份 ÷ {counts[-2]} 份", figure(more.cpu / less.cpu), figure(more.wall / less.wall), "—"))
    grown = figure((more.memory - first.memory) / 2**20)
    notes = (f"{counts[-1]} 份比 {counts[0]} 份，主进程的内存多了 {grown} MiB", f"{jobs} 个进程")
    return Table("越核越多", ("记录", "CPU 秒", "时钟秒", "主进程内存峰值 MiB"), rows, notes)
