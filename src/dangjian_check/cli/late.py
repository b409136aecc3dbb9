"""typer for declaring options, imported no sooner than a command line needs it (`dangjian_check.cli.quick`)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typer
else:

    class _Typer:
        """typer itself once it is imported; before that a declaration is a word nobody asks for."""

        def __getattr__(self, name: str) -> Any:
            known = sys.modules.get("typer")
            return getattr(known, name) if known else _unheard

    def _unheard(*_: object, **__: object) -> None:
        return None

    typer = _Typer()

__all__ = ["typer"]
