"""Files become models: the only package that reads what users hand in, be it YAML, a workbook or some encoding.

`INPUTS` is the table of what can be read: a file ending and the module and function that read it.
"""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from dangjian_check.loading.private import noted
from dangjian_check.loading.tree import Tree


class Input(NamedTuple):
    """One kind of file: the reader in a module here, imported when the first such file comes. A ``ledger`` is a table
    that people keep; it may hold several branches."""

    module: str
    reader: str
    title: str
    ledger: bool = False

    def __call__(self, raw: bytes, file: str) -> list[Tree]:
        """The records in a file's bytes, unchecked; personal numbers in them are noted."""
        found: Tree | list[Tree] = getattr(import_module(f"{__name__}.{self.module}"), self.reader)(raw, file)
        listed = found if isinstance(found, list) else [found]
        return [noted(tree, b"" if self.ledger else raw) for tree in listed]


_YAML = Input("plain_yaml", "read_record", "YAML")
_WORKBOOK = Input("ledgers", "read_workbook", "Excel、WPS 工作簿", ledger=True)
INPUTS: dict[str, Input] = {
    ".yaml": _YAML,
    ".yml": _YAML,
    ".json": Input("json_files", "read_json", "JSON"),
    ".xlsx": _WORKBOOK,
    ".xls": _WORKBOOK,
    ".et": _WORKBOOK,
    ".csv": Input("ledgers", "read_csv", "CSV", ledger=True),
}
