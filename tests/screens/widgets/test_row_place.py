"""The cursor's row is scrolled to whole, also where it was moved to before it had a place."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from screens.safe_app import SafeApp
from screens.widgets.row import Row
from screens.widgets.row_list import RowList


class Page(SafeApp[None]):
    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield RowList("rows")


def rows(number: int) -> tuple[Row, ...]:
    return tuple(Row(f"row {line}", f"Rad {line}") for line in range(number))


async def test_a_row_is_scrolled_to_once_it_has_a_place() -> None:
    app = Page()
    async with app.run_test(size=(40, 10)) as pilot:
        shown = app.query_one(RowList)
        shown.show_rows(rows(5))
        await pilot.pause()
        shown.show_rows(rows(50))
        shown.move_to("row 45")  # the page is still five rows high
        page = app.query_one(VerticalScroll)
        for _ in range(100):  # it is laid out when there is time for it
            await pilot.pause()
            if page.scroll_offset.y:
                break
        assert page.scroll_offset.y <= 45 < page.scroll_offset.y + 10
        shown.show_rows(rows(40))
        await pilot.pause()
        page.scroll_home(animate=False)
        shown.show_rows(rows(45))
        await pilot.pause()
        assert page.scroll_offset.y == 0  # it is not scrolled to again
