"""dj-check: hold the record of a party branch against the written standards of branch work.

The names below are the Python interface (`dangjian_check.api`); they are imported when first asked for, so that the
package and its version cost nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it; `typing` itself would double what the version costs
if TYPE_CHECKING:
    from dangjian_check.api import Assessment, Deficiency, DjCheckError, Outcome, Problem, Report, audit, render

__version__ = "0.1.0"
__all__ = [
    "Assessment", "Deficiency", "DjCheckError", "Outcome", "Problem", "Report", "__version__", "audit", "render",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("dangjian_check.api"), name)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
