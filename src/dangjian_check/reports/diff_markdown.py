"""The comparison of two reports as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.engine.claims import Compared, Standing
from dangjian_check.engine.diff import Comparison, State
from dangjian_check.reports import diff_words as words
from dangjian_check.reports.base import points
from dangjian_check.reports.markdown import Cells, escape, table
from dangjian_check.rulebook.rule import SEVERITY_LABELS


def diff_markdown(compared: Compared) -> str:
    """One page: all branches in a table, then each with what became of its deficiencies."""
    return "".join(f"{line}\n" for line in _page(compared))


def _page(compared: Compared) -> Iterator[str]:
    yield from ("# 整改情况：两次核查对照", "")
    yield f"- 旧报告：{escape(compared.old.file)}"
    yield f"- 新报告：{escape(compared.new.file)}"
    yield f"- 合计：{words.totals(compared.diff)}"
    if len(compared.diff.comparisons) > 1:
        yield from ("", "## 各支部", "")
        header = ("支部", "标准", *(state.label for state in State), "得分")
        yield from table(header, map(_row, compared.diff.comparisons), "llrrrrrl")
    for comparison in compared.diff.comparisons:
        yield from _comparison(comparison)
    if compared.ledger is not None:
        yield from _ledger(compared)
    if compared.problems:
        yield from ("", f"## 有差错的地方：{len(compared.problems)} 处", "")
        yield from table(("位置", "差错", "改正"), [(p.where, p.message, p.remedy) for p in compared.problems], "lll")


def _row(c: Comparison) -> Cells:
    score = words.move(c.score.total) if c.score else "无可评定项"
    return (c.branch.name, c.standard.id, *(str(n) for n in c.counts().values()), score)


def _comparison(c: Comparison) -> Iterator[str]:
    yield from ("", f"## {escape(words.branch(c))}", "")
    yield f"- 标准：{escape(words.standard(c))}"
    yield f"- 旧：{words.span(c.old)}"
    yield f"- 新：{words.span(c.new)}"
    for note in c.notes:
        yield f"- 说明：{escape(note)}"
    if c.score is not None:
        yield f"- 得分：{words.move(c.score.total)}"
    moves = words.moves(c)
    if moves:
        yield ""
        yield from table(("指标", "变化"), [(f"{m.id} {m.title}", words.move(m)) for m in moves], "ll")
    if not c.findings:
        yield from ("", "两次都没有问题。")
    for state in State:
        found = [f for f in c.findings if f.state is state]
        if found:
            yield from ("", f"### {state.label} {len(found)} 处", "")
            rows: list[Cells] = [
                (
                    str(number),
                    SEVERITY_LABELS[f.shown.severity],
                    (f.old or f.shown).message,
                    words.now(f),
                    words.ground(f.shown),
                    points(f.shown.deduction),
                )
                for number, f in enumerate(found, 1)
            ]
            yield from table(("序号", "轻重", "问题", "这次看到的", "依据", "扣分"), rows, "rllllr")


def _ledger(compared: Compared) -> Iterator[str]:
    yield from ("", f"## 整改台账：{escape(compared.ledger or '')}", "")
    confirmed = sum(c.standing is Standing.CONFIRMED for c in compared.checked)
    yield f"声称已整改、记录里看到了的 {confirmed} 条。"
    for standing in words.TOLD:
        found = [c for c in compared.checked if c.standing is standing]
        if found:
            yield from ("", f"### {standing.label} {len(found)} 条", "")
            yield from table(("台账", "记录"), [(words.claim_line(c), words.claim_reason(c)) for c in found], "ll")
