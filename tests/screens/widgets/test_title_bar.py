from datetime import date
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from screens.safe_app import SafeApp
from screens.widgets.title_bar import TitleBar
from tests.screens import hostile as texts
from tests.screens import painted

TRAIL = ("‹ Mina", "Ahlberg, Sara", "19800102-2386", "KomIgång online")


class Top(SafeApp[None]):
    def __init__(self, **shown: Any) -> None:
        super().__init__()
        self.shown = {
            "unit_name": "Barn- och ungdomshälsan",
            "unit_code": "OVN1",
            "practice": True,
            "today": date(2026, 11, 22),
            "person": "Lind, Karin",
            "roles": ("Behandlare",),
            **shown,
        }
        self.backs = 0

    def compose(self) -> ComposeResult:
        yield TitleBar(**self.shown)

    def on_title_bar_back(self) -> None:
        self.backs += 1


async def line(width: int, **shown: Any) -> str:
    app = Top(**shown)
    async with app.run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        return painted.lines(app)[0]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (100, " Barn- och ungdomshälsan (OVN1)   ▌KONTROLLERA KLOCKAN▐   ▌ÖVNINGSMILJÖ▐   22 nov   Lind, Karin     "),
        (80, " OVN1   ▌KONTROLLERA KLOCKAN▐   ▌ÖVNINGSMILJÖ▐   Lind, Karin "),
        (48, " OVN1   ▌KONTROLLERA KLOCKAN▐   ▌ÖVNINGSMILJÖ▐ "),
    ],
)
async def test_what_is_wrong_stands_beside_the_band_for_as_long_as_it_is_so(width: int, expected: str) -> None:
    app = Top()
    async with app.run_test(size=(width, 3)) as pilot:
        before = painted.lines(app)[0]
        app.title_mark = "KONTROLLERA KLOCKAN"
        await pilot.pause()
        assert painted.lines(app)[0].split() == expected.split()
        app.title_mark = ""
        await pilot.pause()
        assert painted.lines(app)[0] == before


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            120,
            " Stöd och behandling · Barn- och ungdomshälsan (OVN1)"
            "           ▌ÖVNINGSMILJÖ▐   22 nov 2026   Lind, Karin · Behandlare ",
        ),
        (100, " Barn- och ungdomshälsan (OVN1)           ▌ÖVNINGSMILJÖ▐   22 nov 2026   Lind, Karin · Behandlare "),
        (80, " Barn- och ungdomshälsan (OVN1)    ▌ÖVNINGSMILJÖ▐   22 nov 2026   Lind, Karin "),
        (74, " Barn- och ungdomshälsan (OVN1)   ▌ÖVNINGSMILJÖ▐   22 nov   Lind, Karin  "),
        (64, " Barn- och ungdomshälsan (OVN1)  ▌ÖVNINGSMILJÖ▐   Lind, Karin "),
        (40, " OVN1      ▌ÖVNINGSMILJÖ▐   Lind, Karin "),
        (24, " OVN1    ▌ÖVNINGSMILJÖ▐ "),
        (16, " ▌ÖVNINGSMILJÖ▐ "),
    ],
)
async def test_what_there_is_room_for(width: int, expected: str) -> None:
    shown = await line(width)
    assert shown.split() == expected.split()
    assert cell_len(shown) == width


async def test_several_roles_give_way_first() -> None:
    roles = ("Behandlare", "Invånaradministratör")
    assert "Lind, Karin · Behandlare, Invånaradministratör" in await line(140, roles=roles)
    shown = await line(90, roles=roles)
    assert "Invånaradministratör" not in shown
    assert "22 nov 2026" in shown


@pytest.mark.parametrize("width", [16, 20, 40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("trail", [(), TRAIL])
async def test_the_band_is_never_left_out(width: int, trail: tuple[str, ...]) -> None:
    shown = await line(width, trail=trail, unit_name="N" * 60, person="P" * 60, roles=("R" * 60,))
    assert "▌ÖVNINGSMILJÖ▐" in shown
    assert cell_len(shown) == width


async def test_a_real_store_has_no_band() -> None:
    assert "ÖVNINGSMILJÖ" not in await line(120, practice=False)


async def test_a_page_says_where_one_is() -> None:
    assert (await line(140, trail=TRAIL)).startswith(" ‹ Mina   Ahlberg, Sara   19800102-2386   KomIgång online  ")
    shown = await line(80, trail=TRAIL)
    assert shown.startswith(" ‹ Mina   Ahlberg, Sara   19800102-2386   KomIgång online")
    assert shown.endswith("▌ÖVNINGSMILJÖ▐ ")


async def test_the_name_is_the_last_to_be_cut() -> None:
    assert (await line(44, trail=TRAIL)).split() == ["‹", "Mina", "Ahlberg,", "Sara", "▌ÖVNINGSMILJÖ▐"]
    assert "‹ Mina   Ahlbe…" in await line(34, trail=TRAIL)


@pytest.mark.parametrize("width", [80, 100])
async def test_a_long_name_is_shortened_and_the_program_stays(width: int) -> None:
    """Two moments of one person are common: at 80 columns a long name pushed out which one it was."""
    trail = (
        "‹ Att göra",
        "Zakrzewska-Wolańska von Rosenstråle, Anna-Karin Margareta Elisabet",
        "KomIgång online",
        "19800102-2386",
    )
    shown = await line(width, trail=trail, kept=3)
    assert "‹ Att göra   Zakrzewska-Wola" in shown
    assert "…   KomIgång online" in shown
    assert "▌ÖVNINGSMILJÖ▐" in shown


async def test_the_way_back_can_be_clicked() -> None:
    app = Top(trail=TRAIL)
    async with app.run_test(size=(80, 3)) as pilot:
        await pilot.click(TitleBar, offset=(3, 0))
        await pilot.click(TitleBar, offset=(12, 0))
        await pilot.pause()
        assert app.backs == 1


async def test_the_line_follows_its_attributes() -> None:
    app = Top()
    async with app.run_test(size=(120, 3)) as pilot:
        bar = app.query_one(TitleBar)
        bar.today, bar.person, bar.roles = date(2026, 11, 23), "Ek, Per", ("Utbildare",)
        await pilot.pause()
        assert "23 nov 2026   Ek, Per · Utbildare" in painted.text(app)


@texts.every
async def test_names_are_only_text(hostile: str) -> None:
    for shown in ({"unit_name": hostile}, {"person": hostile}, {"roles": (hostile,)}, {"trail": ("‹ Mina", hostile)}):
        app: App[None] = Top(**shown)
        async with app.run_test(size=(120, 3)) as pilot:
            await pilot.pause()
            painted_line = painted.lines(app)[0]
            assert texts.is_clean(painted_line)
            assert cell_len(painted_line) == 120
            assert "ÖVNINGSMILJÖ" in painted_line
            await pilot.click(TitleBar, offset=(20, 0))
            assert app.is_running


async def test_markup_is_shown_as_it_stands() -> None:
    assert "[/x] [@click=app.quit]y" in await line(120, unit_name="[/x] [@click=app.quit]y")
