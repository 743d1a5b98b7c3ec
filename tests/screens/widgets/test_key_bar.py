from typing import ClassVar

import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from screens.commands import commands_of
from screens.widgets.key_bar import KeyBar, lay_out
from tests.screens import painted
from tests.screens.frame import Frame, ListScreen, PageScreen, own
from tests.waits import until


def bar(app: Frame) -> list[str]:
    region = app.screen.query_one(KeyBar).region
    return [line[: region.right] for line in painted.lines(app)[region.y : region.bottom]]


async def shown(width: int, screen: type[ListScreen] = ListScreen) -> list[str]:
    app = Frame(screen)
    async with app.run_test(size=(width, 40)) as pilot:
        await pilot.pause()
        return bar(app)


async def test_the_screens_keys_to_the_left_and_the_apps_to_the_right() -> None:
    (line,) = await shown(120)
    assert line.startswith(" n Starta nytt moment  / Sök  s Sortera  f Filtrera   ")
    assert line.endswith("   F1 Hjälp  ctrl+p Kommandon  F9 Lås ")
    assert cell_len(line) == 120


async def test_a_command_with_another_key_stays_in_its_place() -> None:
    """Textual puts it last of its part."""
    app = Frame(ListScreen)
    app.set_keymap({"demo.search": "ctrl+f", "app.lock": "f12"})
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        (line,) = bar(app)
    assert line.startswith(" n Starta nytt moment  ctrl+f Sök  s Sortera  f Filtrera   ")
    assert line.endswith("   F1 Hjälp  ctrl+p Kommandon  F12 Lås ")


async def test_a_hundred_columns_are_one_line() -> None:
    (line,) = await shown(100)
    assert "F1 Hjälp" in line


async def test_eighty_columns_may_be_two_lines_with_every_key() -> None:
    first, second = await shown(80)
    assert first.rstrip() == " n Starta nytt moment  / Sök  s Sortera  f Filtrera"
    assert second.rstrip().endswith("F1 Hjälp  ctrl+p Kommandon  F9 Lås")


async def test_many_keys_are_two_lines_in_full_words_when_wide() -> None:
    first, second = await shown(140, PageScreen)
    assert "a Avsluta moment" in first
    assert "Esc Tillbaka" in second
    assert second.rstrip().endswith("F1 Hjälp  ctrl+p Kommandon  F9 Lås")


async def test_too_many_keys_for_eighty_columns_are_shortened_and_the_help_counts_the_rest() -> None:
    first, second = await shown(80, PageScreen)
    assert "u Skjut\xa0upp" in first, "words held together stay together"
    assert "b Byt" in first
    assert "Esc Tillbaka" in second
    assert second.rstrip(" ▇▆▅▄▃▂▁").endswith("F1 Hjälp +3  F9 Lås"), "the lock stays"


async def test_no_two_keys_are_shortened_to_the_same_words() -> None:
    class Weeks(ListScreen):
        BINDINGS: ClassVar[list[BindingType]] = [
            own("m", "read", "Markera som läst", "Markera händelsen som läst."),
            own("less_than_sign", "before", "Veckan före", "Visa veckan före."),
            own("greater_than_sign", "after", "Veckan efter", "Visa veckan efter."),
        ]

    line = " ".join(await shown(60, Weeks))
    assert "Veckan före" in line
    assert "Veckan efter" in line
    assert "m Markera  " in line


@pytest.mark.parametrize("width", range(10, 200, 7))
async def test_nothing_overlaps_or_sticks_out_at_any_width(width: int) -> None:
    app = Frame(PageScreen)
    async with app.run_test(size=(120, 40)):
        commands = [command for command in commands_of(app.screen) if command.on_key_bar]
        rows = lay_out(commands, width)
        assert len(rows) <= 2
        for row in rows:
            ends = [0] + [placed.x + placed.piece.width for placed in row]
            assert all(placed.x > end for placed, end in zip(row, ends, strict=False))
            assert ends[-1] < width
        if width >= 40:
            assert any(placed.piece.key == "F1" for row in rows for placed in row)


async def test_a_click_does_what_the_key_does() -> None:
    app = Frame()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        await pilot.click(offset=painted.place(app, "n Starta nytt moment"))
        await pilot.pause()
        assert "Moment startat [/x]." in painted.text(app)
        await pilot.click(offset=painted.place(app, "F1 Hjälp"))
        await pilot.pause()
        assert "Mer hjälp" in painted.text(app)


async def test_a_click_beside_the_keys_does_nothing() -> None:
    app = Frame()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.click(KeyBar, offset=(70, 0))
        await pilot.pause()
        assert isinstance(app.screen, ListScreen)


async def test_the_keys_a_field_types_are_not_offered_while_it_has_the_focus() -> None:
    app = Frame()
    async with app.run_test(size=(120, 40)) as pilot:
        app.screen.query_one(Input).focus()
        await pilot.pause()
        (line,) = bar(app)
        assert "Sök" not in line
        assert "Sortera" not in line
        assert line.strip() == "F1 Hjälp  ctrl+p Kommandon  F9 Lås"


class Changing(ListScreen):
    BINDINGS: ClassVar[list[BindingType]] = [own("x", "extra", "Extra", "Något mer."), own("y", "grey", "Grå", "Grå.")]
    extra: bool | None = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return (
            self.extra if action == "extra" else None if action == "grey" else super().check_action(action, parameters)
        )


async def test_the_bar_follows_what_can_be_done() -> None:
    app = Frame(Changing)
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        assert "x Extra" not in bar(app)[0]
        assert isinstance(app.screen, Changing)
        app.screen.extra = True
        app.screen.refresh_bindings()
        await pilot.pause()
        assert "x Extra" in bar(app)[0]


async def test_what_cannot_be_done_now_is_weak_and_does_nothing() -> None:
    app = Frame(Changing)
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        grey = next(command for command in commands_of(app.screen) if command.label == "Grå")
        assert not grey.enabled
        await pilot.click(offset=painted.place(app, "y Grå"))
        assert app.is_running


async def test_a_key_remapped_in_the_settings_is_shown() -> None:
    app = Frame()
    async with app.run_test(size=(140, 40)) as pilot:
        app.set_keymap({"demo.start": "t"})
        await pilot.pause()
        assert "t Starta nytt moment" in bar(app)[0]


async def test_the_bar_grows_when_a_second_line_is_needed() -> None:
    app = Frame()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert len(bar(app)) == 1
        await pilot.resize_terminal(80, 40)
        await until(pilot, lambda: len(bar(app)) == 2)


class Question(ModalScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        own("ctrl+s", "submit", "Starta", "Starta momentet."),
        Binding("escape", "dismiss_it", "Avbryt", id="question.cancel", tooltip="Avbryt."),
    ]

    def compose(self) -> ComposeResult:
        yield Input()
        yield KeyBar()


async def test_a_dialog_shows_its_own_keys_and_the_apps_that_still_work() -> None:
    app = Frame()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.push_screen(Question())
        await pilot.pause()
        (line,) = bar(app)
        assert line.startswith(" ctrl+s Starta  Esc Avbryt ")
        assert "F1 Hjälp" in line
        assert "Sortera" not in line
        await pilot.press("f1")
        assert "Starta momentet." in painted.text(app)
