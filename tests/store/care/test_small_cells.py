"""Which counts are hidden: none of them can be told from the shown ones, by sums or by another month."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from store.care.small_cells import ENDED, REASON, RUNNING, STARTED, Cell, MonthCells, hidden_cells
from tests.properties import examples

REASONS = ("Klart", "Flyttat", "Övrigt")
MONTHS = st.lists(
    st.tuples(st.integers(0, 12), st.tuples(*(st.integers(0, 7) for _ in REASONS))), min_size=1, max_size=6
)


def published(threshold: int, months: Sequence[tuple[int, Sequence[int]]]) -> list[MonthCells]:
    """Return months of those who started and how many ended for each reason, as they are published one by one."""
    found: list[MonthCells] = []
    running = 0
    for started, ended in months:
        reasons: dict[str, int] = {}
        for name, wanted in zip(REASONS, ended, strict=True):  # nobody ends who does not run
            reasons[name] = min(wanted, running + started - sum(reasons.values()))
        running += started - sum(reasons.values())
        counts = {
            Cell(STARTED): started,
            Cell(RUNNING): running,
            Cell(ENDED): sum(reasons.values()),
            **{Cell(REASON, name): number for name, number in reasons.items() if number},
        }
        found.append(MonthCells(counts, hidden_cells(found, counts, threshold)))
    return found


def sums(months: Sequence[MonthCells]) -> list[dict[tuple[int, Cell], int]]:
    """Return what anybody knows of the counts: each sum as how often a count stands in it, together nought."""
    known = []
    for place, month in enumerate(months):
        runs = {(place, Cell(RUNNING)): -1, (place, Cell(STARTED)): 1, (place, Cell(ENDED)): -1}
        known.append(runs | ({(place - 1, Cell(RUNNING)): 1} if place else {}))
        ends = {(place, cell): 1 for cell in month.counts if cell.figure == REASON}
        known.append(ends | {(place, Cell(ENDED)): -1})
    return known


def told(months: Sequence[MonthCells]) -> set[tuple[int, Cell]]:
    """Return the hidden counts that follow from the shown ones, by elimination over all sums."""
    hidden = [(place, cell) for place, month in enumerate(months) for cell in sorted(month.hidden)]
    rows = [[Fraction(one.get(cell, 0)) for cell in hidden] for one in sums(months)]
    done: list[list[Fraction]] = []
    for column in range(len(hidden)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        for others in (rows, done):
            for place, row in enumerate(others):
                others[place] = [mine - row[column] * its for mine, its in zip(row, pivot, strict=True)]
        done.append(pivot)
    alone = [[place for place, value in enumerate(row) if value] for row in done]
    return {hidden[found[0]] for found in alone if len(found) == 1}


@given(st.sampled_from([3, 5, 10]), MONTHS)
@examples(60)
def test_no_hidden_count_follows_from_the_shown_ones_nor_from_another_months(
    threshold: int, months: list[tuple[int, tuple[int, ...]]]
) -> None:
    found = published(threshold, months)
    small = {
        (place, cell)
        for place, one in enumerate(found)
        for cell, number in one.counts.items()
        if 0 < number < threshold
    }
    hidden = {(place, cell) for place, one in enumerate(found) for cell in one.hidden}
    assert small <= hidden
    assert told(found) == set()


def test_what_is_large_is_shown_and_a_nought_too() -> None:
    (month,) = published(5, [(20, (5, 6, 0))])
    assert month.hidden == frozenset()


def test_one_small_reason_takes_the_smallest_other_along() -> None:
    (month,) = published(5, [(30, (2, 9, 7))])
    assert month.hidden == {Cell(REASON, "Klart"), Cell(REASON, "Övrigt")}


def test_two_ones_that_make_two_take_their_sum_along_since_each_is_at_least_one() -> None:
    (month,) = published(2, [(30, (1, 1, 0))])
    assert {Cell(REASON, "Klart"), Cell(REASON, "Flyttat"), Cell(ENDED)} <= month.hidden


def test_a_few_who_started_would_follow_from_those_who_run_in_two_months() -> None:
    first, second = published(5, [(20, (0, 0, 0)), (2, (6, 0, 0))])
    assert first.hidden == frozenset()
    assert Cell(STARTED) in second.hidden
    assert len(second.hidden) > 1
