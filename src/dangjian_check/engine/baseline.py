"""The baseline: deficiencies known before the tool was taken up. They are shown and scored like all others, but only
new ones hold anybody up. It only ever shrinks, unless somebody says otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from dangjian_check.engine.assessment import Assessment, Deficiency, Report, WaivedDeficiency
from dangjian_check.engine.outcomes import WindowOutcome
from dangjian_check.errors import Problem
from dangjian_check.model.calendar import Window
from dangjian_check.model.outcome import Outcome

SCHEMA, VERSION = "dj-check.baseline", 1
Key = tuple[str, str]  # standard and fingerprint
_FEW = 5
_NAMED = ("group", "branch")  # subjects that are no persons and hold none in their name


@dataclass(frozen=True, slots=True)
class Entry:
    """One known deficiency. Only ``standard`` and ``fingerprint`` tell it from others; the rest is for people, and
    names none of them. ``ends`` is the last day of its window, ``first_seen`` the day as of which it was first
    written down; ``count`` says how often the same was found, where several records bear one id."""

    branch: str
    standard: str
    rule: str
    window: str
    subject: str
    fingerprint: str
    ends: date
    first_seen: date
    count: int = 1

    @property
    def key(self) -> Key:
        return self.standard, self.fingerprint

    @property
    def order(self) -> tuple[str, ...]:
        """Lines stand by branch, standard, rule and time, so that two people's changes merge."""
        return (self.branch, self.standard, self.rule, self.ends.isoformat(), self.window, self.subject, *self.key)


@dataclass(frozen=True, slots=True)
class Standing:
    """A baseline against a report: what is still there, what is new, what was looked at again and is gone, what was
    not looked at (or cannot be told)."""

    known: tuple[Entry, ...]
    new: tuple[Entry, ...]
    fixed: tuple[Entry, ...]
    unchecked: tuple[Entry, ...]


def entries(report: Report) -> list[Entry]:
    """Every open deficiency of a report as an entry, in order."""
    found: dict[Key, Entry] = {}
    for a in report.assessments:
        for deficiency in a.deficiencies:
            entry = _entry(a, deficiency)
            old = found.get(entry.key)
            found[entry.key] = replace(old, count=old.count + 1) if old else entry
    return sorted(found.values(), key=lambda e: e.order)


def _entry(a: Assessment, deficiency: Deficiency) -> Entry:
    outcome = next(o for o in a.outcomes if o.rule.id == deficiency.rule.id)
    window = next(w.window for w in outcome.windows if w.window.name == deficiency.window)
    subject = deficiency.subject
    return Entry(
        branch=a.branch.id,
        standard=a.standard.id,
        rule=deficiency.rule.id,
        window=_readable(window),
        subject=subject.key if subject is not None and subject.kind in _NAMED else "",
        fingerprint=deficiency.fingerprint,
        ends=window.end,
        first_seen=a.as_of,
    )


def _readable(window: Window) -> str:
    """The window's name; of a single entry only its day, since the name may hold a person's."""
    return f"on:{window.end}" if window.name.startswith("on:") else window.name


def mark(report: Report, baseline: Iterable[Entry]) -> Report:
    """The report with each deficiency marked as known or new. Of what is found more often than the baseline says,
    nothing is known: nobody can tell which is the old one."""
    allowed = {entry.key: entry.count for entry in baseline}
    often = Counter((a.standard.id, d.fingerprint) for a in report.assessments for d in a.deficiencies)

    def known(a: Assessment, d: Deficiency) -> Deficiency:
        key = (a.standard.id, d.fingerprint)
        return d._replace(known=max(1, often[key]) <= allowed.get(key, 0))

    marked = [
        replace(
            a,
            deficiencies=tuple(known(a, d) for d in a.deficiencies),
            waived=tuple(WaivedDeficiency(known(a, w.deficiency), w.waiver) for w in a.waived),
        )
        for a in report.assessments
    ]
    return replace(report, assessments=tuple(marked))


def standing(report: Report, baseline: Iterable[Entry]) -> Standing:
    """How a baseline stands against a report."""
    now = {entry.key: entry for entry in entries(report)}
    waived = {(a.standard.id, w.deficiency.fingerprint) for a in report.assessments for w in a.waived}
    judged: dict[tuple[str, str], list[Assessment]] = {}
    for a in report.assessments:
        judged.setdefault((a.branch.id, a.standard.id), []).append(a)
    listed = sorted(baseline, key=lambda e: e.order)
    gone = [e for e in listed if e.key not in now and e.key not in waived]
    fixed = [e for e in gone if _settled(e, judged.get((e.branch, e.standard), []))]
    old = {e.key: e for e in listed}
    return Standing(
        known=tuple(replace(e, count=min(e.count, now[e.key].count)) for e in listed if e.key in now),
        new=tuple(e for e in now.values() if e.count > (old[e.key].count if e.key in old else 0)),
        fixed=tuple(fixed),
        unchecked=tuple(e for e in listed if e.key not in now and e not in fixed),
    )


def updated(found: Standing, *, accept_new: bool) -> list[Entry]:
    """The baseline without what was put right; with what is new only if asked for. First days stay."""
    kept = {e.key: e for e in (*found.known, *found.unchecked)}
    for entry in found.new if accept_new else ():
        old = kept.get(entry.key)
        kept[entry.key] = replace(entry, first_seen=old.first_seen) if old else entry
    return sorted(kept.values(), key=lambda e: e.order)


def stale(file: str, found: Standing) -> list[Problem]:
    """A note on the known deficiencies of the baseline ``file`` that were put right, if any were."""
    gone = [" ".join((e.branch, e.rule, e.window)) for e in found.fixed]
    named = "、".join(gone[:_FEW]) + (f"等 {len(gone)} 处" if len(gone) > _FEW else "")
    said = f"基线里有 {len(gone)} 处已经整改：{named}"
    return [Problem(file, 0, 0, said, "用 dj-check baseline update 去掉")] if gone else []


def _settled(entry: Entry, judged: list[Assessment]) -> bool:
    """Whether what is no longer found was looked at again, in every record of the branch, and can be told."""
    return bool(judged) and all(_looked_at(entry, a) for a in judged)


def _looked_at(entry: Entry, a: Assessment) -> bool:
    outcome = next((o for o in a.outcomes if o.rule.id == entry.rule), None)
    if outcome is None:
        return True  # the standard no longer asks for it
    last = min(a.period.end, a.as_of)
    windows = [w for w in outcome.windows if _is(entry, w)]
    if last < a.period.start or any(map(_untold, windows)) or all(map(_untold, outcome.windows)):
        return False
    return bool(windows) or a.period.start <= entry.ends <= last


def _is(entry: Entry, item: WindowOutcome) -> bool:
    subject = item.subject if item.subject is not None and item.subject.kind in _NAMED else None
    return _readable(item.window) == entry.window and (subject is None or subject.key == entry.subject)


def _untold(item: WindowOutcome) -> bool:
    return item.outcome.is_open or item.outcome is Outcome.PENDING
