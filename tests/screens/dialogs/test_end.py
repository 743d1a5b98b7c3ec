"""*Avsluta*."""

from __future__ import annotations

import pytest

from screens.dialogs.dialog import Done
from screens.dialogs.end import IRREVERSIBLE, NO_WAY_BACK, EndDialog, EndRequest
from store.foundation.errors import NeedsConfirmation, StoreUnreachable
from tests.screens.dialogs.host import (
    HOSTILE,
    PROGRAMS,
    REASONS,
    SIZES,
    UNDONE,
    WHOM,
    Performed,
    focus,
    given,
    keys,
    lines,
    opened,
    press,
    refusal,
    settled,
    shown,
    tabbed,
    write,
)

LOST = "Ingen kontakt med databasen. Det du har skrivit står kvar här."
CHOOSE_REASON = ("enter", "down", "enter")


def dialog(performed: Performed | None = None, *, undone: tuple[str, ...] = ()) -> EndDialog:
    return EndDialog(REASONS, PROGRAMS, performed or Performed(), undone=undone, whom=WHOM)


@SIZES
async def test_the_guides_words_stand_in_the_guides_order(size: tuple[int, int]) -> None:
    async with opened(dialog(undone=UNDONE), size) as pilot:
        text = shown(pilot)
        places = [
            text.index(words)
            for words in (
                "Avslutningsorsak:",
                "Skicka meddelande till invånarens inkorg i 1177 Vårdguidens e-tjänster",
                "Starta ett nytt moment i samband vid avsluta moment",
                "! 1 ohanterad prioriterad flagga ! 2 olästa meddelanden ! 1 oläst formulär",
                "Avbryt",
                "Denna åtgärd går inte att ångra ⓘ",
                "Avsluta ╰",
            )
        ]
        assert places == sorted(places)
        assert focus(pilot) == "reason"
        assert await tabbed(pilot, 5) == ["message-tick", "new-tick", "cancel", "main", "reason"]


async def test_the_main_button_is_green() -> None:
    async with opened(dialog()) as pilot:
        assert pilot.app.screen.query_one("#main").has_class("-success")


async def test_a_reason_is_enough() -> None:
    performed = Performed()
    async with opened(dialog(performed)) as pilot:
        await press(pilot, *CHOOSE_REASON, "ctrl+s")
        assert performed.asked == [(EndRequest("Avslutat enligt plan"), False)]
        assert given(pilot) == [Done(None)]


async def test_message_and_new_moment_are_asked_for_when_ticked() -> None:
    performed = Performed([9])
    async with opened(dialog(performed, undone=UNDONE)) as pilot:
        await press(pilot, "enter", "s", "t", "a", "r", "enter", "tab", "space")
        assert await tabbed(pilot, 1) == ["message"]
        await write(pilot, f"Tack!\n{HOSTILE}")
        await press(pilot, "tab", "enter")
        assert await tabbed(pilot, 1) == ["new-program"]
        await press(pilot, "enter", "s", "o", "v", "enter")
        text = shown(pilot)
        assert all(words in text for words in ("Tack!", HOSTILE, "Sov gott", "2 olästa meddelanden", "Avbryt"))
        assert await tabbed(pilot, 6) == ["cancel", "main", "reason", "message-tick", "message", "new-tick"]
        await press(pilot, "ctrl+s")
        assert performed.asked == [(EndRequest("Startat av misstag", f"Tack!\n{HOSTILE}", "sov-gott"), False)]
        assert given(pilot) == [Done(9)]


async def test_what_is_shown_just_now_and_has_no_place_yet_has_its_turn_in_the_order() -> None:
    async with opened(dialog()) as pilot:
        box = pilot.app.screen
        box.query_one("#field-meddelande").display = True
        assert [one.id for one in box.focus_chain][:4] == ["reason", "message-tick", "message", "new-tick"]


async def test_a_tick_taken_away_takes_its_text_out_of_what_is_done_and_keeps_it() -> None:
    performed = Performed()
    async with opened(dialog(performed)) as pilot:
        await press(pilot, *CHOOSE_REASON, "tab", "space", "tab")
        await write(pilot, "Tack!")
        await press(pilot, "shift+tab", "space")
        assert "Tack!" not in shown(pilot)
        await press(pilot, "space")
        assert "Tack!" in shown(pilot)
        await press(pilot, "space", "tab", "space", "tab", "enter", "s", "o", "v", "enter")
        assert "Sov gott" in shown(pilot)
        await press(pilot, "shift+tab", "space")
        assert "Sov gott" not in shown(pilot)
        await press(pilot, "ctrl+s")
        assert performed.asked == [(EndRequest("Avslutat enligt plan"), False)]


async def test_what_is_missing_is_said_at_its_field() -> None:
    performed = Performed()
    async with opened(dialog(performed)) as pilot:
        await press(pilot, "tab", "ctrl+s")
        assert "✗ Välj en avslutningsorsak." in shown(pilot)
        assert focus(pilot) == "reason"
        await press(pilot, *CHOOSE_REASON, "tab", "space", "ctrl+s")
        assert "✗ Skriv ett meddelande, eller ta bort krysset." in shown(pilot)
        assert focus(pilot) == "message"
        await write(pilot, "Tack!")
        await press(pilot, "tab", "space", "ctrl+s")
        assert "✗ Välj vilket moment som ska startas, eller ta bort krysset." in shown(pilot)
        assert focus(pilot) == "new-program"
        assert performed.asked == []


@pytest.mark.parametrize(
    ("name", "control"), [("orsak", "reason"), ("meddelande", "message"), ("program", "new-program")]
)
async def test_each_refusal_stands_at_its_field(name: str, control: str) -> None:
    performed = Performed([refusal("Det här går inte.", name)])
    async with opened(dialog(performed)) as pilot:
        await press(pilot, *CHOOSE_REASON, "tab", "space", "tab")
        await write(pilot, "Tack!")
        await press(pilot, "tab", "space", "tab", *CHOOSE_REASON, "ctrl+s")
        assert focus(pilot) == control
        assert pilot.app.screen.query_one(f"#field-{name}").has_class("-faulty")


async def test_a_refusal_of_a_field_that_is_not_asked_for_is_seen_all_the_same() -> None:
    async with opened(dialog(Performed([refusal("Det här går inte.", "program")]))) as pilot:
        await press(pilot, *CHOOSE_REASON, "ctrl+s")
        assert "✗ Det här går inte." in shown(pilot)


async def test_what_is_left_undone_is_listed_once_and_ctrl_s_again_ends() -> None:
    performed = Performed([NeedsConfirmation([*UNDONE, "Utbildning saknas."]), None])
    async with opened(dialog(performed, undone=UNDONE)) as pilot:
        await press(pilot, *CHOOSE_REASON, "ctrl+s")
        text = shown(pilot)
        assert text.count("2 olästa meddelanden") == 1
        assert "! Utbildning saknas. Tryck ctrl+s en gång till" in text
        await press(pilot, "ctrl+s")
        assert [confirmed for _, confirmed in performed.asked] == [False, True]
        assert given(pilot) == [Done(None)]


async def test_another_reason_asks_again_and_the_list_stays() -> None:
    performed = Performed([NeedsConfirmation(UNDONE), NeedsConfirmation(UNDONE)])
    async with opened(dialog(performed, undone=UNDONE)) as pilot:
        await press(pilot, *CHOOSE_REASON, "ctrl+s", *CHOOSE_REASON)
        assert "2 olästa meddelanden" in shown(pilot)
        assert "en gång till" not in shown(pilot)
        await press(pilot, "enter", "down", "enter", "ctrl+s")
        assert [confirmed for _, confirmed in performed.asked] == [False, False]


async def test_that_it_cannot_be_undone_is_explained_by_key_and_by_mouse() -> None:
    async with opened(dialog()) as pilot:
        assert keys(pilot)["F2"] == "ⓘ Förklaring"
        await press(pilot, "f2")
        assert NO_WAY_BACK in shown(pilot)
        await pilot.click("#why")
        await settled(pilot)
        assert "aldrig öppnas igen" not in shown(pilot)


async def test_a_lost_database_keeps_the_farewell() -> None:
    performed = Performed([StoreUnreachable(), None])
    async with opened(dialog(performed, undone=UNDONE)) as pilot:
        await press(pilot, *CHOOSE_REASON, "tab", "space", "tab")
        await write(pilot, "Tack och lycka till!")
        await press(pilot, "ctrl+s")
        assert all(text in shown(pilot) for text in (LOST, "Tack och lycka till!", "Avslutat enligt plan"))
        await press(pilot, "ctrl+s")
        assert given(pilot) == [Done(None)]
        assert performed.asked == [(EndRequest("Avslutat enligt plan", "Tack och lycka till!"), False)] * 2


async def test_text_from_data_is_shown_as_it_stands() -> None:
    made = EndDialog([HOSTILE], [("ett", f"P {HOSTILE}")], Performed(), undone=[f"1 {HOSTILE}"], whom=WHOM)
    async with opened(made) as pilot:
        await press(pilot, *CHOOSE_REASON, "tab", "tab", "space", "tab", *CHOOSE_REASON)
        text = shown(pilot)
        assert all(words in text for words in (f": {HOSTILE}"[2:], f"P {HOSTILE}", f"! 1 {HOSTILE}"))
        assert text.count(HOSTILE) == 3


async def test_what_it_means_and_the_buttons_can_be_read_on_the_smallest_screen() -> None:
    async with opened(dialog(undone=("1 oläst meddelande",)), (40, 12)) as pilot:
        for words in ("Avslutningsorsak", "Välj avslutningsorsak", "! 1 oläst meddelande", IRREVERSIBLE):
            assert words in shown(pilot), words
        (buttons,) = (line for line in lines(pilot) if "Avbryt" in line and "ⓘ" in line)
        assert "Avsluta" in buttons
