"""What one file came to, small and plain: it travels between processes and is kept on disk."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dangjian_check.app import Judged
from dangjian_check.batch.plan import Plan
from dangjian_check.batch.stored import encode
from dangjian_check.engine.assessment import Assessment, Report
from dangjian_check.engine.upshot import Upshot, upshot
from dangjian_check.errors import Problem
from dangjian_check.model.calendar import Period
from dangjian_check.reports import FORMATS, Look
from dangjian_check.rulebook.rule import Severity
from dangjian_check.waiving import Used

if TYPE_CHECKING:
    from dangjian_check.engine.overview import Seen

NOWHERE = Path()


class Named(NamedTuple):
    """A rule by its name, as far as it is counted."""

    id: str
    severity: Severity


class Part(NamedTuple):
    """What one file came to: the text of each streamed format as it goes out, what the way the run ends depends on, and
    what holds of the run as a whole. ``whole`` are the assessments themselves, encoded; ``seen`` what the overview
    counts; both only if asked for. ``standards`` judged it: the id of each and the digest of the text it was."""

    texts: tuple[bytes, ...] = ()
    problems: tuple[Problem, ...] = ()
    upshot: Upshot = Upshot()
    spans: frozenset[tuple[Period, date]] = frozenset()
    standards: tuple[tuple[str, str], ...] = ()
    branches: tuple[tuple[str, str], ...] = ()
    waivers: frozenset[Used] = frozenset()
    records: int = 0
    seen: tuple[Seen[Named], ...] = ()
    whole: bytes | None = None


def ids(standards: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Standards by their ids."""
    return tuple(standard for standard, _ in standards)


def part_of(judged: Judged, plan: Plan) -> Part:
    """What a file that was judged came to."""
    return Part(
        texts=tuple(texts(judged, plan.streams)),
        problems=judged.problems,
        upshot=upshot(judged.assessments),
        spans=frozenset((a.period, a.as_of) for a in judged.assessments),
        standards=_digests(judged),
        branches=tuple(judged.branches.items()),
        waivers=judged.waivers,
        records=len(judged.records),
        seen=tuple(map(_seen, judged.assessments)) if plan.counted else (),
        whole=encode(judged._replace(path=NOWHERE)) if plan.whole else None,  # a name may hold a number
    )


def texts(judged: Judged, formats: Iterable[str]) -> Iterable[bytes]:
    """The text of one file in each of these streamed formats."""
    return (_bytes(str(FORMATS[name](_alone(judged), Look()))) for name in formats)


def sheets_of(judged: Judged, plan: Plan) -> Part:
    """The branches of a file as they stand in full in a page about very many."""
    return Part(texts=tuple(map(_bytes, FORMATS["html"].sheets(_alone(judged)))), standards=_digests(judged))


def _digests(judged: Judged) -> tuple[tuple[str, str], ...]:
    return tuple({a.standard.id: a.standard.digest for a in judged.assessments}.items())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _alone(judged: Judged) -> Report:
    return Report(judged.assessments, (), (), records=judged.records)


def _seen(a: Assessment) -> Seen[Named]:
    from dangjian_check.engine.overview import Seen, seen

    one = seen(a)
    missed = tuple((Named(rule.id, rule.severity), points) for rule, points in one.missed)
    return Seen(one.branch, one.name, one.unit, one.standard, missed, one.judged, one.waiting, one.share)


def pack(part: Part) -> bytes:
    """A part as bytes: a line of JSON, then the texts and the assessments as they are."""
    found = part.upshot
    head = {
        "sizes": [*map(len, part.texts)],
        "whole": part.whole is not None,
        "problems": part.problems,
        "upshot": [found.judged, found.broken, sorted(found.missed), sorted(found.unknown), _text(found.lowest)],
        "spans": sorted((*map(date.isoformat, (p.start, p.end, day)),) for p, day in part.spans),
        "standards": part.standards,
        "branches": part.branches,
        "waivers": sorted(part.waivers),
        "records": part.records,
        "seen": [_plain(one) for one in part.seen],
    }
    return b"".join([json.dumps(head).encode(), b"\n", *part.texts, part.whole or b""])


def unpack(raw: bytes) -> Part:
    """The part behind the bytes; `ValueError`, `KeyError` or `TypeError` if they are none."""
    at = raw.index(b"\n") + 1
    head: dict[str, Any] = json.loads(raw[:at])
    bodies = []
    for size in head["sizes"]:
        bodies.append(raw[at : at + size])
        at += size
    judged, broken, missed, unknown, lowest = head["upshot"]
    days = ([date.fromisoformat(day) for day in span] for span in head["spans"])
    return Part(
        texts=tuple(bodies),
        problems=tuple(Problem(*fields) for fields in head["problems"]),
        upshot=Upshot(judged, broken, frozenset(missed), frozenset(unknown), _number(lowest)),
        spans=frozenset((Period(start, end), as_of) for start, end, as_of in days),
        standards=tuple((standard, digest) for standard, digest in head["standards"]),
        branches=tuple((branch, name) for branch, name in head["branches"]),
        waivers=frozenset((file, number) for file, number in head["waivers"]),
        records=head["records"],
        seen=tuple(_again(one) for one in head["seen"]),
        whole=raw[at:] if head["whole"] else None,
    )


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _plain(one: Seen[Named]) -> list[Any]:
    missed = [[*duty, str(points)] for duty, points in one.missed]
    share = None if one.share is None else [*map(str, one.share)]
    return [one.branch, one.name, one.unit, one.standard, missed, one.judged, one.waiting, share]


def _again(fields: list[Any]) -> Seen[Named]:
    from dangjian_check.engine.overview import Seen

    branch, name, unit, standard, missed, judged, waiting, share = fields
    duties = tuple((Named(rule, severity), Fraction(points)) for rule, severity, points in missed)
    ends = None if share is None else (Fraction(share[0]), Fraction(share[1]))
    return Seen(branch, name, unit, standard, duties, judged, waiting, ends)
