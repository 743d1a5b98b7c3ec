"""The focus goes on to what stands nearest where what had it has gone, is hidden, or has nothing for the cursor."""

from collections.abc import Callable

import pytest
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button

from screens.safe_app import SafeApp
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.row_list import RowList
from tests.waits import until


class Lists(Page[None]):
    """Two lists and a button in one part, a button in another."""

    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False, id="part"):
            yield RowList("above")
            yield RowList("below")
            yield Button("Avsluta", id="last")
        with Vertical():
            yield Button("Annat", id="other")


class Host(SafeApp[None]):
    def get_default_screen(self) -> Screen[None]:
        return Lists()


def rows(*names: str) -> tuple[Row, ...]:
    return tuple(Row(name, name) for name in names)


def emptied(page: Lists, id: str) -> None:
    page.query_one(f"#{id}", RowList).show_rows(())


def hidden(page: Lists, id: str) -> None:
    page.query_one(f"#{id}").display = False


async def removed(page: Lists, id: str) -> None:
    await page.query_one(f"#{id}").remove()


@pytest.mark.parametrize("take", [emptied, hidden, removed])
@pytest.mark.parametrize(("lost", "found"), [("above", "below"), ("below", "last")])
async def test_the_focus_is_given_on(take: Callable[[Lists, str], object], lost: str, found: str) -> None:
    app = Host()
    async with app.run_test() as pilot:
        page = app.screen
        assert isinstance(page, Lists)
        for one in page.query(RowList):
            one.show_rows(rows("ett", "två"))
        page.query_one(f"#{lost}").focus()
        await until(pilot, lambda: page.focused is not None and page.focused.id == lost)
        if (done := take(page, lost)) is not None:
            await done  # type: ignore[misc]
        await until(pilot, lambda: page.focused is not None and page.focused.id == found)
        page.query_one("#part").display = False  # nothing is left beside it
        await until(pilot, lambda: page.focused is not None and page.focused.id == "other")


async def test_what_changed_under_a_page_has_a_focus_when_one_is_back() -> None:
    app = Host()
    async with app.run_test() as pilot:
        page = app.screen
        assert isinstance(page, Lists)
        above = page.query_one("#above", RowList)
        above.show_rows(rows("ett"))
        page.query_one("#below", RowList).show_rows(())
        above.focus()
        await until(pilot, lambda: page.focused is above)
        await app.push_screen(Lists())
        above.show_rows(())
        app.pop_screen()
        await until(pilot, lambda: app.screen is page and page.focused is not None and page.focused.id == "last")


async def test_a_page_on_which_nothing_had_the_focus_is_left_alone() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Lists)
        app.screen.keep_focus()
        assert app.screen.focused is None
