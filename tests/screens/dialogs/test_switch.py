"""*Byt behandlare*."""

from __future__ import annotations

import pytest

from screens.dialogs.dialog import Done
from screens.dialogs.switch import NO_WRITING, NOBODY_ELSE, OFFER, SwitchDialog, SwitchRequest, suggestion
from store.foundation.errors import StoreUnreachable
from store.people.staff import Colleague
from tests.screens.dialogs.host import (
    COLLEAGUES,
    HOSTILE,
    WHOM,
    Performed,
    focus,
    given,
    opened,
    press,
    refusal,
    shown,
    tabbed,
    write,
)

PRESENT, PER, ASA = (who.hsa_id for who in COLLEAGUES)
LOST = "Ingen kontakt med databasen. Det du har skrivit står kvar här."


def dialog(performed: Performed | None = None, *, may_write: bool = True) -> SwitchDialog:
    return SwitchDialog(COLLEAGUES, performed or Performed(), present=PRESENT, may_write=may_write, whom=WHOM)


async def test_another_clinician_is_chosen() -> None:
    performed = Performed()
    async with opened(dialog(performed)) as pilot:
        assert focus(pilot) == "to"
        await press(pilot, "enter")
        assert "Per Ek" in shown(pilot)
        assert "Karin Lind" not in shown(pilot)
        await press(pilot, "å", "s", "enter", "ctrl+s")
        assert performed.asked == [(SwitchRequest(ASA, None), False)]
        assert given(pilot) == [Done(None)]


async def test_a_digit_chooses_in_an_open_list_until_something_is_typed() -> None:
    performed = Performed()
    async with opened(dialog(performed)) as pilot:
        await press(pilot, "enter")
        assert "1 Per Ek" in shown(pilot)
        await press(pilot, "2", "enter", "9", "p", "1", "escape", "ctrl+s")
        assert performed.asked == [(SwitchRequest(ASA, None), False)]


async def test_a_message_is_offered_with_a_proposal() -> None:
    performed = Performed()
    async with opened(dialog(performed)) as pilot:
        await press(pilot, "enter", "p", "enter", "tab")
        assert OFFER in shown(pilot)
        await press(pilot, "space")
        assert suggestion("Per Ek") in shown(pilot)
        assert await tabbed(pilot, 1) == ["message"]
        assert await tabbed(pilot, 4) == ["cancel", "main", "to", "write"]
        await press(pilot, "ctrl+s")
        assert performed.asked == [(SwitchRequest(PER, suggestion("Per Ek")), False)]


async def test_the_proposal_follows_the_choice_until_somebody_writes_in_it() -> None:
    async with opened(dialog()) as pilot:
        await press(pilot, "tab", "space", "shift+tab", "enter", "p", "enter")
        assert suggestion("Per Ek") in shown(pilot)
        await press(pilot, "enter", "å", "enter")
        assert suggestion("Åsa Öberg") in shown(pilot)
        await press(pilot, "tab", "tab")
        await write(pilot, "Eget. ")
        await press(pilot, "shift+tab", "shift+tab", "enter", "p", "enter")
        assert "Eget." in shown(pilot)
        assert "Åsa Öberg" in shown(pilot)


async def test_what_is_missing_is_said_at_its_field() -> None:
    performed = Performed()
    async with opened(dialog(performed)) as pilot:
        await press(pilot, "tab", "ctrl+s")
        assert "✗ Välj en behandlare." in shown(pilot)
        assert focus(pilot) == "to"
        await press(pilot, "enter", "p", "enter", "tab", "space", "tab", "f7", "backspace", "ctrl+s")
        assert "✗ Skriv ett meddelande, eller ta bort krysset." in shown(pilot)
        assert focus(pilot) == "message"
        assert performed.asked == []


@pytest.mark.parametrize(("name", "control"), [("behandlare", "to"), ("meddelande", "message")])
async def test_each_refusal_stands_at_its_field(name: str, control: str) -> None:
    async with opened(dialog(Performed([refusal("Det här går inte.", name)]))) as pilot:
        await press(pilot, "enter", "p", "enter", "tab", "space", "ctrl+s")
        assert focus(pilot) == control
        assert pilot.app.screen.query_one(f"#field-{name}").has_class("-faulty")


async def test_in_maintenance_no_message_is_offered() -> None:
    performed = Performed()
    async with opened(dialog(performed, may_write=False)) as pilot:
        assert NO_WRITING in shown(pilot)
        assert OFFER not in shown(pilot)
        await press(pilot, "enter", "p", "enter", "ctrl+s")
        assert performed.asked == [(SwitchRequest(PER, None), False)]


async def test_nobody_to_switch_to_is_said() -> None:
    made = SwitchDialog(COLLEAGUES[:1], Performed(), present=PRESENT, may_write=True, whom=WHOM)
    async with opened(made) as pilot:
        assert NOBODY_ELSE in shown(pilot)
        await press(pilot, "ctrl+s")
        assert f"✗ {NOBODY_ELSE}" in shown(pilot)


async def test_a_lost_database_keeps_the_message() -> None:
    performed = Performed([StoreUnreachable(), None])
    async with opened(dialog(performed)) as pilot:
        await press(pilot, "enter", "p", "enter", "tab", "space", "tab", "f7")
        await write(pilot, "Egen text")
        await press(pilot, "ctrl+s")
        assert all(text in shown(pilot) for text in (LOST, "Egen text", "Per Ek"))
        await press(pilot, "ctrl+s")
        assert performed.asked == [(SwitchRequest(PER, "Egen text"), False)] * 2
        assert given(pilot) == [Done(None)]


async def test_names_are_shown_as_they_stand() -> None:
    made = SwitchDialog([Colleague(9, "SE1", HOSTILE, "Ek")], Performed(), present=PRESENT, may_write=True, whom=WHOM)
    async with opened(made) as pilot:
        await press(pilot, "enter", "down", "enter", "tab", "space")
        assert shown(pilot).count("[@click=app.quit]") == 2
