"""Lists of options in a window that is too narrow for a line: keys that turn a page do nothing, and stop nothing."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

import screens
from screens.palette import SwedishPalette
from screens.safe_app import SafeApp
from screens.widgets.option_list import OptionList, numbered
from tests.screens import painted
from tests.waits import until

KEYS = ("pagedown", "pageup", "end", "home", "down", "up", "pagedown")


class Listed(App[None]):
    CSS = "OptionList { border: none; padding: 0; } OptionList > .option-list--option { padding: 0 1; }"

    def compose(self) -> ComposeResult:
        yield OptionList(*map(str, range(30)))


@pytest.mark.parametrize("size", [(1, 10), (2, 1), (3, 2), (20, 1), (1, 1)])
async def test_no_key_stops_it_without_room(size: tuple[int, int]) -> None:
    app = Listed()
    async with app.run_test(size=(40, 12)) as pilot:
        shown = app.query_one(OptionList)
        await pilot.press("home", "pagedown")
        assert (first := shown.highlighted) not in (None, 0)
        await pilot.resize_terminal(*size)
        await pilot.press(*KEYS)
        await pilot.resize_terminal(40, 12)
        await until(pilot, lambda: shown.scrollable_content_region.height == 12 < shown.virtual_size.height)
        await pilot.press("home", "pagedown")
        assert shown.highlighted == first


@pytest.mark.parametrize("width", [1, 2, 3])
async def test_nor_an_option_that_is_chosen_where_its_padding_takes_all_the_width(width: int) -> None:
    app = Listed()
    async with app.run_test(size=(40, 12)) as pilot:
        shown = app.query_one(OptionList)
        shown.clear_options().add_options(["Välj något", "Ett", "Två"])
        await pilot.resize_terminal(width, 12)
        await pilot.press("down", "end", "home")
        shown.highlighted = 2
        await pilot.resize_terminal(40, 12)
        await pilot.press("home", "down")
        assert shown.highlighted == 1


async def test_nor_the_palette() -> None:
    app = SafeApp[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", "down")
        assert isinstance(app.screen, SwedishPalette)
        await pilot.resize_terminal(1, 10)
        await pilot.press(*KEYS)
        await pilot.press("escape")
        assert not isinstance(app.screen, SwedishPalette)


async def test_a_choice_goes_on_under_its_words_where_there_is_room() -> None:
    def drawn() -> list[str]:
        return [line.rstrip() for line in painted.lines(app)[:2]]

    app = Listed()
    async with app.run_test(size=(30, 8)) as pilot:
        shown = app.query_one(OptionList)
        shown.clear_options().add_option(numbered(0, Content("Ett moment utan att lämna något efter sig"), "● "))
        await until(pilot, lambda: drawn() == [" 1 ● Ett moment utan att", "     lämna något efter sig"])
        await pilot.resize_terminal(18, 8)
        await until(pilot, lambda: drawn() == [" 1 ● Ett moment", " utan att lämna"])


def test_every_list_is_ours() -> None:
    folder = Path(screens.__file__).parent
    using = {path.name for path in folder.rglob("*.py") if "(widgets.OptionList)" in path.read_text("utf-8")}
    assert using == {"option_list.py"}
    imported = [path for path in folder.rglob("*.py") if "import OptionList" in path.read_text("utf-8")]
    assert all("screens.widgets.option_list import" in path.read_text("utf-8") for path in imported)
