"""One audit under many circumstances: how many processes, what is kept, hash seed, zone, locale, order, day, place."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from canaries import Flock, branch_record, ledger, written
from dangjian_check.reports import FORMATS
from dangjian_check.reports.due import DUE_FORMATS
from program import LAX, PACKS, SOUND, dj
from records import branch

AXES: dict[str, tuple[str, ...]] = {
    "jobs": ("1", "2", "8"),
    "kept": ("cold", "warm", "no-cache", "no-cache-warm", "none"),
    "seed": tuple(map(str, range(10))),
    "zone": ("UTC", "Asia/Shanghai", "Pacific/Kiritimati", "America/Los_Angeles", "Nowhere/At_All"),
    "locale": ("C", "C.UTF-8", "zh_CN.UTF-8", "POSIX"),
    "order": ("0", "1", "2", "3"),
    "day": ("2025-01-01", "2026-02-28", "2027-07-01", "2028-02-29", "2031-12-31"),
}
USUAL = {axis: values[0] for axis, values in AXES.items()}
READERS = ("due", "summary", "diff", "query")
OF_REPORTS = ("terminal", "json", "markdown", "xlsx")
_STREAMED = tuple(name for name, form in FORMATS.items() if form.streamed)
_RULES = ("--rules", str(PACKS), "--standard", "probe", "--standard", "bare")
_SPAN = ("--period", "2024", "--as-of", "2024-11-15")
# The program, on another day.
_ON_DAY = """\
if __name__ == "__main__":
    import sys
    from datetime import date
    from dangjian_check.__main__ import main
    from dangjian_check.cli import options
    day = date.fromisoformat(sys.argv.pop(1))
    options.today = lambda: day
    main()
"""


def lacking_locales() -> list[str]:
    """The locales of the axis that this machine does not have: the program is run under their names all the same."""
    done = subprocess.run(["locale", "-a"], capture_output=True, check=False, text=True)
    known = {name.lower().replace("-", "") for name in done.stdout.split()}
    return [name for name in AXES["locale"] if name.lower().replace("-", "") not in known]


class Answers(NamedTuple):
    """What the runs came to: each stream, status and file, by its name."""

    found: dict[str, bytes | int]

    def differing(self, other: Answers) -> list[str]:
        """The names of what is not the same, byte by byte."""
        names = sorted({*self.found, *other.found})
        return [name for name in names if self.found.get(name) != other.found.get(name)]


class Circumstances(NamedTuple):
    """One value of every axis."""

    jobs: str
    kept: str
    seed: str
    zone: str
    locale: str
    order: str
    day: str

    def pairs(self) -> set[frozenset[tuple[str, str]]]:
        """Every two axes with their values."""
        return {frozenset(two) for two in itertools.combinations(self._asdict().items(), 2)}

    def __str__(self) -> str:
        return " ".join(f"{axis}={value}" for axis, value in self._asdict().items())


def pairs(dice: random.Random) -> Iterator[Circumstances]:
    """Few circumstances in which every two values of two axes meet."""
    missing = {
        frozenset(((a, x), (b, y))) for a, b in itertools.combinations(AXES, 2) for x in AXES[a] for y in AXES[b]
    }
    while missing:
        first = dict(min(map(sorted, missing)))
        best = max((anything(dice)._replace(**first) for _ in range(30)), key=lambda one: len(missing & one.pairs()))
        missing -= best.pairs()
        yield best


def anything(dice: random.Random) -> Circumstances:
    """One value of every axis, by chance."""
    return Circumstances(**{axis: dice.choice(values) for axis, values in AXES.items()})


def _files(kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"--output={kind}:out/{kind}" for kind in kinds)


def records(count: int) -> dict[str, bytes]:
    """Files of every kind, by their names: plain records, a ledger, one of several files, broken ones, one with
    personal numbers, an organization's waivers."""
    flock, canaries = Flock(), branch_record()[0]
    text = LAX.read_text(encoding="utf-8")
    plain = {
        f"b{n:03}.yaml": text.replace("id: lax", f"id: b{n:03}").replace("04-08", f"04-{n % 28 + 1:02}")
        for n in range(count - 8)
    }
    generated = {f"甲乡/g{n}.yaml": branch(n) for n in range(2)}
    parts = {
        "乙乡/丙支部/branch.yaml": "branch: {name: 丙支部, id: c}\nmembers: [{name: 王小明, status: 正式}]\n",
        "乙乡/丙支部/活动/一.yaml": "date: 2024-01-10\ntype: 党课\nlecturer: 王小明\n",
        "乙乡/丙支部/活动/二.yaml": "date: 2024-02-10\ntype: 党课\nlecturer: 王小明\n",
    }
    waivers = (
        "waivers:\n  - {rules: [PRB-*], branches: [b001], covers: {from: 2024-01-01, to: 2024-12-31}, effect: excuse,"
        " reason: 甲, approver: 乙, approved: 2024-01-01, document: 丙}\n"
    )
    others = {
        "sound.yaml": SOUND.read_text(encoding="utf-8"), "canaries.yaml": written(canaries), "broken.yaml": "branch: [",
        "乙乡/错.yaml": "branch: {name: 甲, nonsense: 1}\n", "waivers.yaml": waivers,
    }  # fmt: skip
    found = {name: text.encode() for name, text in (plain | generated | parts | others).items()}
    return found | {"台账.xlsx": ledger(flock, flock.name())}


class Stage:
    """A folder of records, laid out once for each order in which its files can be made; runs leave nothing behind.
    ``reports`` lie beside it, for the commands that read them."""

    def __init__(self, root: Path, files: dict[str, bytes]) -> None:
        self._root = root
        self._files = files
        self.reports: dict[str, bytes] = {}
        self._program = root / "on_day.py"
        self._program.write_text(_ON_DAY, encoding="utf-8")

    def keep(self, found: Answers) -> None:
        """Lay these reports beside the records, and one that says less than the others."""
        after = json.loads(found.found["whole json"])
        del after["assessments"][0]["deficiencies"][::2]
        self.reports = {f"before.{kind}": bytes(found.found[f"whole {kind}"]) for kind in ("json", "jsonl")}
        self.reports |= {"rows.jsonl": bytes(found.found["whole rows"]), "after.json": json.dumps(after).encode()}

    def _place(self, order: str) -> Path:
        """Where the records lie whose files were made in this order: each in a folder of its own depth."""
        place = self._root.joinpath("place", *[order] * (1 + int(order)))
        if not place.exists():
            listed = sorted(self._files)
            random.Random(order).shuffle(listed)
            for name in listed:
                (place / "records" / name).parent.mkdir(parents=True, exist_ok=True)
                (place / "records" / name).write_bytes(self._files[name])
        for name, content in self.reports.items():
            (place / name).write_bytes(content)
        return place

    def answers(self, one: Circumstances, runs: tuple[str, ...] = ("whole", "streamed")) -> Answers:
        """Everything that these runs say under the circumstances."""
        with tempfile.TemporaryDirectory(dir=self._root) as scratch:
            env = {"LC_ALL": one.locale, "TZ": one.zone, "PYTHONHASHSEED": one.seed}
            env["DJ_CHECK_CACHE"] = "" if one.kept == "none" else str(Path(scratch) / "kept")
            if one.kept.endswith("warm"):
                self._all(one, env, runs)
            return Answers(self._all(one, env, runs))

    def _all(self, one: Circumstances, env: dict[str, str], runs: tuple[str, ...]) -> dict[str, bytes | int]:
        flags = ["--jobs", one.jobs, *(["--no-cache"] if one.kept.startswith("no-cache") else [])]
        asked = {
            "whole": ("audit", "records", *_RULES, *_SPAN, *flags, *_files(tuple(FORMATS))),
            "verbose": ("audit", "records", "--verbose", *_RULES, *_SPAN, *flags, "--mask", "names"),
            "streamed": ("audit", "records", *_RULES, *_SPAN, *flags, "-f", "jsonl", *_files(_STREAMED)),
            "due": ("due", "records/甲乡", "--as-of", "2024-11-15", *_files(tuple(DUE_FORMATS))),
            "summary": ("summary", "before.jsonl", "rows.jsonl", "--rank", *_files(OF_REPORTS)),
            "diff": ("diff", "before.json", "after.json", *_files(OF_REPORTS)),
            "query": ("query", "rows.jsonl", "--ready", "rules-most-missed", "--format", "json"),
        }
        found: dict[str, bytes | int] = {}
        for name in runs:
            found |= self._run(name, asked[name], one, env)
        return found

    def _run(
        self, name: str, arguments: tuple[str, ...], one: Circumstances, env: dict[str, str]
    ) -> dict[str, bytes | int]:
        place = self._place(one.order)
        (place / "out").mkdir()
        done = dj(*arguments, env=env, program=(str(self._program), one.day), cwd=place, timeout=1800)
        written = {f"{name} {file.name}": file.read_bytes() for file in (place / "out").iterdir()}
        shutil.rmtree(place / "out")
        said = {"status": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
        return {f"{name} {what}": value for what, value in said.items()} | written
