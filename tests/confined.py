"""Run a command with little memory and little time; what it took goes to a file as JSON, its status is ours.

    python -I -S tests/confined.py FIGURES BYTES SECONDS COMMAND...

A program of its own, because a process counts the memory of the one that began it as its own.
"""

from __future__ import annotations

import json
import os
import resource
import sys


def main() -> int:
    """Run the command; 128 and the signal's number if one ended it."""
    figures, memory, seconds, *command = sys.argv[1:]
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.execv(command[0], command)
    _, status, took = os.wait4(child, 0)
    with open(figures, "w", encoding="ascii") as stream:  # noqa: PTH123
        json.dump({"seconds": took.ru_utime + took.ru_stime, "kilobytes": took.ru_maxrss}, stream)
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


if __name__ == "__main__":
    sys.exit(main())
