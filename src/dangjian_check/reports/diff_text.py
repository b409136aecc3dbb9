"""The comparison of two reports at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.engine.claims import Compared, Standing
from dangjian_check.engine.diff import Comparison, Finding, State
from dangjian_check.reports import diff_words as words
from dangjian_check.reports.base import Look, clean
from dangjian_check.reports.wrapping import fit
from dangjian_check.rulebook.rule import SEVERITY_LABELS

_FEW = 8
_WEIGHTY = (State.REPEATED, State.NEW, State.PERSISTING)


def diff_text(compared: Compared, look: Look) -> str:
    """The comparison as text of at most ``look.width`` columns."""
    return fit("".join(f"{clean(line)}\n" for line in _page(compared, look)), look.width)


def _page(compared: Compared, look: Look) -> Iterator[str]:
    yield f"旧报告  {compared.old.file}"
    yield f"新报告  {compared.new.file}"
    yield f"合计    {words.totals(compared.diff)}"
    quiet = 0
    for comparison in compared.diff.comparisons:
        if comparison.findings or comparison.notes or look.verbose or len(compared.diff.comparisons) == 1:
            yield from _comparison(comparison, look)
        else:
            quiet += 1
    if quiet:
        yield ""
        yield f"另有 {quiet} 份两次都没有问题，加 --verbose 列出"
    if compared.ledger is not None:
        yield from _ledger(compared, look)


def _comparison(c: Comparison, look: Look) -> Iterator[str]:
    yield ""
    yield words.branch(c)
    yield f"标准  {words.standard(c)}"
    yield f"期间  旧：{words.span(c.old)}"
    yield f"      新：{words.span(c.new)}"
    for note in c.notes:
        yield f"说明  {note}"
    if c.score is not None:
        yield f"得分  {words.move(c.score.total)}"
        for change in words.moves(c):
            yield f"      {change.id} {change.title}  {words.move(change)}"
    if not c.findings:
        yield "两次都没有问题"
    for state in State:
        found = [f for f in c.findings if f.state is state]
        if found:
            yield ""
            yield f"{state.label} {len(found)} 处"
            shown = found if look.verbose or state in _WEIGHTY else found[:_FEW]
            rules = dict.fromkeys(finding.shown.rule for finding in shown)
            for number, rule in enumerate(rules, 1):
                yield from _rule(number, [finding for finding in shown if finding.shown.rule == rule])
            if len(shown) < len(found):
                yield f"  另有 {len(found) - len(shown)} 处，加 --verbose 全部列出"


def _rule(number: int, found: list[Finding]) -> Iterator[str]:
    """One rule with all its windows of one state; what is said of all of them alike is said once."""
    first = found[0]
    yield f"{number:>2}. [{SEVERITY_LABELS[first.shown.severity]}] {first.title}（{first.shown.rule}）"
    lead = "这次" if first.state in (State.FIXED, State.PERSISTING) else "说明"
    alike = len({words.now(finding) for finding in found}) == 1
    for finding in found:
        yield f"    {(finding.old or finding.shown).message}"
        if not alike and (text := words.now(finding)):
            yield f"      {lead} {text}"
    if alike and (text := words.now(first)):
        yield f"    {lead} {text}"
    if first.state in _WEIGHTY:
        yield f"    改正 {first.shown.remedy}"


def _ledger(compared: Compared, look: Look) -> Iterator[str]:
    yield ""
    yield f"整改台账  {compared.ledger}"
    count = {s: sum(c.standing is s for c in compared.checked) for s in Standing}
    yield f"  声称已整改、记录里看到了的 {count[Standing.CONFIRMED]} 条"
    for standing in words.TOLD:
        found = [c for c in compared.checked if c.standing is standing]
        if found:
            yield f"  {standing.label} {len(found)} 条"
            for checked in found if look.verbose else found[:_FEW]:
                reason = words.claim_reason(checked)
                yield f"    {words.claim_line(checked)}{f'（{reason}）' if reason else ''}"
            if len(found) > _FEW and not look.verbose:
                yield f"    另有 {len(found) - _FEW} 条，加 --verbose 全部列出"
