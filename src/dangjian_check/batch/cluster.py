"""Many machines instead of many processes: a dask ``distributed`` cluster behind the interface of
`concurrent.futures`.

What is sent to the workers is code to be run, and dask asks nobody who they are unless TLS is set up: so the scheduler
is reached by TLS, or on this machine. Before anything is judged every worker must show that it runs the same program
with the same rules, one task at a time, and sees the folder the run was begun in and what is to be read there: where a
shared folder is not mounted, an empty one of its name often is.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import threading
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from concurrent.futures import wait as wait_for
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from dangjian_check.batch.program import program_digest
from dangjian_check.errors import UsageProblem
from dangjian_check.loading.files import shown_path
from dangjian_check.model.fields import shown

T = TypeVar("T")
WAIT = 10.0  # seconds for the scheduler to answer and a worker to be there
_QUIET = dict.fromkeys(("distributed", "distributed.client", "distributed.scheduler", "tornado"), "critical")


class Cluster:
    """Sessions with one scheduler, as many as are asked for. ``jobs`` is the number of workers at the beginning; all
    must see the files and folders ``needed``.

    Raises `UsageProblem` if there is no such cluster, or it must not be used.
    """

    def __init__(self, address: str, wait: float = WAIT, needed: Iterable[Path] = ()) -> None:
        self._make = partial(Session, address, wait, tuple(needed))
        self._first: Session | None = self._make()
        self.jobs = self._first.jobs

    def make(self, jobs: int) -> Executor:
        session, self._first = self._first or self._make(), None
        return session

    def end(self, executor: Executor) -> None:
        executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Leave the cluster, if no session was ever made."""
        if self._first is not None:
            self.end(self._first)


class Session(Executor):
    """Runs work on the workers of a scheduler, in the folder of this process as they see it.

    Whatever goes wrong with the cluster itself (workers that died again and again with a task at hand, a scheduler that
    went away) is a `BrokenExecutor`, as it is with local processes; what waited behind a deadly task may be given up
    with it.
    """

    def __init__(self, address: str, wait: float = WAIT, needed: Iterable[Path] = ()) -> None:
        self._folder = str(Path.cwd())
        self._client = _connected(_checked(address), wait)
        try:
            self.jobs = _inspected(self._client, [self._folder, *map(str, needed)], wait)
        except BaseException:
            self._client.close(timeout=1)
            raise
        self._under_way: dict[Future[Any], Any] = {}
        self._over = threading.Event()
        self._left = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have work done; it and what it is given must be importable there."""
        if self._over.is_set():
            raise BrokenExecutor
        outer: Future[T] = Future()
        inner = self._client.submit(_there, self._folder, partial(fn, *args, **kwargs), pure=False)
        self._under_way[outer] = inner
        self._client.loop.add_callback(self._pass_on, outer, inner)
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster; it goes on without us."""
        if self._left:
            return
        self._left = True
        if wait and not cancel_futures:
            wait_for(list(self._under_way))
        else:
            self._client.cancel(list(self._under_way.values()))
        self._over.set()
        self._client.close(timeout=1)

    async def _pass_on(self, outer: Future[T], inner: Any) -> None:
        """What came of the work, in our words. Nobody but a lost scheduler takes work back.

        Dask's own executor asks how the work stands after its answer came: a worker may have died in between.
        """
        try:
            answer = partial(outer.set_result, await inner)
        except (CancelledError, asyncio.CancelledError):
            self._over.set()
            answer = partial(outer.set_exception, BrokenExecutor())
        except BaseException as error:
            of_dask = type(error).__module__.partition(".")[0] == "distributed"
            answer = partial(outer.set_exception, BrokenExecutor() if of_dask else error)
        if outer.set_running_or_notify_cancel():
            answer()
        self._under_way.pop(outer, None)


def _there(folder: str, work: Callable[[], T]) -> T:
    """The work, done on a worker."""
    with contextlib.chdir(folder):
        return work()


def _greeting(folder: str, *needed: str) -> tuple[bytes, str]:
    """What a worker must show: the program it runs, and what it does not see of the folder and the paths needed."""
    places = (folder, *(str(Path(folder, path)) for path in needed))
    return program_digest(), next((place for place in places if not Path(place).exists()), "")


def _checked(address: str) -> str:
    """The address with its protocol, if it is one that may be used."""
    whole = address if "://" in address else f"tcp://{address}"
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme not in ("tcp", "tls"):
        remedy = "写成 tls://主机:8786，本机的写 tcp://127.0.0.1:8786"
        raise UsageProblem(f"--scheduler {shown(address)} 不是调度器的地址", remedy)
    if parts.scheme == "tcp" and not _is_loopback(host):
        remedy = "给集群配好 TLS，写 tls://…；或者用 ssh -L 把端口接到本机，写 tcp://127.0.0.1:端口"
        raise UsageProblem(f"--scheduler {shown(address)} 没有加密，也不认人，别人能冒充", remedy)
    return whole


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _connected(address: str, wait: float) -> Any:
    """A client of the scheduler."""
    try:
        dask: Any = import_module("dask")
        dask.config.set({"distributed.logging": _QUIET})
        distributed: Any = import_module("distributed")
    except ImportError:
        raise UsageProblem("集群要另装 dask distributed", "pip install 'dj-check[cluster]'") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # other versions of what we do not use
            # One that could not connect complains once more when it is swept up.
            silent = type("Client", (distributed.Client,), {"__del__": lambda client: None})
            return silent(address, timeout=wait, set_as_default=False)
    except Exception:  # of TLS, of the network, of other versions: whatever comes to hand
        raise UsageProblem(f"连不上调度器 {shown(address)}", "核对地址和证书，看看 dask scheduler 开着没有") from None


def _inspected(client: Any, needed: list[str], wait: float) -> int:
    """How many workers there are; all of them fit for the work."""
    try:
        client.wait_for_workers(1, timeout=wait)
        threads = client.nthreads()
        shown_by = client.run(_greeting, *needed, on_error="return")
    except Exception:
        raise UsageProblem("集群里没有工作进程", "在工作机上开 dask worker，再试") from None
    if any(count != 1 for count in threads.values()):
        raise UsageProblem("工作进程一次做几件事，会互相干扰", "用 dask worker --nthreads 1 --nworkers 核数")
    greetings = list(shown_by.values())
    if any(isinstance(found, BaseException) or found[0] != program_digest() for found in greetings):
        remedy = "各台机器装同一个版本的 Python、dj-check 和它依赖的库"
        raise UsageProblem("工作机上的 dj-check 和这里的不一样", remedy)
    for where, (_, missing) in shown_by.items():
        if missing:
            remedy = "记录放在共享文件夹，各台机器挂在同一个位置，在那里执行"
            raise UsageProblem(f"工作机 {urlsplit(where).hostname} 上没有 {shown_path(Path(missing))}", remedy)
    return len(greetings)
