"""The ``dj-check`` command. ``--version`` is answered before anything heavy is imported."""

from __future__ import annotations

import contextlib
import gc
import sys

from dangjian_check import __version__


def main() -> None:
    """Run the command line and leave with its exit status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.exit(_version())
    gc.disable()  # nothing that is imported is garbage; `run_cli` enables it again
    _without_plugins()
    status = _status()
    if "duckdb" not in sys.modules:  # which complains on stderr of what it finds left
        gc.freeze()  # nor is it searched for garbage at the end
    sys.exit(status)


def _status() -> int:
    """What the command line comes to, also where the program is not even whole. Python's own status for what nobody
    caught is 1, which means something else here."""
    try:
        from dangjian_check.cli.main import run_cli

        return run_cli(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        with contextlib.suppress(AttributeError, OSError, ValueError):
            sys.stderr.write(f"dj-check: 程序装不起来（{type(error).__name__}） → 重新安装 dj-check\n")
        return 70


def _version() -> int:
    try:
        sys.stdout.write(f"dj-check {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError, ValueError):
        from dangjian_check.cli import streams

        streams.silence(sys.stdout)
        streams.tell("标准输出: 写不进去 → 检查路径、权限和磁盘空间\n")
        return 2
    return 0


def _without_plugins() -> None:
    """Pydantic reads the metadata of every installed package to look for plugins, at its first model. A check needs
    none, and its answers may not depend on what else is installed."""
    found = type(sys)("pydantic.plugin._loader")
    found.get_plugins = tuple  # type: ignore[attr-defined]
    sys.modules[found.__name__] = found


if __name__ == "__main__":
    main()
