"""The pictures of the documentation, drawn anew from the examples: ``python docs/pictures.py`` (needs Chromium)."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dangjian_check.app import Request, run
from dangjian_check.model.calendar import parse_period
from dangjian_check.reports import FORMATS, Look

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import Browser, program  # noqa: E402

OPENED = """
document.querySelectorAll('button.t')[1].click();
Math.round(document.querySelector('.filter').getBoundingClientRect().top) - 130
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: of which examples, how large, in which light, after which script (which says where it begins)."""

    name: str
    paths: tuple[str, ...]
    standards: tuple[str, ...] = ()
    width: int = 1280
    height: int = 1500
    dark: bool = False
    script: str = "0"


PICTURES = (
    Picture("html-branch", ("examples/teachers-lax.yaml",), ("voc",), height=1180),
    Picture("html-found", ("examples/teachers-lax.yaml",), ("voc",), height=960, script=OPENED),
    Picture("html-many", ("examples",), height=1340),
    Picture("html-phone", ("examples/teachers-lax.yaml",), ("voc",), width=360, height=1480, dark=True),
)


def page(picture: Picture) -> str:
    """The HTML report that a picture shows."""
    paths = tuple(map(Path, picture.paths))
    report = run(Request(paths, date(2025, 1, 10), picture.standards, period=parse_period("2024"), traced=True))
    found = FORMATS["html"](report, Look())
    return found if isinstance(found, str) else found.decode()


def draw(browser: Browser, folder: Path, picture: Picture) -> None:
    """Draw one picture into ``docs/pictures``."""
    path = folder / f"{picture.name}.html"
    path.write_text(page(picture), encoding="utf-8")
    browser.open(path, width=picture.width, dark=picture.dark)
    png = browser.picture(picture.width, picture.height, top=browser.run(picture.script))
    (ROOT / "docs" / "pictures" / f"{picture.name}.png").write_bytes(png)


def main() -> None:
    """Draw them all."""
    chromium = program()
    if chromium is None:
        raise SystemExit("PATH 上没有 chromium 或 chrome")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(ROOT):
        browser = Browser(chromium, Path(folder) / "profile")
        for picture in PICTURES:
            draw(browser, Path(folder), picture)
        browser.close()


if __name__ == "__main__":
    main()
