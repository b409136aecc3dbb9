"""What holds of every waiver: on random sheets over random verdicts, in any number and order."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from dangjian_check.engine.assessment import Assessment
from dangjian_check.engine.outcomes import Price
from dangjian_check.engine.waivers import lay
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.sheet import Sheet
from dangjian_check.rulebook.waiver import Waiver
from exemptions import EVERYTHING, assessment_of, waived, waivers
from tables import RULES, Table, random_sheets, random_tables

several = st.lists(waivers(), max_size=4)
cases = st.tuples(st.sampled_from(RULES), st.sampled_from([f"2024-{month:02d}" for month in range(1, 6)]))
opinions = st.sampled_from([
    Price(Fraction(points, 2), ("assessments", points), again) for points in (1, 2, 6) for again in (True, False)
])


@given(random_sheets, random_tables, several, st.booleans())
def test_a_waiver_never_lowers_a_score(sheet: Sheet, table: Table, granted: list[Waiver], with_superior: bool) -> None:
    """Neither end, in sum or of any indicator, and the score does not go away; the denominator stays."""
    never_lower(assessment_of(sheet, table, with_superior=with_superior), granted)


@given(random_sheets, random_tables, several, st.dictionaries(cases, opinions, max_size=6))
def test_a_waiver_never_lowers_a_score_that_an_assessor_set(
    sheet: Sheet, table: Table, granted: list[Waiver], priced: dict[tuple[str, str], Price]
) -> None:
    """The same where some failures bear a price of their own."""
    never_lower(assessment_of(sheet, table, priced=priced), granted)


def never_lower(before: Assessment, granted: list[Waiver]) -> None:
    """Sum and indicators keep both ends or raise them."""
    assume(before.score is not None)
    after = waived(before, *granted)

    assert before.score.max == after.score.max
    pairs = [(before.score, after.score), *zip(before.score.items, after.score.items, strict=True)]
    assert all(old.low <= new.low and old.high <= new.high for old, new in pairs)


@given(random_sheets, random_tables, several)
def test_a_waiver_never_lowers_a_grade(sheet: Sheet, table: Table, granted: list[Waiver]) -> None:
    """Points come back and vetoes fall away; nothing else happens to a grade."""
    before = assessment_of(sheet, table)
    assume(sheet.grades)
    assume(before.score is not None)
    after = waived(before, *granted)
    order = [band.name for band in sorted(sheet.grades, key=lambda band: band.min)]

    assert order.index(before.score.grade.low) <= order.index(after.score.grade.low)
    assert order.index(before.score.grade.high) <= order.index(after.score.grade.high)


@given(random_sheets, random_tables, several)
def test_a_waiver_changes_no_outcome(sheet: Sheet, table: Table, granted: list[Waiver]) -> None:
    """What was found stays what was found: outcomes, counts, completeness."""
    before = assessment_of(sheet, table)
    after = waived(before, *granted)

    assert before.outcomes == after.outcomes
    assert before.counts() == after.counts()
    assert before.score is None or before.score.completeness == after.score.completeness


@given(random_sheets, random_tables, several)
def test_no_deficiency_is_lost_or_added(sheet: Sheet, table: Table, granted: list[Waiver]) -> None:
    """Open and waived together are those that were found, each once."""
    before = assessment_of(sheet, table)
    after = waived(before, *granted)

    assert Counter(d.fingerprint for d in before.deficiencies) == Counter(d.fingerprint for d in after.found())


@given(random_sheets, random_tables)
def test_excusing_everything_leaves_no_deficiency_and_no_loss(sheet: Sheet, table: Table) -> None:
    """The high end is the full score again; only what is open can still cost something."""
    before = assessment_of(sheet, table)
    assume(before.score is not None)
    after = waived(before, EVERYTHING)

    assert () == after.deficiencies
    assert after.score.max == after.score.high
    assert all(w.deficiency.deduction == 0 for w in after.waived)


@given(random_sheets, random_tables, st.lists(waivers(("accept",)), max_size=4))
def test_an_acceptance_leaves_the_score_as_it_is(sheet: Sheet, table: Table, granted: list[Waiver]) -> None:
    """The loss stays, and with it the price of every deficiency."""
    before = assessment_of(sheet, table)
    after = waived(before, *granted)

    assert before.score == after.score
    assert {d.fingerprint: d.deduction for d in before.found()} == {d.fingerprint: d.deduction for d in after.found()}


@given(random_sheets, random_tables, several)
def test_deductions_still_add_up_exactly_to_the_certain_loss(sheet: Sheet, table: Table, granted: list[Waiver]) -> None:
    """Open and accepted deficiencies share what is lost; what was excused costs nothing."""
    after = waived(assessment_of(sheet, table), *granted)
    assume(after.score is not None)

    assert after.score.max - after.score.high == sum(d.deduction for d in after.found())


@given(random_sheets, random_tables)
def test_without_waivers_the_report_is_the_original(sheet: Sheet, table: Table) -> None:
    """Nothing is left of them, not even a different order."""
    before = assessment_of(sheet, table)

    assert before == waived(before)
    assert before is waived(before)


@given(random_sheets, random_tables, several, st.data())
def test_the_order_of_waivers_is_irrelevant(
    sheet: Sheet, table: Table, granted: list[Waiver], data: st.DataObject
) -> None:
    """The same waivers in any order, or written down twice, give the same assessment."""
    before = assessment_of(sheet, table)
    mixed = data.draw(st.permutations(granted))

    assert waived(before, *granted) == waived(before, *mixed) == waived(before, *granted, *mixed)


@given(random_sheets, random_tables, several)
def test_every_waiver_that_met_a_failure_is_told(sheet: Sheet, table: Table, granted: list[Waiver]) -> None:
    """Used are exactly those that, taken alone, would change something: keep a deficiency apart or mark it."""
    before = assessment_of(sheet, table)
    used = lay(before, granted)[1]

    assert {n for n, waiver in enumerate(granted) if waived(before, waiver) != before} == used


@given(random_sheets, random_tables, waivers())
def test_only_failures_are_waived(sheet: Sheet, table: Table, granted: Waiver) -> None:
    """A window that was met, is open, or does not apply is nothing to a waiver."""
    calm = {name: [w for w in windows if w["outcome"] != Outcome.FAIL] for name, windows in table.items()}
    before = assessment_of(sheet, calm)

    assert before is waived(before, granted)
