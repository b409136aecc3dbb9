"""What is said of a record whatever the standard: doubts for a person to look at, and notes of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dangjian_check.engine.assessment import BranchRef, RecordView, Report
from dangjian_check.errors import PROGRAM, Location, Problem

_PLACES_SHOWN = 8


class Remark(NamedTuple):
    """A sentence with where to look, and what is said below it."""

    text: str
    places: str
    below: str


class Views:
    """The records of a report, each handed out once: with the first assessment of its branch."""

    def __init__(self, report: Report) -> None:
        self._left = list(report.records)

    def take(self, branch: BranchRef) -> RecordView | None:
        """The record of this branch, unless it was taken before."""
        found = next((view for view in self._left if view.branch == branch), None)
        if found is not None:
            self._left.remove(found)
        return found

    def rest(self) -> list[RecordView]:
        """Records without an assessment that have something said of them."""
        return [view for view in self._left if view.doubts or view.notes]


def doubts(view: RecordView) -> Iterator[Remark]:
    """Each doubt with its places; the reason stands once, below the first of its kind."""
    told: set[str] = set()
    for doubt in view.doubts:
        yield Remark(doubt.message, places(doubt.places, view), "" if doubt.kind in told else doubt.reason)
        told.add(doubt.kind)


def notes(view: RecordView) -> Iterator[Remark]:
    """What the reader inferred or left unread, the same words once with all their places."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for note in view.notes:
        alike.setdefault((note.message, note.remedy), []).append(note)
    for (message, remedy), same in alike.items():
        located = [note.place._replace(file=note.file) for note in same if note.line]
        yield Remark(message, places(located, view), remedy)


def places(found: Iterable[Location], view: RecordView) -> str:
    """Places of one record in words: the file once, then line and column or cell."""
    by_file: dict[str, list[str]] = {}
    for place in found:
        by_file.setdefault((place.file or view.branch.file).rpartition("/")[2], []).append(str(place))
    return "；".join(f"{file}:{_some(list(dict.fromkeys(rows)))}" for file, rows in by_file.items())


def _some(rows: list[str]) -> str:
    return "、".join(rows[:_PLACES_SHOWN]) + (f"等 {len(rows)} 处" if len(rows) > _PLACES_SHOWN else "")


def of_run(report: Report) -> Iterator[Remark]:
    """What is to be known of the run itself: files of waivers, waivers and known problems that met nothing."""
    for note in report.notes:
        yield Remark(note.message, "" if note.file == PROGRAM else note.where, note.remedy)
