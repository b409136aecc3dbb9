"""The comparison of two reports as a workbook: the rectification ledger with what was seen filled in, the scores, and
how a ledger that people filled in agrees. The same reports give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.engine.claims import CLOSED, STATES, Compared
from dangjian_check.engine.diff import Comparison, Finding, State
from dangjian_check.engine.score_change import Change
from dangjian_check.reports import diff_words as words
from dangjian_check.reports.account import NO_DAY
from dangjian_check.reports.base import interval
from dangjian_check.reports.workbook_cells import Book, Cell, Column, Row
from dangjian_check.reports.workbook_lists import LEDGER

_SEEN = (
    Column("复查结论", "middle", least=10),
    Column("复查情况", most=36),
)
_COLUMNS = (*LEDGER[:-1], *_SEEN, LEDGER[-1])
_SCORES = (
    Column("序号", "middle"),
    Column("支部", most=24),
    Column("标准", most=20),
    Column("指标", most=30),
    Column("分值", "number"),
    Column("上次", "middle"),
    Column("这次", "middle"),
    Column("变化", most=30),
)
_CHECKED = (
    Column("序号", "middle"),
    Column("核对结果", most=26),
    Column("台账位置", most=16),
    Column("支部", most=22),
    Column("问题", most=44),
    Column("台账写的", "middle", most=20),
    Column("记录里看到的", most=44),
)


def diff_workbook(compared: Compared) -> bytes:
    """The whole comparison as one workbook."""
    assessments = [*compared.new.assessments, *compared.old.assessments]
    book = Book("党支部问题整改台账（复查）", max((a.as_of for a in assessments), default=NO_DAY))
    under = f"{words.totals(compared.diff)}。完成情况、销号按记录填写，未复查的留给人定；“指纹”一列请保留"
    book.page("整改台账").table("党支部问题整改台账（复查）", under, _COLUMNS, _ledger(compared), frozen=3)
    book.page("得分变化").table(
        "得分变化", "得分是区间：下限把待核的全部扣分，上限全部不扣", _SCORES, _scores(compared)
    )
    if compared.ledger is not None:
        under = f"交回的台账：{compared.ledger}"
        book.page("台账核对").table("交回的台账与记录核对", under, _CHECKED, _checked(compared))
    return book.close()


def _ledger(compared: Compared) -> Iterator[Row]:
    filled = {id(c.finding): dict(c.claim.filled) for c in compared.checked if c.finding and c.claim}
    names = _names(compared)
    number = 0
    for comparison in compared.diff.comparisons:
        for finding in comparison.findings:
            number += 1
            d, own = finding.shown, filled.get(id(finding), {})
            yield (
                number,
                names[id(comparison)],
                (finding.old or d).message,
                words.ground(d),
                own.get("整改措施", d.remedy),
                own.get("责任领导"),
                own.get("责任人"),
                own.get("整改时限"),
                _done(finding),
                own.get("佐证"),
                CLOSED[0] if finding.state is State.FIXED else CLOSED[1],
                finding.state.label,
                words.now(finding),
                d.fingerprint,
            )


def _done(finding: Finding) -> str | None:
    """完成情况 as far as the record shows it; what was not looked at again is left to a person."""
    if finding.state is State.FIXED:
        return STATES[2]
    if finding.state is State.NOT_RECHECKED:
        return None
    return STATES[1] if finding.state is State.PERSISTING and finding.count(State.FIXED) else STATES[0]


def _names(compared: Compared) -> dict[int, str]:
    """The name to show in each comparison: with its id where several branches share it."""
    ids: dict[str, set[str]] = {}
    for c in compared.diff.comparisons:
        ids.setdefault(c.branch.name, set()).add(c.branch.id)
    return {id(c): words.branch(c) if len(ids[c.branch.name]) > 1 else c.branch.name for c in compared.diff.comparisons}


def _scores(compared: Compared) -> Iterator[Row]:
    names, number = _names(compared), 0
    for comparison in compared.diff.comparisons:
        if comparison.score is None:
            continue
        for change in (comparison.score.total, *words.moves(comparison)):
            number += 1
            yield (number, names[id(comparison)], _standard(comparison), *_move(change))


def _standard(comparison: Comparison) -> str:
    return comparison.standard.title or comparison.standard.id


def _move(change: Change) -> Row:
    most = change.most[1] if change.most[1] is not None else change.most[0]
    before, after = (interval(*ends) if ends else "没有" for ends in (change.old, change.new))
    title = f"{change.id} {change.title}" if change.id else "合计"
    look = "strong" if not change.id else ""
    return (Cell(title, look), most, before, after, words.moved(change))


def _checked(compared: Compared) -> Iterator[Row]:
    for number, c in enumerate(compared.checked, 1):
        claim = c.claim
        branch = claim.branch if claim else c.comparison.branch.name if c.comparison else ""
        text = claim.text if claim else c.finding.shown.message if c.finding else ""
        said = ""
        if claim:
            closed = None if claim.closed is None else f"销号 {CLOSED[0] if claim.closed else CLOSED[1]}"
            said = "，".join(filter(None, (claim.state, closed)))
        yield (number, c.standing.label, str(claim.place) if claim else "", branch, text, said, words.claim_reason(c))
