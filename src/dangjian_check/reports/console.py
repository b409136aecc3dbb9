"""A console that draws into memory, for the formats people read at a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from dangjian_check.reports.base import Look


def quiet_console(look: Look) -> Console:
    """A console that draws into memory as ``look`` says, whatever the environment: no markup, no emoji, no guesses."""
    return Console(
        file=io.StringIO(),
        width=look.width,
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        no_color=not look.colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


def drawn(console: Console) -> str:
    """What such a console has drawn, without blanks at the ends of lines."""
    assert isinstance(console.file, io.StringIO)
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())
