import pytest
from rich.cells import cell_len
from textual.app import ComposeResult

from screens.safe_app import SafeApp
from screens.widgets.tab_strip import TabItem, TabStrip
from tests.screens import hostile as texts
from tests.screens import painted
from tests.screens.frame import PAGE, TOP


class Tabs(SafeApp[None]):
    def __init__(self, items: tuple[TabItem, ...] = TOP, active: str = "mine") -> None:
        super().__init__()
        self.items, self.active = items, active
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield TabStrip(self.items, active=self.active)

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        self.chosen.append(event.tab_id)


async def line(width: int, items: tuple[TabItem, ...] = TOP, active: str = "mine") -> str:
    app = Tabs(items, active)
    async with app.run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        return painted.lines(app)[0]


async def test_the_tabs_with_their_keys_and_counts() -> None:
    assert (await line(120)).rstrip() == " 1 Att göra 4  [2 Mina 14]  3 Alla   4 Avslutade   Min profil"


async def test_at_eighty_columns_the_page_shortens_its_longest_tab() -> None:
    wide = (await line(120, PAGE, "manage")).rstrip()
    assert wide == "[1 Hantera]  2 Meddelanden ●1   3 Tidslinje   4 Flaggor och aktivitetsplaner"
    assert (await line(70, PAGE, "manage")).rstrip().endswith("4 Flaggor och planer")


@pytest.mark.parametrize("width", [10, 20, 30, 40, 50, 60, 70, 80])
async def test_the_keys_stay(width: int) -> None:
    shown = await line(width, PAGE, "manage")
    assert cell_len(shown) == width
    if width >= 30:
        assert all(f"{item.key} " in shown for item in PAGE)


async def test_the_active_tab_has_a_mark_besides_its_colour() -> None:
    app = Tabs()
    async with app.run_test(size=(120, 3)) as pilot:
        await pilot.pause()
        strip = app.query_one(TabStrip)

        def underlined() -> str:
            return "".join(part.text for part in painted.segments(app) if part.style and part.style.underline)

        assert underlined() == "2 Mina 14"
        strip.active = "todo"
        await pilot.pause()
        assert underlined() == "1 Att göra 4"
        assert "[1 Att göra 4]" in painted.text(app)
        strip.items = (TabItem("todo", "1", "Att göra", "5"), *TOP[1:])
        await pilot.pause()
        assert "[1 Att göra 5]" in painted.text(app)


@pytest.mark.parametrize("width", [120, 60, 40])
async def test_a_click_chooses_the_tab_under_it(width: int) -> None:
    app = Tabs(PAGE, "manage")
    async with app.run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        for item in PAGE:
            await pilot.click(TabStrip, offset=(painted.lines(app)[0].index(f"{item.key} "), 0))
        await pilot.click(TabStrip, offset=(width - 1, 0))
        await pilot.pause()
        assert app.chosen[:4] == [item.id for item in PAGE]


async def test_no_tabs_paint_an_empty_line() -> None:
    assert (await line(40, ())).strip() == ""


@texts.every
async def test_labels_are_only_text(hostile: str) -> None:
    app = Tabs((TabItem("a", "1", hostile, hostile), TabItem("b", "2", "Alla")), "a")
    async with app.run_test(size=(80, 3)) as pilot:
        await pilot.pause()
        shown = painted.lines(app)[0]
        assert texts.is_clean(shown)
        assert cell_len(shown) == 80
        await pilot.click(TabStrip, offset=(20, 0))
        assert app.is_running
