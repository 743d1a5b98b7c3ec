"""OutlineLine numbers, rows and sections; views; windows read piece by piece: against a list written out in full."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from screens.widgets.list_model import ListModel
from screens.widgets.outline import Kind, Outline, OutlineLine, SectionInfo
from screens.widgets.paging import Anchor, Request, Window, read
from screens.widgets.view import View
from tests.screens.widgets.rows import MadeUpRow, MemorySource, made_up

fixed = settings(derandomize=True, max_examples=50, deadline=None)

sections = st.lists(
    st.builds(
        SectionInfo,
        key=st.uuids(),
        count=st.integers(0, 12),
        heading=st.sampled_from(["", "Program"]),
        subheading=st.sampled_from(["", "Pågående"]),
    ),
    max_size=8,
)


def written_out(infos: list[SectionInfo], *, compact: bool) -> list[OutlineLine]:
    lines: list[OutlineLine] = []
    row = 0
    for index, info in enumerate(infos):
        if compact:
            lines += [OutlineLine(Kind.COLUMNS, index)] * (not lines)
            lines += [OutlineLine(Kind.HEADING, index)] * bool(info.heading or info.subheading)
            lines += [OutlineLine(Kind.ROW, index, row + number) for number in range(info.count)]
            row += info.count
            continue
        block = [OutlineLine(Kind.HEADING, index)] * bool(info.heading) + [OutlineLine(Kind.SUBHEADING, index)] * bool(
            info.subheading
        )
        block += [OutlineLine(Kind.COLUMNS, index)] * bool(info.count)
        block += [OutlineLine(Kind.ROW, index, row + number) for number in range(info.count)]
        lines += [OutlineLine(Kind.BLANK, index)] * bool(lines and block) + block
        row += info.count
    return lines


@fixed
@given(sections, st.booleans())
def test_every_line_is_what_it_would_be_written_out(infos: list[SectionInfo], compact: bool) -> None:
    outline = Outline(infos, compact=compact)
    lines = written_out(infos, compact=compact)
    assert [outline.line(number) for number in range(-1, outline.lines + 1)] == [None, *lines, None]
    assert outline.rows == sum(info.count for info in infos)


@fixed
@given(sections, st.booleans())
def test_a_row_is_found_from_any_line_and_back(infos: list[SectionInfo], compact: bool) -> None:
    outline = Outline(infos).laid_out(compact=compact)
    lines = written_out(infos, compact=compact)
    rows = {line.row: number for number, line in enumerate(lines) if line.kind is Kind.ROW}
    for row, number in rows.items():
        assert outline.line_of(row) == number
        assert outline.section_of(row) == lines[number].section
    for number in range(-2, outline.lines + 2):
        assert outline.row_from(number) == min((row for row, at in rows.items() if at >= number), default=None)
        assert outline.row_until(number) == max((row for row, at in rows.items() if at <= number), default=None)


@fixed
@given(sections, st.integers(-5, 60), st.integers(-5, 60))
def test_pieces_are_the_rows_section_by_section(infos: list[SectionInfo], first: int, last: int) -> None:
    outline = Outline(infos)
    rows = [(line.section, line.row) for line in written_out(infos, compact=False) if line.kind is Kind.ROW]
    pieces = list(outline.runs(first, last))
    told = [(piece.section, piece.first + number) for piece in pieces for number in range(piece.length)]
    assert told == rows[max(0, first) : max(0, last)]
    for piece in pieces:
        assert outline.row_at(infos[piece.section].key, piece.offset) == piece.first


@fixed
@given(sections, st.data(), st.integers(5, 20), st.booleans(), st.booleans())
def test_a_view_moved_to_a_row_shows_it_and_moves_no_further_than_needed(
    infos: list[SectionInfo], data: st.DataObject, height: int, pin: bool, compact: bool
) -> None:
    outline = Outline(infos, compact=compact)
    if not outline.rows:
        return
    row = data.draw(st.integers(0, outline.rows - 1))
    view = View(outline, data.draw(st.integers(0, max(0, outline.lines - height))), height, pin)
    top = view.top_showing(row)
    moved = View(outline, top, height, pin)
    assert moved.shows(row)
    assert moved.top_showing(row) == top
    if view.shows(row) and row > 0 and outline.section_of(row) == outline.section_of(row - 1):
        assert top == view.top


@fixed
@given(sections, st.integers(5, 20), st.booleans())
def test_paging_goes_through_the_whole_list_and_back(infos: list[SectionInfo], height: int, compact: bool) -> None:
    outline = Outline(infos, compact=compact)
    if not outline.rows:
        return
    row, view = 0, View(outline, 0, height)
    for direction, end in ((1, outline.rows - 1), (-1, 0)):
        while row != end:
            further, top = view.paged(row, direction)
            assert (further - row) * direction > 0
            row, view = further, View(outline, top, height)
            assert view.shows(row)
        assert view.paged(row, direction)[0] == end


@fixed
@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.lists(st.integers(0, 150), min_size=1, max_size=12))
def test_whatever_was_read_before_the_rows_are_the_right_ones(counts: list[int], jumps: list[int]) -> None:
    source = MemorySource({str(number): made_up(count, number * 100) for number, count in enumerate(counts)})
    outline = Outline(source.sections())
    reference = source.all()
    window: Window[MadeUpRow] = Window()
    for jump in jumps:
        reading = read(source, Request(jump - 10, jump + 20, window, outline))
        assert not reading.short
        window = reading.window
        wanted = reference[max(0, jump - 10) : jump + 20]
        assert [window.get(max(0, jump - 10) + number) for number in range(len(wanted))] == wanted
        assert list(window.rows) == reference[window.first : window.end]
        window = window.cut(jump - 30, jump + 40)


@fixed
@given(st.integers(1, 40), st.sets(st.integers(0, 39)), st.sets(st.integers(100, 120)), st.data())
def test_a_row_held_is_found_again_or_else_its_neighbour(
    count: int, gone: set[int], come: set[int], data: st.DataObject
) -> None:
    source = MemorySource({"a": made_up(count), "b": made_up(3, 900)})
    index = data.draw(st.integers(0, count - 1))
    row = source.all()[index]
    source.remove(*gone)
    for number in come:
        source.insert("a", MadeUpRow(number, f"rad {number % 40:06}b"))
    reading = read(source, Request(index, index + 5, Window(), cursor=Anchor(row, "a", index), pivot=None))
    assert reading.cursor is not None
    found = source.all()[reading.cursor]
    if row.id not in gone:
        assert found == row
    elif source.rows["a"]:
        nearest = [other for other in source.rows["a"] if other.key >= row.key][:1] or source.rows["a"][-1:]
        assert found == nearest[0]


def test_counts_that_are_too_high_leave_holes_and_one_reading_anew() -> None:
    source = MemorySource({"a": made_up(30)})
    model: ListModel[MadeUpRow] = ListModel(10)
    model.set_source(source, keep=False)
    view = View(model.outline, 0, 10)
    request = model.next_request(view)
    assert request is not None
    model.take(request, read(source, request), view)
    source.remove(*range(25, 30))
    for _ in range(4):
        view = View(model.outline, 22, 10)
        request = model.next_request(view)
        if request is None:
            break
        model.take(request, read(source, request), view)
    assert request is None
    assert model.outline.rows == 25
    assert not model.wants(View(model.outline, model.outline.lines - 10, 10))


def test_a_view_higher_than_what_is_read_ahead_still_comes_to_rest() -> None:
    source = MemorySource({"a": made_up(2000)})
    model: ListModel[MadeUpRow] = ListModel(10)
    model.set_source(source, keep=False)
    for _ in range(5):
        view = View(model.outline, 700, 300)
        request = model.next_request(view)
        if request is None:
            break
        model.take(request, read(source, request), view)
    assert request is None
    assert len(model.window) <= 300 + 4 * 10


def test_a_reading_that_failed_is_tried_again_as_it_was() -> None:
    source = MemorySource({"a": made_up(200)})
    model: ListModel[MadeUpRow] = ListModel(10)
    model.set_source(source, keep=False)
    view = View(model.outline, 0, 10)
    first = model.next_request(view)
    assert first is not None
    assert not model.wants(view)
    model.failed(first)
    again = model.next_request(view)
    assert again is not None
    assert (again.begins, again.first, again.last) == (first.begins, first.first, first.last) == (True, 0, 100)
    model.take(again, read(source, again), view)
    far = View(model.outline, 150, 10)
    more = model.next_request(far)
    assert more is not None
    model.failed(more)
    assert model.wants(far), "what is missing in view is asked for again"
    assert not model.wants(View(model.outline, 0, 10)), "and nothing else is"


TWO = Outline(
    [
        SectionInfo(key="a", count=30, heading="Program", subheading="Pågående"),
        SectionInfo(key="b", count=5, heading="", subheading=""),
    ]
)
"""Lines 0–2 are headings, 3–32 rows, 33 is blank, 34 the columns' titles, 35–39 rows."""


def test_what_stands_still_at_the_top_of_a_view() -> None:
    depths = [View(TWO, top, 12).pinned() for top in (0, 1, 2, 3, 20, 32, 33, 34, 35, 40)]
    assert depths == [(0, 0), (0, 0), (0, 2), (0, 2), (0, 2), (0, 2), (0, 0), (1, 2), (1, 2), (0, 0)]
    assert View(TWO, 10, 8).pinned() == (0, 2)
    assert View(TWO, 10, 7).pinned() == View(TWO, 10, 12, pin=False).pinned() == (0, 0)
    bare = Outline([SectionInfo(key="a", count=30, heading="", subheading="")])
    assert View(bare, 10, 12).pinned() == (0, 1)


def test_which_rows_are_in_view() -> None:
    assert [View(TWO, top, 12).rows() for top in (0, 3, 28, 40)] == [(0, 9), (0, 12), (25, 35), (0, 0)]
    assert View(Outline(()), 0, 12).rows() == (0, 0)
    view = View(TWO, 10, 12)
    assert [row for row in range(35) if view.shows(row)] == list(range(9, 19)), "two lines are covered"
    assert [row for row in range(35) if View(TWO, 10, 12, pin=False).shows(row)] == list(range(7, 19))


def test_a_page_further_keeps_the_row_on_its_line() -> None:
    start = View(TWO, 0, 12)
    assert start.paged(0, 1) == (9, 9)
    assert View(TWO, 9, 12).paged(9, 1) == (18, 18)
    assert View(TWO, 18, 12).paged(18, -1) == (9, 9)
    assert View(TWO, 9, 12).paged(9, -1) == (0, 0)
    assert View(TWO, TWO.lines - 12, 12).paged(34, 1) == (34, TWO.lines - 12)
    assert start.paged(0, -1) == (0, 0)
    assert View(TWO, 0, 2).paged(0, 1)[0] == 1, "never less than a row"


def test_the_nearest_view_that_shows_a_row() -> None:
    view = View(TWO, 10, 12)
    tops = {row: view.top_showing(row) for row in (0, 1, 8, 9, 18, 19, 29, 30, 34)}
    assert tops == {0: 0, 1: 2, 8: 9, 9: 10, 18: 10, 19: 11, 29: 21, 30: 24, 34: 28}
