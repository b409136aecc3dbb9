"""The ``dj-check`` command. ``--version`` is answered before anything heavy is imported."""

from __future__ import annotations

import sys

from dangjian_check import __version__


def main() -> None:
    """Run the command line and leave with its exit status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"dj-check {__version__}\n")
        return
    from dangjian_check.cli.main import run_cli

    sys.exit(run_cli(sys.argv[1:]))


if __name__ == "__main__":
    main()
