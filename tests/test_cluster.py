"""A real cluster on this machine: the same work, the same answers, whatever happens to the workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import batch_work
from dangjian_check.app import record_files
from dangjian_check.batch import cluster
from dangjian_check.batch.cluster import Cluster, Session
from dangjian_check.batch.keys import file_key
from dangjian_check.batch.pool import Pool
from dangjian_check.errors import UsageProblem
from program import LAX, PROBE, ROOT, TESTS, Run, dj, plain_env

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
RECORDS = record_files([ROOT / "examples"])


@contextmanager
def dask(*arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or worker in a process group of its own, which is gone afterwards."""
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = plain_env(PYTHONPATH=str(TESTS))
    with subprocess.Popen(command, env=env, cwd="/", start_new_session=True, **quiet) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler, and its address."""
    known = folder / "scheduler.json"
    with dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", known) as process:
        until = time.monotonic() + 60
        while not known.exists() or not known.read_bytes():
            assert time.monotonic() < until, "no scheduler"
            time.sleep(0.05)
        yield json.loads(known.read_bytes())["address"], process


@contextmanager
def workers(address: str, folder: Path, count: int = 2, threads: int = 1) -> Iterator[None]:
    """Workers of a scheduler, all of them there."""
    import distributed

    with ExitStack() as stack:
        options = ("--nthreads", str(threads), "--local-directory", folder)
        for _ in range(count):
            stack.enter_context(dask("worker", address, *options))
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)
        yield


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The scheduler of two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    with scheduler(folder) as (found, _), workers(found, folder):
        yield found


def test_work_on_a_cluster_gives_the_same(address: str):
    """In the order in which it was asked for."""
    with Session(address) as session:
        found = [session.submit(file_key, b"", path) for path in RECORDS]
        assert [file_key(b"", path) for path in RECORDS] == [future.result(60) for future in found]
        assert 2 == session.jobs


def test_work_is_done_in_the_folder_it_was_begun_in(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """So that the paths of records mean the same everywhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_bytes(b"branch: {}")
    with Session(address) as session:
        assert file_key(b"", Path("a.yaml")) == session.submit(file_key, b"", Path("a.yaml")).result(60)
        assert str(tmp_path.resolve()) == session.submit(os.getcwd).result(60)


def test_error_of_the_work_comes_back(address: str):
    """As it is; the cluster goes on."""
    with Session(address) as session:
        with pytest.raises(ValueError, match="invalid literal"):
            session.submit(int, "x").result(60)
        assert 7 == session.submit(int, "7").result(60)


def test_worker_killed_in_the_middle_costs_nothing(address: str):
    """What it was at is done again by another."""
    with Session(address) as session:
        victim = session.submit(os.getpid).result(60)
        found = []
        for path in RECORDS * 3:
            session.submit(time.sleep, 0.02)
            found.append(session.submit(file_key, b"", path))
        found[2].result(60)
        os.kill(victim, signal.SIGKILL)
        assert [file_key(b"", path) for path in RECORDS * 3] == [future.result(120) for future in found]


def test_work_that_kills_every_worker_is_given_up(address: str):
    """It is told as with local processes, and the cluster goes on."""
    with Session(address) as session:
        with pytest.raises(BrokenExecutor):
            session.submit(os._exit, 1).result(120)
        assert 7 == session.submit(int, "7").result(60)


def test_scheduler_that_goes_away_is_told(tmp_path: Path):
    """What was under way, what is asked for later, and who comes anew."""
    with scheduler(tmp_path) as (found, process), workers(found, tmp_path, count=1), Session(found) as session:
        under_way = session.submit(time.sleep, 60)
        process.kill()
        with pytest.raises(BrokenExecutor):
            under_way.result(60)
        with pytest.raises(BrokenExecutor):
            session.submit(int, "7").result(60)
        with pytest.raises(UsageProblem, match="连不上调度器"):
            Session(found, wait=1)


def test_session_that_is_over_takes_no_work(address: str):
    """Nor does leaving it twice hurt."""
    session = Session(address)
    session.shutdown(wait=False, cancel_futures=True)
    session.shutdown()
    with pytest.raises(BrokenExecutor):
        session.submit(int, "7")


def test_leaving_does_not_wait_for_what_is_under_way(address: str):
    """Nobody is left waiting either."""
    session = Session(address)
    under_way = [session.submit(time.sleep, 300) for _ in range(3)]
    session.shutdown(wait=False, cancel_futures=True)
    for future in under_way:
        with pytest.raises(BrokenExecutor):
            future.result(30)
    with Session(address) as other:
        other._client.restart(timeout=60)
        assert 7 == other.submit(int, "7").result(60)


def test_cluster_makes_sessions(address: str):
    """As the pool asks for them; the first is there already."""
    found = Cluster(address)
    first, second = found.make(2), found.make(1)
    assert (2, 7, 8) == (found.jobs, first.submit(int, "7").result(60), second.submit(int, "8").result(60))
    found.end(first)
    assert 9 == second.submit(int, "9").result(60)
    found.end(second)
    found.close()
    unused = Cluster(address)
    unused.close()


# A pool


def test_file_that_kills_its_workers_costs_itself(address: str):
    """All others are done, in order, also those that were given up with it."""
    tasks = [["a", "b"], ["c", "exit", "d"], ["e"], ["f", "g"]]
    pool = Pool(Cluster(address), 2, batch_work.names, lambda file: f"lost {file}")
    found = [one for task in pool.map(tasks) for one in task]
    assert ["A", "B", "C", "lost exit", "D", "E", "F", "G"] == found


# An audit


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hundred and fifty records, one of them broken, seen from beside them."""
    (tmp_path / "records").mkdir()
    text = LAX.read_text(encoding="utf-8")
    for number in range(150):
        (tmp_path / "records" / f"b{number:03}.yaml").write_text(text.replace("id: lax", f"id: b{number:03}"), "utf-8")
    (tmp_path / "records" / "b007.yaml").write_text("branch: [", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Path("records")


AUDIT = (*PROBE, "--period", "2024", "--no-cache", "-f")


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_audit_on_a_cluster_gives_the_same_bytes(address: str, records: Path, run: Run, form: str):
    """Streamed, and as one report; what is wrong is told in the same words."""
    here = run("audit", records, *AUDIT, form, "--jobs", "1")
    there = run("audit", records, *AUDIT, form, "--engine", "dask", "--scheduler", address)
    assert (2, here) == (here.status, there)
    assert "b007.yaml" in here.err


def test_audit_outlives_a_worker_killed_in_the_middle(address: str, records: Path):
    """The same bytes once more."""
    asked = ("audit", records, *AUDIT, "jsonl")
    here = dj(*asked, "--jobs", "1")
    with Session(address) as session:
        victims = session._client.run(os.getpid)
    command = [sys.executable, "-m", "dangjian_check", *asked, "--engine", "dask", "--scheduler", address]
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "bufsize": 0}
    with subprocess.Popen(command, env=plain_env(), **piped) as there:
        assert there.stdout is not None
        head = there.stdout.read(1000)
        os.kill(victims.popitem()[1], signal.SIGKILL)
        out, err = there.communicate(timeout=120)
    assert (here.returncode, here.stdout, here.stderr) == (there.returncode, head + out, err)


def test_audit_whose_scheduler_goes_away_is_status_2(records: Path, tmp_path: Path):
    """One line more, and nothing of the library's."""
    with scheduler(tmp_path) as (found, process), workers(found, tmp_path, count=1):
        command = [sys.executable, "-m", "dangjian_check", "audit", records, *AUDIT, "jsonl"]
        command += ["--engine", "dask", "--scheduler", found]
        piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "bufsize": 0}
        with subprocess.Popen(command, env=plain_env(), **piped) as audit:
            assert audit.stdout is not None
            audit.stdout.read(1000)
            process.kill()
            err = audit.communicate(timeout=120)[1].decode()
    assert (2, 1, True) == (audit.returncode, len(err.splitlines()), "连不上调度器" in err), err


def test_audit_on_a_cluster_that_is_not_there_is_status_2(records: Path, run: Run):
    """One line; and flags that do not go together."""
    done = run("audit", records, *AUDIT, "jsonl", "--engine", "dask", "--scheduler", "tcp://10.0.0.1:8786")
    assert (2, "", 1) == (done.status, done.out, len(done.err.splitlines()))
    for flags in (("--engine", "dask"), ("--scheduler", "tls://a:1")):
        done = run("audit", records, *AUDIT, "jsonl", *flags)
        assert (2, "", True) == (done.status, done.out, "--scheduler" in done.err)


# What is refused


@pytest.mark.parametrize("text", ["", "x", "tcp://", "http://127.0.0.1:8786", "tcp://127.0.0.1", "127.0.0.1:x", "[::1"])
def test_what_is_no_address_is_told(text: str):
    """Before anything is imported."""
    with pytest.raises(UsageProblem, match="不是调度器的地址"):
        Session(text)


@pytest.mark.parametrize(
    "text", ["tcp://10.0.0.1:8786", "10.0.0.1:8786", "tcp://cluster.example:8786", "tcp://0.0.0.0:1"]
)
def test_open_network_without_tls_is_refused(text: str):
    """Whoever answers there could have any code run, or any answer believed."""
    with pytest.raises(UsageProblem, match="没有加密"):
        Session(text)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("localhost:8786", "tcp://localhost:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
        ("tls://cluster.example:8786", "tls://cluster.example:8786"),
    ],
)
def test_this_machine_and_tls_may_be_used(text: str, whole: str):
    """Without a protocol it is the plain one."""
    assert whole == cluster._checked(text)


_CONNECTS = """
import sys
from dangjian_check.batch.cluster import Session
from dangjian_check.errors import UsageProblem
try:
    Session(sys.argv[1], wait=1)
except UsageProblem as problem:
    print(problem)
"""


@pytest.mark.parametrize(("protocol", "there"), [("tcp", False), ("tls", False), ("tls", True)])
def test_scheduler_that_does_not_answer_is_told(request: pytest.FixtureRequest, protocol: str, there: bool):
    """Nobody is there, or there are no certificates: soon, in one line, and not a word of the library's."""
    port = request.getfixturevalue("address").rpartition(":")[2] if there else "9"
    command = [sys.executable, "-c", _CONNECTS, f"{protocol}://127.0.0.1:{port}"]
    done = subprocess.run(command, env=plain_env(), capture_output=True, text=True, check=True, timeout=60)
    assert ("", 1, True) == (done.stderr, done.stdout.count("\n"), "连不上调度器" in done.stdout)


def test_library_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch):
    """With what to install."""

    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(cluster, "import_module", missing)
    with pytest.raises(UsageProblem, match=r"dj-check\[cluster\]"):
        Session("127.0.0.1:8786")


def test_scheduler_without_workers_is_told(tmp_path: Path):
    """After a while."""
    with scheduler(tmp_path) as (found, _), pytest.raises(UsageProblem, match="没有工作进程"):
        Session(found, wait=1)


def test_workers_that_do_several_things_at_once_are_refused(tmp_path: Path):
    """Time limits and working folders are those of a process."""
    with (
        scheduler(tmp_path) as (found, _),
        workers(found, tmp_path, 1, 2),
        pytest.raises(UsageProblem, match="--nthreads 1"),
    ):
        Session(found)


@pytest.mark.parametrize("other", [lambda: b"another", None])
def test_worker_with_another_program_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch, other: Callable[[], bytes] | None
):
    """Of another version, or without it."""
    if other is None:
        monkeypatch.setattr(cluster, "_greeting", _absent)
    else:
        monkeypatch.setattr(cluster, "program_digest", other)
    with pytest.raises(UsageProblem, match="和这里的不一样"):
        Session(address)


def _absent(folder: str, *needed: str) -> None:
    raise ModuleNotFoundError(folder)


def test_worker_that_does_not_see_the_folder_is_refused(address: str, monkeypatch: pytest.MonkeyPatch):
    """The records are read where the work is done. The machine is named."""
    monkeypatch.setattr(Path, "cwd", lambda: Path("/not/there"))
    with pytest.raises(UsageProblem, match=r"工作机 127\.0\.0\.1 上没有 /not/there"):
        Session(address)


def test_worker_that_sees_the_folder_but_not_the_records_is_refused(address: str, tmp_path: Path):
    """A folder that nothing is mounted on is there, and empty."""
    found = Cluster(address, needed=[tmp_path])
    found.close()
    with pytest.raises(UsageProblem, match=r"没有 .*branch\.yaml"):
        Cluster(address, needed=[tmp_path, tmp_path / "branch.yaml"])
