"""Do the tests notice? Small faults are put into the core one at a time (`mutants`), and the tests that reach the
faulty line are run until one of them fails: figures as one line of JSON.

    python tests/deep/mutation.py --share 1 --seed 0
    python tests/deep/mutation.py --file engine/scoring.py --list

``--share 0.1`` takes a tenth of the mutants, chosen by a hash of their names and the seed, so that the same are taken
again. One process at a time; hypothesis takes the same examples every time; nothing is written beside the sources. What
survives must be listed with a reason in ``survivors.yaml``; what is listed there and dies is told too. The status is 1
if anything else survived, or more than a tenth did.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import hashlib
import importlib.machinery
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE.parent)
sys.path.insert(1, str(HERE))

import pytest  # noqa: E402
from mutants import Mutant, mutants_of, mutated  # noqa: E402
from ruamel.yaml import YAML  # noqa: E402

try:
    from coverage import Coverage
except ImportError:
    sys.stdout.write('{"part": "mutation", "skipped": "coverage is not installed"}\n')
    sys.exit(0)

SOURCE = HERE.parents[1] / "src" / "dangjian_check"
FILES = (
    *sorted(f"checks/{path.name}" for path in (SOURCE / "checks").glob("*.py")),
    "model/calendar.py", "model/coverage.py",
    "engine/judge.py", "engine/docket.py", "engine/losses.py", "engine/scoring.py", "engine/upshot.py", "cli/exits.py",
    "loading/yaml_events.py", "loading/yaml_scalars.py", "engine/privacy.py", "model/personal.py",
)  # fmt: skip
# Tests that run in this very process; all others start programs and would not meet the fault.
TESTS = """
calendar_properties compare coverage_map docket documents_cases_days documents_cases_evidence documents_cases_periods
documents_cases_persons documents_cases_ratios documents_cases_who due due_properties escaping exits frequency_oracle
golden guard hostile_yaml keys metamorphic notation noticed_bounds noticed_calendar noticed_checks noticed_days
noticed_docket noticed_implication noticed_index noticed_measures noticed_numbers noticed_privacy noticed_procedure
noticed_scoring noticed_subjects noticed_text organizations personal privacy reading said scoring_assessors
scoring_properties scoring_standards workdays worked_cases_events worked_cases_evidence worked_cases_fixed_day
worked_cases_intervals worked_cases_periods worked_cases_persons worked_cases_ratios_terms worked_cases_scoring
worked_cases_who_counts oracle
""".split()  # noqa: SIM905
# Seconds long, or about other programs; what they reach others reach too.
LEFT_OUT = (
    "test_no_canary", "test_bombs_neither", "test_megabyte_of_sound", "test_a_broken_engine",
    "test_a_folder_split_in_two", "test_the_evaluator_runs_where", "test_the_order_of_records_is",
)  # fmt: skip
EXAMPLES = 20  # of every property
CASES = 150  # of the oracle
CPU_SECONDS, WALL_SECONDS = 60, 600  # for one mutant
PATIENCE = 25  # seconds of CPU the tests tried on one mutant cost, the cheapest first; what they miss the others miss
MEMORY = 4 << 30
BAR = 0.9

Reach = dict[str, Any]  # of a test: seconds of CPU, and by file the lines it reaches


class Field:
    """The collected tests, and every mutant tried on them in a process of its own."""

    def __init__(self, mutants: list[Mutant], kept: Path | None) -> None:
        self.mutants = mutants
        self.kept = kept
        self.ends: dict[str, str] = {}
        self.orders: dict[str, list[str]] = {}
        self.killers = Counter[str]()
        self.tests = 0

    def pytest_sessionstart(self) -> None:
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        few = settings(deadline=None, derandomize=True, database=None, max_examples=EXAMPLES, phases=phases)
        settings.register_profile("mutation", few)
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        session.items = [item for item in session.items if not item.name.startswith(LEFT_OUT)]
        _shorten(session)
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        self.tests = len(session.items)
        gc.collect()
        gc.freeze()
        reached = self._reached(session)
        live = _live()
        for number, mutant in enumerate(self.mutants):
            items, on_import = _covering(session, reached, mutant, self.killers)
            self.ends[mutant.name], killer = ("on import", None) if on_import else _end(mutant, items, live)
            self.killers.update([killer] if killer else [])
            if self.ends[mutant.name] == "on import":
                self.orders[mutant.name] = [item.nodeid for item in items]
            _say(f"{number + 1}/{len(self.mutants)} {self.ends[mutant.name]:9} {len(items):5} {mutant.name}")
        return True

    def _reached(self, session: pytest.Session) -> dict[str, Reach]:
        """What the tests reach, found out in a process of its own so that nothing is worked out beforehand here."""
        reached = json.loads(self.kept.read_text("utf-8")) if self.kept is not None and self.kept.exists() else {}
        new = [item for item in session.items if item.nodeid not in reached]
        found = _apart(lambda: _reach(new), limited=False)
        assert isinstance(found, dict), "the tests did not come to their end"
        reached |= found
        if self.kept is not None:
            self.kept.write_text(json.dumps(reached), encoding="utf-8")
        return reached


def _shorten(session: pytest.Session) -> None:
    """Fewer examples of every property and fewer cases of the oracle."""
    from hypothesis import settings

    for item in session.items:
        function = getattr(item.obj, "__func__", item.obj)  # type: ignore[attr-defined]
        own = getattr(function, "_hypothesis_internal_use_settings", None)
        if own is not None:
            fewer = settings.get_profile("mutation")
            function._hypothesis_internal_use_settings = settings(fewer, max_examples=min(EXAMPLES, own.max_examples))
        if hasattr(item.module, "QUICK"):  # type: ignore[attr-defined]
            item.module.QUICK = CASES  # type: ignore[attr-defined]


def _reach(items: list[pytest.Item]) -> dict[str, Reach]:
    """What every test costs and which lines it reaches; tests that fail as things are do not count."""
    looking = Coverage(data_file=None, include=[str(SOURCE / file) for file in FILES], config_file=False)
    looking.start()
    reached: dict[str, Reach] = {}
    for item, following in _pairs(items):
        looking.switch_context(item.nodeid)
        started = time.process_time()
        if _passes(item, following):
            reached[item.nodeid] = {"cpu": time.process_time() - started, "lines": {}}
        else:
            _say(f"fails as things are: {item.nodeid}")
    looking.stop()
    data = looking.get_data()
    for file in FILES:
        for line, contexts in data.contexts_by_lineno(str(SOURCE / file)).items():
            for context in contexts:
                if context in reached:
                    reached[context]["lines"].setdefault(file, []).append(line)
    return reached


def _covering(
    session: pytest.Session, reached: dict[str, Reach], mutant: Mutant, killers: Counter[str]
) -> tuple[list[pytest.Item], bool]:
    """The tests that reach the mutant's line, as far as patience goes: those first that killed most so far, then the
    cheapest. And whether the line is only met on import; then all tests come into question."""
    lines = {name: found["lines"].get(mutant.file, ()) for name, found in reached.items()}
    known = [item for item in session.items if item.nodeid in reached]
    items = [] if _on_import(mutant) else [item for item in known if mutant.line in lines[item.nodeid]]
    on_import = not items
    items = items or known
    items.sort(key=lambda item: (-killers[item.nodeid], reached[item.nodeid]["cpu"]))
    spent = accumulate(reached[item.nodeid]["cpu"] for item in items)
    return [item for item, cpu in zip(items, spent, strict=True) if cpu <= PATIENCE], on_import


def _on_import(mutant: Mutant) -> bool:
    """Whether the node is evaluated when its module is imported: it stands in no function."""
    tree = ast.parse((SOURCE / mutant.file).read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Lambda))]
    within = any(
        f.body.lineno <= mutant.line <= (f.end_lineno or 0)
        if isinstance(f, ast.Lambda)
        else f.body[0].lineno <= mutant.line <= (f.end_lineno or 0)
        for f in functions
    )
    return not within


def _pairs(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=False)


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    from _pytest.runner import runtestprotocol

    return all(report.outcome != "failed" for report in runtestprotocol(item, log=False, nextitem=following))


# One mutant


def _end(mutant: Mutant, items: list[pytest.Item], live: dict[CodeType, list[FunctionType]]) -> tuple[str, str | None]:
    """How it ended: killed (by which test), timeout, survived."""

    def try_it() -> tuple[str, str | None]:
        if not _exchange(mutant, live):
            return "on import", None
        killer = next((item.nodeid for item, after in _pairs(items) if not _passes(item, after)), None)
        return ("killed" if killer else "survived"), killer

    end, killer = _apart(try_it) or ("timeout", None)
    return end, killer


def _live() -> dict[CodeType, list[FunctionType]]:
    """Every function there is of the files, by its code."""
    names = {str(SOURCE / file) for file in FILES}
    found: dict[CodeType, list[FunctionType]] = defaultdict(list)
    gc.unfreeze()
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename in names:
            found[one.__code__].append(one)
    gc.freeze()
    return dict(found)


def _exchange(mutant: Mutant, live: dict[CodeType, list[FunctionType]]) -> bool:
    """Give the live functions the mutant's code; no if the fault stands outside of functions."""
    path = str(SOURCE / mutant.file)
    flags = {"dont_inherit": True}
    before = compile((SOURCE / mutant.file).read_text("utf-8"), path, "exec", **flags)  # type: ignore[call-overload]
    after = compile(mutated(SOURCE, mutant), path, "exec", **flags)  # type: ignore[call-overload]
    changed = [(old, new) for old, new in _both(before, after) if old != new]
    for old, new in changed:
        for function in live.get(old, ()):
            if old.co_freevars != new.co_freevars:
                return False
            function.__code__ = new
    return any(old in live for old, _ in changed)


def _both(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The code of every function, those made by functions too, as it is and with the fault."""
    inner = _codes(before), _codes(after)
    for old, new in zip(*inner, strict=True) if len(inner[0]) == len(inner[1]) else ():
        yield old, new
        yield from _both(old, new)


def _codes(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _apart(work: Callable[[], Any], *, limited: bool = True) -> Any:
    """What the work comes to in a process of its own, held to its time and memory; None if it did not come back."""
    with tempfile.TemporaryFile("w+b") as answer:
        child = os.fork()
        if child == 0:
            os.setsid()
            if limited:
                resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            try:
                answer.write(json.dumps(work()).encode())
                answer.flush()
            finally:
                os._exit(0)
        _wait(child, WALL_SECONDS if limited else float("inf"))
        answer.seek(0)
        told = answer.read()
    return json.loads(told) if told else None


def _wait(child: int, seconds: float) -> None:
    """Until the process is gone, or its time is over; those it started go with it."""
    ends = time.monotonic() + seconds
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > ends:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.002)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


# All of them


class Chosen:
    """Of the collected tests only these, in this order."""

    def __init__(self, order: list[str]) -> None:
        self._places = {name: place for place, name in enumerate(order)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._places]
        items.sort(key=lambda item: self._places[item.nodeid])


def _anew(mutant: Mutant, order: list[str]) -> str:
    """A fault that is met on import: everything is imported with it in a new process, then its tests run."""

    def try_it() -> str:
        path, faulty = str(SOURCE / mutant.file), mutated(SOURCE, mutant)
        usual = importlib.machinery.SourceFileLoader.get_code

        def get_code(self: Any, name: str) -> CodeType | None:
            return compile(faulty, path, "exec", dont_inherit=True) if self.path == path else usual(self, name)

        importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
        return "survived" if _pytest(["-x"], [Chosen(order)]) == 0 else "killed"

    return _apart(try_it) or "timeout"


def _pytest(flags: list[str], plugins: list[object]) -> int:
    tests = [str(path) for path in map(_test_file, TESTS) if path.exists()]
    flags = [*flags, "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    sys.stdout.flush()
    quiet = os.open(os.devnull, os.O_WRONLY)
    kept = os.dup(1)
    os.dup2(quiet, 1)
    try:
        options = ["-o", "addopts=--strict-markers --import-mode=importlib", "-o", "timeout=0"]
        return int(pytest.main([*options, "--rootdir", str(HERE.parents[1]), *flags, *tests], plugins))
    finally:
        os.dup2(kept, 1)


def _test_file(name: str) -> Path:
    return HERE.parent / f"test_{name}.py"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _sampled(mutants: list[Mutant], share: float, seed: int) -> list[Mutant]:
    def drawn(mutant: Mutant) -> bool:
        digest = hashlib.sha256(f"{seed}:{mutant.name}".encode()).digest()
        return int.from_bytes(digest[:8]) < share * 2**64

    return [mutant for mutant in mutants if drawn(mutant)]


def try_all(mutants: list[Mutant], kept: Path | None) -> tuple[dict[str, str], int]:
    """How every one of them ended, and how many tests there were."""
    field = Field(mutants, kept)

    def in_place() -> dict[str, Any]:
        status = _pytest([], [field])
        assert len(field.ends) == len(mutants), f"pytest ended with {status}"
        return {"ends": field.ends, "tests": field.tests, "orders": field.orders}

    found = _apart(in_place, limited=False)
    by_name = {mutant.name: mutant for mutant in mutants}
    for name in found["orders"]:
        found["ends"][name] = _anew(by_name[name], found["orders"][name])
        _say(f"on import: {found['ends'][name]:9} {name}")
    return found["ends"], found["tests"]


def listed() -> dict[str, str]:
    """The survivors known, each with the reason why it may live."""
    path = HERE / "survivors.yaml"
    return YAML(typ="safe").load(path.read_text("utf-8")) or {} if path.exists() else {}


def told(ends: dict[str, str], mutants: list[Mutant], share: float) -> dict[str, Any]:
    """The figures: a survivor listed in ``survivors.yaml`` is explained, any other is not."""
    known = listed()
    living = [name for name, end in ends.items() if end == "survived"]
    counted = Counter(ends.values())
    dead = [name for name, end in ends.items() if end in ("killed", "timeout")]
    by_file = {file: f"{_of_file(dead, file)}/{_of_file(ends, file)}" for file in FILES}
    return {
        "part": "mutation",
        "share": share,
        "mutants": len(mutants),
        "killed": counted["killed"],
        "timeouts": counted["timeout"],
        "survived": len(living),
        "explained": len([name for name in living if name in known]),
        "unexplained": sorted(name for name in living if name not in known),
        "listed_but_dead": sorted(name for name in known if name in dead),
        "score": round(len(dead) / max(1, len(mutants)), 4),
        "by_file": by_file,
        "ends": hashlib.sha256(json.dumps(sorted(ends.items())).encode()).hexdigest()[:16],
    }


def _of_file(names: Iterable[str], file: str) -> int:
    return sum(name.startswith(f"{file}::") for name in names)


def main() -> int:
    """Try the mutants asked for; 0 if nine in ten died, and all the others are explained."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--share", type=float, default=0.1)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--file", action="append", help="only these files, below src/dangjian_check")
    asked.add_argument("--again", type=Path, help="only those a run left unexplained: the file with its figures")
    asked.add_argument("--list", action="store_true", help="the mutants, untried")
    asked.add_argument("--reach", type=Path, help="keep here what the tests reach, and take it from here the next time")
    given = asked.parse_args()
    mutants = [m for file in given.file or FILES for m in mutants_of(SOURCE, file)]
    mutants = _sampled(mutants, given.share, given.seed)
    if given.again is not None:
        living = set(json.loads(given.again.read_text("utf-8").splitlines()[-1])["unexplained"])
        mutants = [mutant for mutant in mutants if mutant.name in living]
    if given.list:
        sys.stdout.writelines(f"{mutant.line}: {mutant.name}\n" for mutant in mutants)
        return 0
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    started = time.monotonic()
    ends, tests = try_all(mutants, given.reach)
    figures = told(ends, mutants, given.share)
    figures |= {"tests": tests, "failures": len(figures["unexplained"]), "seconds": round(time.monotonic() - started)}
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 0 if figures["score"] >= BAR and not figures["unexplained"] else 1


if __name__ == "__main__":
    sys.exit(main())
