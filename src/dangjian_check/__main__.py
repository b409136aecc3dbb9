"""The ``dj-check`` command. ``--version`` is answered before anything heavy is imported."""

from __future__ import annotations

import sys

from dangjian_check import __version__


def main() -> None:
    """Run the command line and leave with its exit status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.exit(_version())
    from dangjian_check.cli.main import run_cli

    sys.exit(run_cli(sys.argv[1:]))


def _version() -> int:
    from dangjian_check.cli import streams

    try:
        streams.write(f"dj-check {__version__}\n")
    except streams.OutputLost:
        streams.tell("标准输出: 写不进去 → 检查路径、权限和磁盘空间\n")
        return 2
    return 0


if __name__ == "__main__":
    main()
