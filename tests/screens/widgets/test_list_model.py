"""A list that changes while it is read and looked at: where cursor and view are afterwards. Without an app."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from screens.widgets.list_model import FIRST_ROWS, ListModel
from screens.widgets.paging import read
from screens.widgets.view import View
from tests.screens.widgets.rows import MadeUpRow, MemorySource, made_up

HEIGHT = 12


class Shown:
    """A list as a page shows it: what its model says is read is read, where it says the view begins the view begins."""

    def __init__(self, source: MemorySource, ahead: int = 5) -> None:
        self.source = source
        self.top = 0
        self.model: ListModel[MadeUpRow] = ListModel(ahead)
        self.model.set_source(source, keep=False)
        self.read()

    @property
    def view(self) -> View:
        return View(self.model.outline, self.top, HEIGHT)

    def read(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Read until nothing is wanted; something may happen between the first request and its answer."""
        for turn in range(10):
            request = self.model.next_request(self.view)
            if request is None:
                return
            reading = read(self.source, request)
            if turn == 0:
                meanwhile()
            top = self.model.take(request, reading, self.view)
            self.top = self.top if top is None else top
        raise AssertionError("it never comes to rest")

    def changed(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Read the list anew, as after a change."""
        self.model.read_anew()
        self.read(meanwhile)

    def go(self, row: int, top: int | None = None) -> None:
        """Put the cursor on a row, and the view where it shows it, or elsewhere."""
        self.model.move_to(row)
        self.top = self.view.top_showing(row) if top is None else top
        self.read()

    @property
    def cursor(self) -> int | None:
        """The id of the row that the cursor is on."""
        row = self.model.row
        assert (row is None) == (self.model.cursor is None)
        if row is not None:
            assert self.model.cursor is not None
            assert self.source.all()[self.model.cursor] == row
        return None if row is None else row.id

    def line(self, row_id: int) -> int:
        """On which line of the screen a row is."""
        place = [row.id for row in self.source.all()].index(row_id)
        return self.model.outline.line_of(place) - self.top

    def rows(self) -> list[int]:
        """The ids of the rows in view: all of them have been read."""
        first, last = self.view.rows()
        kept = [self.model.window.get(index) for index in range(first, last)]
        assert kept == self.source.all()[first:last]
        return [row.id for row in kept if row is not None]


@pytest.fixture
def shown() -> Shown:
    """Two sections: rows 0–99 and 200–219."""
    return Shown(MemorySource({"a": made_up(100), "b": made_up(20, 200)}))


def before_all(source: MemorySource, *numbers: int) -> None:
    for number in numbers:
        source.insert("a", MadeUpRow(number, f"a {number:06}"))


def test_it_begins_at_its_first_row_with_a_page_read_ahead(shown: Shown) -> None:
    model = shown.model
    assert (shown.cursor, shown.top, model.loaded, model.outline.rows) == (0, 0, True, 120)
    assert shown.rows() == list(range(9))
    assert len(model.window) < FIRST_ROWS
    section = model.section()
    assert section
    assert section.key == "a"
    shown.go(110)
    assert shown.cursor == 210
    section = model.section()
    assert section
    assert section.key == "b"


def test_the_cursor_stays_on_its_row_and_that_on_its_line(shown: Shown) -> None:
    shown.go(50)
    line = shown.line(50)
    before_all(shown.source, 900, 901, 902)
    shown.source.remove(10, 60)
    shown.changed()
    assert (shown.cursor, shown.model.cursor, shown.line(50)) == (50, 52, line)
    assert 50 in shown.rows()


def test_where_the_cursor_is_out_of_view_what_is_seen_stays_where_it_is(shown: Shown) -> None:
    shown.go(50)
    shown.go(50, top=20)
    seen = shown.rows()
    before_all(shown.source, 900, 901)
    shown.changed()
    assert (shown.cursor, shown.model.cursor) == (50, 52)
    assert shown.rows() == seen
    assert not shown.view.shows(52)


def test_at_the_very_top_news_is_seen_and_the_cursor_follows_its_row(shown: Shown) -> None:
    shown.go(3)
    before_all(shown.source, 900)
    shown.changed()
    assert (shown.top, shown.cursor, shown.model.cursor) == (0, 3, 4)
    assert shown.rows()[0] == 900


def test_the_row_after_the_cursors_takes_its_place_when_that_goes_and_at_the_end_the_last(shown: Shown) -> None:
    shown.go(50)
    shown.source.remove(50)
    shown.changed()
    assert (shown.cursor, shown.model.cursor) == (51, 50)
    shown.go(118)
    assert shown.cursor == 219
    shown.source.remove(219)
    shown.changed()
    assert (shown.cursor, shown.model.cursor) == (218, 117)
    assert shown.rows()[-1] == 218


def test_a_section_that_goes_takes_the_cursor_to_where_it_was_in_the_list(shown: Shown) -> None:
    shown.go(110)
    shown.source.remove(*range(200, 220))
    shown.changed()
    assert (shown.cursor, shown.model.cursor, shown.model.outline.rows) == (99, 99, 100)
    assert shown.top == shown.view.max_top


def test_an_empty_list_has_no_cursor_until_a_row_comes(shown: Shown) -> None:
    shown.go(50)
    shown.source.remove(*(row.id for row in shown.source.all()))
    shown.changed()
    assert (shown.cursor, shown.model.cursor, shown.top, shown.model.section()) == (None, None, 0, None)
    shown.source.insert("a", MadeUpRow(7, "rad"))
    shown.changed()
    assert (shown.cursor, shown.model.cursor, shown.rows()) == (7, 0, [7])


def test_a_cursor_that_was_moved_while_the_list_was_read_is_on_the_row_it_was_moved_to(shown: Shown) -> None:
    shown.go(50)
    before_all(shown.source, 900, 901)
    shown.changed(lambda: shown.model.move_to(53))
    assert (shown.cursor, shown.model.cursor) == (53, 55)
    shown.source.remove(900)
    shown.changed(lambda: shown.model.move_to(0))
    assert shown.model.cursor == 0
    assert shown.model.row in (None, shown.source.all()[0])


def test_another_source_begins_anew_unless_the_place_is_kept(shown: Shown) -> None:
    shown.go(50)
    fewer = MemorySource({"a": made_up(80)})
    shown.source = fewer
    shown.model.set_source(fewer, keep=True)
    shown.read()
    assert (shown.cursor, shown.model.outline.rows) == (50, 80)
    assert 50 in shown.rows()
    other = MemorySource({"a": made_up(100, 300)})
    shown.source = other
    shown.model.set_source(other, keep=False)
    shown.model.set_source(other, keep=True)
    shown.read()
    assert (shown.cursor, shown.top, shown.model.outline.rows) == (300, 0, 100), "what is asked first still holds"
    shown.model.set_source(None, keep=True)
    assert shown.model.next_request(shown.view) is None


def test_a_row_that_is_sought_in_another_source_is_found_there_once_that_is_read(shown: Shown) -> None:
    shown.go(50)
    other = MemorySource({"a": made_up(100, 300)})
    shown.source = other
    shown.model.set_source(other, keep=False)
    shown.model.seek(390)
    assert shown.model.is_left
    shown.read()
    assert (shown.cursor, shown.model.is_left) == (390, False)
    assert 390 in shown.rows()


def test_a_far_jump_reads_what_is_there_and_nothing_that_is_known(shown: Shown) -> None:
    for top in (60, 64, 30, 115, 0):
        shown.go(50, top=top)
        assert shown.rows()
    shown.source.calls.clear()
    shown.go(2)
    shown.go(0)
    assert shown.source.calls == [], "a page around what is in view is kept"
    assert len(shown.model.window) <= HEIGHT + 4 * 5


def test_rows_that_are_gone_when_they_are_read_let_the_list_be_read_anew(shown: Shown) -> None:
    shown.go(50)
    shown.source.remove(*range(80, 100), *range(200, 220))
    shown.go(50, top=110)
    assert shown.model.outline.rows == 80
    assert (shown.cursor, shown.model.cursor) == (50, 50)
    assert shown.rows()[-1] == 79
