"""The way in and out: one command line, one exit status, whatever happens."""

from __future__ import annotations

import os
import sys

from dangjian_check.cli import streams
from dangjian_check.cli.exits import Exit, tell, tell_bug, tell_lost
from dangjian_check.cli.quick import quick
from dangjian_check.errors import DjCheckError, Problem


def run_cli(arguments: list[str]) -> int:
    """Run one command line. Whatever goes wrong, the status is one of `Exit` and there is no traceback."""
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
    except streams.OutputLost:
        raise
    except OSError as error:
        streams.silence(sys.stdout)
        raise streams.OutputLost("标准输出", quiet=isinstance(error, BrokenPipeError)) from None
    except Exception as error:
        if os.environ.get("DJ_CHECK_DEBUG"):
            tell_bug(error)
            return Exit.BUG
        message = f"程序出错（{type(error).__name__}），这是 dj-check 的缺陷"
        tell([Problem("dj-check", 0, 0, message, "设 DJ_CHECK_DEBUG=1 重跑，把输出连同版本号报给维护者")])
        return Exit.BUG
