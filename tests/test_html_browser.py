"""The HTML page in a real browser: it fits, works by mouse and keyboard, needs no script, and shuts nobody out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from browser import Browser, program
from pages import LAX, audited, crowd, marked, page

AXE = find_spec("axe_playwright_python")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = (
    "document.querySelectorAll('details').forEach(d => d.open = true);"
    "document.querySelectorAll('.unfold').forEach(b => b.click())"
)
ROWS = "[...document.querySelectorAll('table.found')[0].tBodies]"
pytestmark = pytest.mark.skipif(program() is None, reason="no chromium or chrome on PATH")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One headless browser for all tests here."""
    found = Browser(program() or "", tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages on disk: one branch; two with everything a page can show; a thousand."""
    folder = tmp_path_factory.mktemp("pages")
    sources = {
        "one": page(audited(LAX, standards=("voc",))),
        "two": page(marked("望川市应急管理系统机关第一党支部", alone=False)),
        "thousand": crowd(),
    }
    for name, source in sources.items():
        (folder / f"{name}.html").write_text(source, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in sources}


@pytest.mark.parametrize("name", ["one", "two", "thousand"])
def test_page_opens_without_complaint_and_without_network(browser: Browser, pages: dict[str, Path], name: str):
    """The console stays silent and nothing is asked for but the page."""
    browser.open(pages[name])
    assert [] == browser.errors
    assert [pages[name].as_uri()] == browser.requests


@pytest.mark.parametrize("name", ["one", "two", "thousand"])
@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened"])
def test_page_is_never_wider_than_a_telephone(browser: Browser, pages: dict[str, Path], name: str, opened: bool):
    """At 360 px nothing makes the page scroll sideways."""
    browser.open(pages[name], width=360)
    if opened and name != "thousand":
        browser.run(OPEN_ALL)
    assert 360 == browser.run("document.documentElement.scrollWidth")


def test_hostile_words_do_not_widen_the_page(browser: Browser, tmp_path: Path):
    """A name without a place to break is broken all the same."""
    path = tmp_path / "long.html"
    path.write_text(page(marked("A" * 300)), encoding="utf-8")
    browser.open(path, width=360)
    browser.run(OPEN_ALL)
    assert 360 == browser.run("document.documentElement.scrollWidth")


def test_row_opens_and_closes(browser: Browser, pages: dict[str, Path]):
    """A closed row hides its ground; its button shows it and says so."""
    browser.open(pages["one"])
    state = f"(b => [b.querySelector('.more').offsetHeight > 0, b.querySelector('.t').ariaExpanded])({ROWS}[0])"
    press = f"{ROWS}[0].querySelector('.t').click()"
    found = [browser.run(state), browser.run(press), browser.run(state), browser.run(press), browser.run(state)]
    assert [[False, "false"], None, [True, "true"], None, [False, "false"]] == found


def test_rows_are_sorted_by_what_is_asked_for(browser: Browser, pages: dict[str, Path]):
    """By points lost, least first, then most first; the heading says which."""
    browser.open(pages["one"])
    head = "document.querySelector('th[data-sort=d]')"
    for order in ("ascending", "descending"):
        browser.run(f"{head}.querySelector('button').click()")
        points = browser.run(f"{ROWS}.map(b => Number(b.dataset.d))")
        assert points == sorted(points, reverse=order == "descending")
        assert order == browser.run(f"{head}.ariaSort")
    browser.run("document.querySelector('th[data-sort=w] button').click()")
    days = browser.run(f"{ROWS}.map(b => b.dataset.w)")
    assert days == sorted(days)
    assert None is browser.run(f"{head}.ariaSort")


def test_rows_are_filtered_by_severity(browser: Browser, pages: dict[str, Path]):
    """Unticking 一般 leaves the others, and how many is said aloud."""
    browser.open(pages["one"])
    shown = f"{ROWS}.filter(b => b.offsetHeight).map(b => b.dataset.severity)"
    everything = browser.run(shown)
    browser.run("document.querySelector('.filter input[value=minor]').click()")
    left = browser.run(shown)
    assert [severity for severity in everything if severity != "minor"] == left
    assert f"显示 {len(left)}/{len(everything)} 处" == browser.run("document.querySelector('.told').textContent")


def test_branch_is_found_by_name(browser: Browser, pages: dict[str, Path]):
    """Of a thousand branches those with the words remain."""
    browser.open(pages["thousand"])
    browser.run("seek.value = '（99'; seek.dispatchEvent(new Event('input'))")
    assert 11 == browser.run("[...document.querySelectorAll('details.branch')].filter(d => d.offsetHeight).length")
    assert "显示 11/1000 个" == browser.run("sought.textContent")


def test_everything_works_from_the_keyboard(browser: Browser, pages: dict[str, Path]):
    """What can be clicked can be reached with Tab, and where one is can be seen."""
    browser.open(pages["one"])
    clickable = "button, a[href], input, summary"
    assert 0 == browser.run(f"[...document.querySelectorAll('{clickable}')].filter(e => e.tabIndex < 0).length")
    browser.press("Tab")
    assert "跳到正文" == browser.run("document.activeElement.textContent")
    assert "none" != browser.run("getComputedStyle(document.activeElement).outlineStyle")
    browser.run("document.querySelector('button.t').focus()")
    browser.press("Enter")
    assert "true" == browser.run("document.querySelector('button.t').ariaExpanded")


def test_colours_follow_the_system_and_the_button(browser: Browser, pages: dict[str, Path]):
    """Light or dark as the system is, until the button says otherwise."""
    ground = "getComputedStyle(document.body).backgroundColor"
    browser.open(pages["one"])
    light = browser.run(ground)
    browser.run("theme.click()")
    assert light != browser.run(ground)
    browser.open(pages["one"], dark=True)
    dark = browser.run(ground)
    assert light != dark
    browser.run("theme.click(); theme.click()")
    assert light == browser.run(ground)


def test_page_is_whole_without_scripts(browser: Browser, pages: dict[str, Path]):
    """Nothing is hidden that only a script could show, and no button stands there dead."""
    browser.open(pages["one"], script=False)
    assert 0 == browser.run("document.querySelectorAll('.js').length")
    assert 0 == browser.run(f"{ROWS}.filter(b => !b.querySelector('.more').offsetHeight).length")
    assert 0 == browser.run("[...document.querySelectorAll('button, input')].filter(e => e.offsetHeight).length")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_page_is_printed_on_a4_in_black_on_white(browser: Browser, pages: dict[str, Path], dark: bool):
    """Whatever the screen shows; the paper is A4 and a branch takes few sheets."""
    browser.open(pages["one"], dark=dark)
    browser.run("document.documentElement.dataset.theme = 'dark'" if dark else "0")
    paper = browser.paper()
    sizes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper))
    assert {(595, 842)} == {(round(float(width)), round(float(height))) for width, height in sizes}
    assert 12 >= paper.count(b"/Type /Page\n") > 1
    browser.medium("print")
    assert "rgb(255, 255, 255)" == browser.run("getComputedStyle(document.body).backgroundColor")
    assert "rgb(0, 0, 0)" == browser.run("getComputedStyle(document.body).color")


def test_thousand_branches_open_at_once(browser: Browser, pages: dict[str, Path]):
    """In less than two seconds of work (the better of two tries: other programs run too)."""

    def work() -> float:
        before = browser.work
        browser.open(pages["thousand"])
        browser.run("document.body.offsetHeight")
        return browser.work - before if browser.work > before else browser.work

    assert 2 > min(work(), work())


@pytest.mark.skipif(AXE is None, reason="axe-playwright-python (dev) is not installed: its axe.min.js is used")
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["wide, light", "narrow, dark"])
@pytest.mark.parametrize("name", ["one", "two"])
def test_page_shuts_nobody_out(browser: Browser, pages: dict[str, Path], name: str, width: int, dark: bool):
    """axe-core finds no violation of WCAG 2.2 AA or of good practice, with rows open and closed."""
    browser.open(pages[name], width=width, dark=dark)
    browser.run(f"{ROWS}.slice(0, 3).forEach(b => b.querySelector('.t').click()); 0")
    if name == "two":
        browser.run("document.querySelector('details.branch').open = true")
    assert AXE is not None
    browser.run(Path(AXE.origin or "").with_name("axe.min.js").read_text(encoding="utf-8") + ";0")
    options = json.dumps({"runOnly": TAGS, "resultTypes": ["violations"]})
    found: Any = json.loads(browser.run(f"axe.run({options}).then(r => JSON.stringify(r.violations))"))
    assert [] == [(v["id"], v["nodes"][0]["html"], v["nodes"][0]["failureSummary"]) for v in found]
