"""The way in and out: one command line, one exit status, whatever happens."""

from __future__ import annotations

import os
import sys

from dangjian_check.cli import streams
from dangjian_check.cli.exits import Exit, tell, tell_bug, tell_lost
from dangjian_check.cli.quick import quick
from dangjian_check.errors import DjCheckError, Problem


def run_cli(arguments: list[str]) -> int:
    """Run one command line. Whatever goes wrong, the status is one of `Exit`, never that of a verdict, and there is no
    traceback unless ``DJ_CHECK_DEBUG`` asks for one."""
    streams.soften()
    try:
        status = _run(arguments)
        streams.flush()
    except streams.OutputLost as lost:
        tell_lost(lost)
        return Exit.FAILED
    return status


def _run(arguments: list[str]) -> int:
    try:
        plain = quick(arguments)
        if plain is not None:
            return plain()
        from dangjian_check.cli.tree import run_tree

        return run_tree(arguments)
    except DjCheckError as error:
        tell(error.problems)
        return Exit.FAILED
    except KeyboardInterrupt:
        return 130
    except (streams.OutputLost, SystemExit):
        raise
    except MemoryError:
        tell([Problem("dj-check", 0, 0, "内存不够，没有做完", "把文件分成几批，或者减少 --jobs")])
        return Exit.FAILED
    except OSError as error:
        if error.filename is not None:
            tell([_unusable(error)])
            return Exit.FAILED
        if isinstance(error, FileNotFoundError):  # the only thing without a name that may be missing
            tell([Problem("dj-check", 0, 0, "当前所在的文件夹已经没有了", "换到一个还在的文件夹，再执行一次")])
            return Exit.FAILED
        streams.silence(sys.stdout)
        raise streams.OutputLost("标准输出", quiet=isinstance(error, BrokenPipeError)) from None
    except BaseException as error:  # what a library raises in panic is no Exception
        if os.environ.get("DJ_CHECK_DEBUG"):
            tell_bug(error)
            return Exit.BUG
        message = f"程序出错（{type(error).__name__}），这是 dj-check 的缺陷"
        tell([Problem("dj-check", 0, 0, message, "设 DJ_CHECK_DEBUG=1 重跑，把输出连同版本号报给维护者")])
        return Exit.BUG


def _unusable(error: OSError) -> Problem:
    """What a file or folder that the system refuses comes to."""
    path = os.fsencode(error.filename) if isinstance(error.filename, (str, bytes, os.PathLike)) else b"dj-check"
    return Problem(path.decode("utf-8", "backslashreplace"), 0, 0, "打不开", "核对路径、权限和磁盘")
