"""The cursor's row is scrolled to whole, also where it was moved to before it had a place."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from screens.safe_app import SafeApp
from screens.widgets.row import Row
from screens.widgets.row_list import RowList
from tests.waits import until


class Page(SafeApp[None]):
    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield RowList("rows")


def rows(number: int) -> tuple[Row, ...]:
    return tuple(Row(f"row {line}", f"Rad {line}") for line in range(number))


async def test_a_row_is_scrolled_to_once_it_has_a_place() -> None:
    app = Page()
    async with app.run_test(size=(40, 10)) as pilot:
        shown, page = app.query_one(RowList), app.query_one(VerticalScroll)
        shown.show_rows(rows(5))
        await until(pilot, lambda: shown.size.height == 5)
        shown.show_rows(rows(50))
        shown.move_to("row 45")  # the page is still five rows high
        await until(pilot, lambda: page.scroll_offset.y > 0)
        assert page.scroll_offset.y <= 45 < page.scroll_offset.y + 10
        shown.show_rows(rows(40))
        await until(pilot, lambda: shown.size.height == 40)
        page.scroll_home(animate=False)
        await until(pilot, lambda: page.scroll_offset.y == 0)
        shown.show_rows(rows(45))
        await until(pilot, lambda: shown.size.height == 45)
        await pilot.pause()
        assert page.scroll_offset.y == 0  # it is not scrolled to again


async def test_a_row_is_scrolled_to_also_where_the_rows_before_it_get_their_place_first() -> None:
    app = Page()
    async with app.run_test(size=(40, 10)) as pilot:
        shown, page = app.query_one(RowList), app.query_one(VerticalScroll)
        shown.show_rows(rows(50))
        shown.move_to("row 45")
        shown.on_resize()  # as for the room of fewer rows, which the list had asked for before
        await until(pilot, lambda: page.scroll_offset.y > 0)
        assert page.scroll_offset.y <= 45 < page.scroll_offset.y + 10
