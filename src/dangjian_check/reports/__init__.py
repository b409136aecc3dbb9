"""A report becomes text. Each format is one pure file; `FORMATS` is the table."""

from __future__ import annotations

from dangjian_check.reports.base import Look, Render
from dangjian_check.reports.json_v1 import render as render_json
from dangjian_check.reports.terminal import render as render_terminal

FORMATS: dict[str, Render] = {
    "terminal": render_terminal,
    "json": render_json,
}

__all__ = ["FORMATS", "Look", "Render"]
