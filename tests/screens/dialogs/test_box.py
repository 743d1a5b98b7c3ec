"""What all dialogs share: the box, its foot, the main button and what it may answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from textual.widget import Widget
from textual.widgets import Button

from screens.dialogs.controls import CheckBox, Field, Select, TextArea, TextInput
from screens.dialogs.dialog import Dialog, Done, Perform, submits
from store.foundation.errors import NeedsConfirmation, NotPermitted, StoreUnreachable
from tests.screens.dialogs.host import (
    HOSTILE,
    SIZES,
    WHOM,
    Performed,
    focus,
    given,
    host,
    keys,
    lines,
    opened,
    press,
    pressed,
    refusal,
    settled,
    shown,
    tabbed,
    write,
)
from tests.waits import until

LOST = "Ingen kontakt med databasen. Det du har skrivit står kvar här."
AGAIN = "Tryck ctrl+s en gång till för att fortsätta ändå."


class Everything(Dialog[tuple[object, ...], str]):
    """A dialog with one of each control, `more` times a line."""

    BINDINGS = [submits("Spara")]
    main_label = "Spara"

    def __init__(self, perform: Perform[tuple[object, ...], str], *, more: int = 0) -> None:
        super().__init__("Allt [/x]", perform, whom=None)
        self._more = more

    def body(self) -> Iterable[Widget]:
        yield Field("namn", "Namn", TextInput(id="name"))
        yield Field("program", "Program", Select([("Övning", 1), ("Vardag", 2)], prompt="Välj", id="select"))
        yield CheckBox("Med text", id="tick")
        yield Field("text", "", TextArea(id="text"))
        for number in range(self._more):
            yield Field(f"rad{number}", f"Rad {number}", TextInput(id=f"line{number}"))

    def value(self) -> tuple[object, ...]:
        return (
            self.query_one("#name", TextInput).value,
            self.query_one("#select", Select).selection,
            self.query_one("#tick", CheckBox).value,
            self.query_one("#text", TextArea).text,
        )


async def test_tab_visits_everything_in_order_and_comes_round() -> None:
    async with opened(Everything(Performed())) as pilot:
        assert focus(pilot) == "name"
        assert await tabbed(pilot, 6) == ["select", "tick", "text", "cancel", "main", "name"]


async def test_escape_and_avbryt_close_without_a_result() -> None:
    for way in (("escape",), ("tab", "tab", "tab", "tab", "enter"), ("tab", "tab", "tab", "escape")):
        performed = Performed()
        async with opened(Everything(performed)) as pilot:
            await press(pilot, *way)
            assert given(pilot) == [None]
            assert performed.asked == []


async def test_ctrl_s_hands_over_what_was_typed_from_wherever_the_focus_is() -> None:
    performed = Performed(["klart"])
    async with opened(Everything(performed)) as pilot:
        await write(pilot, "Sara")
        await press(pilot, "tab", "tab", "space", "tab")
        await write(pilot, "hej")
        await press(pilot, "ctrl+s")
        assert performed.asked == [(("Sara", None, True, "hej"), False)]
        assert given(pilot) == [Done("klart")]


async def test_the_mouse_presses_the_buttons() -> None:
    performed = Performed(["klart"])
    async with opened(Everything(performed)) as pilot:
        await pilot.click("#tick")
        await pilot.click("#main")
        await settled(pilot)
        assert performed.asked == [(("", None, True, ""), False)]
        assert given(pilot) == [Done("klart")]


async def test_enter_in_a_line_leads_on() -> None:
    async with opened(Everything(Performed())) as pilot:
        await press(pilot, "enter")
        assert focus(pilot) == "select"


async def test_every_key_is_shown() -> None:
    async with opened(Everything(Performed())) as pilot:
        assert keys(pilot).items() >= {"Tab": "Nästa", "Esc": "Avbryt", "ctrl+s": "Spara"}.items()
        for key, label in (("tab", "Öppna listan"), ("enter", "Välj"), ("escape", "Öppna listan"), ("tab", "Kryssa")):
            await press(pilot, key)
            assert keys(pilot)["Enter"] == label
        await press(pilot, "tab", "tab")
        assert keys(pilot)["Enter"] == "Tryck på knappen"
        assert all(word in lines(pilot)[-1] or word in lines(pilot)[-2] for word in ("ctrl+s", "Esc", "Tab", "Enter"))


async def test_a_refusal_stands_at_its_field_and_takes_the_focus_there() -> None:
    async with opened(Everything(Performed([refusal(f"Saknas: {HOSTILE}", "namn")]))) as pilot:
        await press(pilot, "tab", "tab", "ctrl+s")
        assert focus(pilot) == "name"
        at = next(number for number, line in enumerate(lines(pilot)) if "Namn " in line)
        assert f"✗ Saknas: {HOSTILE}" in lines(pilot)[at + 1]


async def test_a_refusal_of_something_that_cannot_be_seen_stands_over_the_buttons() -> None:
    for answer in (refusal("Det går inte.", "annat"), NotPermitted()):
        async with opened(Everything(Performed([answer]))) as pilot:
            await press(pilot, "ctrl+s")
            assert f"✗ {answer.message.split('.')[0]}" in shown(pilot)
            assert host(pilot).is_open


async def test_the_next_attempt_takes_old_refusals_away() -> None:
    performed = Performed([refusal("Namnet saknas.", "namn"), StoreUnreachable(), "klart"])
    async with opened(Everything(performed)) as pilot:
        await press(pilot, "ctrl+s")
        await press(pilot, "ctrl+s")
        assert "Namnet saknas" not in shown(pilot)
        assert LOST in shown(pilot)
        await press(pilot, "ctrl+s")
        assert given(pilot) == [Done("klart")]


async def test_warnings_are_listed_and_ctrl_s_again_confirms_them() -> None:
    performed = Performed([NeedsConfirmation([f"Första {HOSTILE}.", "Andra."]), "klart"])
    async with opened(Everything(performed)) as pilot:
        await press(pilot, "ctrl+s")
        assert f"! Första {HOSTILE}. ! Andra. {AGAIN}" in shown(pilot)
        await press(pilot, "ctrl+s")
        assert [confirmed for _, confirmed in performed.asked] == [False, True]
        assert given(pilot) == [Done("klart")]


@pytest.mark.parametrize(
    "change",
    [("x",), ("tab", "enter", "down", "enter"), ("tab", "tab", "space"), ("tab", "tab", "tab", "x")],
    ids=["line", "select", "tick", "text"],
)
async def test_a_change_takes_the_confirmation_back(change: tuple[str, ...]) -> None:
    performed = Performed([NeedsConfirmation(["Läs det här."]), NeedsConfirmation(["Läs det här."])])
    async with opened(Everything(performed)) as pilot:
        await press(pilot, "ctrl+s")
        await press(pilot, *change)
        assert "Läs det här." not in shown(pilot)
        await press(pilot, "ctrl+s")
        assert [confirmed for _, confirmed in performed.asked] == [False, False]
        assert "Läs det här." in shown(pilot)


async def test_what_is_changed_while_it_is_asked_is_not_confirmed() -> None:
    performed = Performed([NeedsConfirmation(["Läs det här."])] * 2, gate=asyncio.Event())
    async with opened(Everything(performed)) as pilot:
        await pressed(pilot, "ctrl+s")
        await pressed(pilot, "x")
        assert performed.gate is not None
        performed.gate.set()
        await settled(pilot)
        await press(pilot, "ctrl+s")
        assert [confirmed for _, confirmed in performed.asked] == [False, False]


class Short(Dialog[str, str]):
    """A dialog with one field."""

    BINDINGS = [submits("Spara")]
    main_label = "Spara"

    def body(self) -> Iterable[Widget]:
        yield Field("namn", "Namn", TextInput(id="name"))

    def value(self) -> str:
        return self.query_one("#name", TextInput).value


async def test_enter_leads_from_the_last_field_to_the_deed_and_never_throws_away() -> None:
    performed: Performed = Performed(["klart"])
    async with opened(Short("Kort", performed, whom=None)) as pilot:
        await write(pilot, "Hej")
        await press(pilot, "enter")
        assert focus(pilot) == "main"
        await press(pilot, "enter")
        assert performed.asked == [("Hej", False)]


@SIZES
async def test_in_a_short_dialog_the_buttons_stay_under_a_refusal(size: tuple[int, int]) -> None:
    async with opened(Short("Kort", Performed([StoreUnreachable()]), whom=WHOM), size) as pilot:
        await press(pilot, "ctrl+s")
        assert LOST in shown(pilot)
        assert "Ahlberg, Sara · KomIgång online" in shown(pilot)
        assert [line for line in lines(pilot) if "│" in line and "Avbryt" in line and "Spara" in line]


async def test_a_lost_database_keeps_what_is_typed_and_work_goes_on() -> None:
    performed = Performed([StoreUnreachable(), "klart"])
    async with opened(Everything(performed)) as pilot:
        await write(pilot, "Sara")
        await press(pilot, "tab", "enter", "down", "enter", "tab", "space", "tab")
        await write(pilot, "en rad\ntill")
        await press(pilot, "ctrl+s")
        assert LOST in shown(pilot)
        assert focus(pilot) == "text"
        await press(pilot, "ctrl+s")
        assert performed.asked == [(("Sara", 1, True, "en rad\ntill"), False)] * 2
        assert given(pilot) == [Done("klart")]


async def test_the_main_button_pressed_twice_does_it_once() -> None:
    performed = Performed(["klart"], gate=asyncio.Event())
    async with opened(Everything(performed)) as pilot:
        await pressed(pilot, "ctrl+s", "ctrl+s")
        await pilot.click("#main")
        assert len(performed.asked) == 1
        assert performed.gate is not None
        performed.gate.set()
        await settled(pilot)
        assert given(pilot) == [Done("klart")]


async def test_a_dialog_at_work_says_so_and_stays_until_the_outcome_is_known() -> None:
    performed = Performed([StoreUnreachable()], gate=asyncio.Event())
    async with opened(Everything(performed)) as pilot:
        await pressed(pilot, "ctrl+s", "escape")
        await pilot.pause()
        assert host(pilot).is_open
        assert "Väntar på databasen …" in shown(pilot)
        assert performed.gate is not None
        performed.gate.set()
        await settled(pilot)
        assert "Väntar" not in shown(pilot)
        assert LOST in shown(pilot)
        await press(pilot, "escape")
        assert given(pilot) == [None]


async def test_a_long_dialog_scrolls_and_its_foot_stays() -> None:
    performed = Performed([NeedsConfirmation(["Varning."] * 3)])
    async with opened(Everything(performed, more=30)) as pilot:
        await press(pilot, *["shift+tab"] * 3)
        assert focus(pilot) == "line29"
        await until(pilot, lambda: "Rad 29" in shown(pilot))
        await press(pilot, "ctrl+s")
        assert "Varning." in shown(pilot)
        assert "Spara" in shown(pilot)
        assert "Rad 29" in shown(pilot)
        assert pilot.app.screen.query_one("#main", Button).region.bottom < 24


async def test_the_title_is_shown_as_it_stands() -> None:
    async with opened(Everything(Performed())) as pilot:
        assert "Allt [/x]" in lines(pilot)[0] + shown(pilot)


async def test_typing_in_an_open_list_finds_and_enter_chooses() -> None:
    performed = Performed(["klart"])
    async with opened(Everything(performed)) as pilot:
        await press(pilot, "tab", "enter", "v", "a", "r", "enter")
        assert focus(pilot) == "select"
        await press(pilot, "ctrl+s")
        assert performed.asked[0][0][1] == 2


async def test_escape_in_an_open_list_closes_the_list_alone() -> None:
    async with opened(Everything(Performed())) as pilot:
        await press(pilot, "tab", "enter", "escape")
        assert host(pilot).is_open
        assert focus(pilot) == "select"


async def test_a_tick_says_its_state_without_colour() -> None:
    async with opened(Everything(Performed())) as pilot:
        assert "[ ] Med text" in shown(pilot)
        await press(pilot, "tab", "tab", "enter")
        assert "[x] Med text" in shown(pilot)
