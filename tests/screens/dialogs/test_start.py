"""*Starta nytt moment*."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.pilot import Pilot

from screens.dialogs.dialog import Done
from screens.dialogs.start import BY_HAND, LOOK_FIRST, Outcome, StartDialog, StartRequest
from screens.shown_keys import keyed
from store.care.starting import AlreadyRunning
from store.foundation.errors import NeedsConfirmation, StoreUnreachable
from store.people.new_resident import NewResident
from store.people.staff import Colleague
from tests.screens.dialogs.host import (
    ADULT,
    COLLEAGUES,
    HOSTILE,
    PROGRAMS,
    Performed,
    Register,
    echo_of,
    focus,
    given,
    host,
    keys,
    opened,
    press,
    pressed,
    refusal,
    settled,
    shown,
    tabbed,
    write,
)

OTHER = "198001022386"
CHILD = "202001012398"
WRONG = "20000101238"
LENGTH = "Ett personnummer har tio eller tolv siffror, till exempel 19800102-2386."
LOST = "Ingen kontakt med databasen. Det du har skrivit står kvar här."
RUNNING = "Invånaren har redan KomIgång online pågående hos Karin Lind, startat 2026-03-02."


def dialog(performed: Performed | None = None, register: Register | None = None, **more: Any) -> StartDialog:
    return StartDialog(PROGRAMS, register or Register(), performed or Performed([8]), **more)


def unknown() -> Register:
    return Register({ADULT: echo_of(ADULT, None)})


async def fill(pilot: Pilot[None], number: str = ADULT) -> None:
    """Type the number and choose the first program, as a person does."""
    await write(pilot, number)
    await press(pilot, "tab", "enter", "down", "enter")


async def test_number_then_echo_then_moment_then_start() -> None:
    performed = Performed([8])
    async with opened(dialog(performed)) as pilot:
        assert focus(pilot) == "number"
        await write(pilot, "0001012384")
        await press(pilot, "tab")
        assert "20000101-2384 · 26 år · kvinna · Berg, Olle" in shown(pilot)
        assert focus(pilot) == "program"
        await press(pilot, "enter", "k", "o", "m", "enter", "ctrl+s")
        assert performed.asked == [(StartRequest(ADULT, "komigang-online"), False)]
        assert given(pilot) == [Done(Outcome(8, is_new=True))]


async def test_enter_leaves_the_number_too() -> None:
    async with opened(dialog()) as pilot:
        await write(pilot, ADULT)
        await press(pilot, "enter")
        assert "Berg, Olle" in shown(pilot)
        assert focus(pilot) == "program"


async def test_tab_order_with_and_without_what_is_asked_for() -> None:
    async with opened(dialog()) as pilot:
        assert await tabbed(pilot, 4) == ["program", "cancel", "main", "number"]
    async with opened(dialog(register=unknown(), clinicians=COLLEAGUES)) as pilot:
        await write(pilot, ADULT)
        assert await tabbed(pilot, 10) == [
            *("program", "clinician", "family-name", "given-name", "region", "mobile", "email"),
            *("cancel", "main", "number"),
        ]


async def test_a_program_may_be_chosen_from_the_start() -> None:
    performed = Performed([8])
    async with opened(dialog(performed, program="sov-gott")) as pilot:
        await write(pilot, ADULT)
        await press(pilot, "tab", "ctrl+s")
        assert performed.asked == [(StartRequest(ADULT, "sov-gott"), False)]


async def test_nothing_starts_before_it_has_been_shown_who_the_number_means() -> None:
    performed = Performed([8])
    async with opened(dialog(performed, program="sov-gott")) as pilot:
        await write(pilot, ADULT)
        await press(pilot, "ctrl+s")
        assert performed.asked == []
        assert "Berg, Olle" in shown(pilot)
        assert keyed(LOOK_FIRST) in shown(pilot)
        await press(pilot, "ctrl+s")
        assert given(pilot) == [Done(Outcome(8, is_new=True))]


async def test_an_empty_number_and_no_program_are_refused_at_their_fields() -> None:
    performed = Performed()
    async with opened(dialog(performed)) as pilot:
        await press(pilot, "tab")
        assert "✗" not in shown(pilot)
        await press(pilot, "ctrl+s")
        assert "✗ Fyll i personnumret" in shown(pilot)
        assert focus(pilot) == "number"
        await write(pilot, ADULT)
        await press(pilot, "tab", "tab", "ctrl+s")
        assert "✗ Välj ett moment." in shown(pilot)
        assert focus(pilot) == "program"
        assert performed.asked == []


async def test_an_impossible_number_says_why_and_does_not_hold_the_focus() -> None:
    register = Register({WRONG: refusal(LENGTH, "personnummer")})
    performed = Performed([8])
    async with opened(dialog(performed, register, program="sov-gott")) as pilot:
        await write(pilot, WRONG)
        await press(pilot, "tab")
        assert f"✗ {LENGTH}" in shown(pilot)
        assert focus(pilot) == "program"
        assert await tabbed(pilot, 3) == ["cancel", "main", "number"]
        await press(pilot, "tab", "ctrl+s")
        assert f"✗ {LENGTH}" in shown(pilot)
        assert focus(pilot) == "number"
        assert performed.asked == []
        await press(pilot, "backspace")
        assert LENGTH not in shown(pilot)


async def test_what_is_said_of_a_protected_child_stands_under_the_number() -> None:
    said = [f"Invånaren är under 13 år. {HOSTILE}", "Invånaren tar inte emot aviseringar i 1177."]
    register = Register({CHILD: echo_of(CHILD, f"Ek, {HOSTILE}", protected=True, said=said)})
    async with opened(dialog(register=register)) as pilot:
        await write(pilot, CHILD)
        await press(pilot, "tab")
        text = shown(pilot)
        assert f"20200101-2398 · 6 år · man · Ek, {HOSTILE}"[:60] in text
        assert "⛨ Skyddade personuppgifter" in text
        assert "i Invånaren är under 13 år." in text
        assert "i Invånaren tar inte emot aviseringar i 1177." in text
        assert text.count("[/x]") == 2


async def test_a_late_answer_about_an_earlier_number_is_not_shown() -> None:
    gates = {ADULT: asyncio.Event()}
    register = Register({OTHER: echo_of(OTHER, "Ahlberg, Sara")}, gates)
    async with opened(dialog(register=register)) as pilot:
        pilot.app.screen.query_one("#number").value = ADULT  # type: ignore[attr-defined]
        await pressed(pilot, "tab", "shift+tab")
        pilot.app.screen.query_one("#number").value = OTHER  # type: ignore[attr-defined]
        await pressed(pilot, "tab")
        gates[ADULT].set()
        await settled(pilot)
        assert register.asked == [ADULT, OTHER]
        assert "Ahlberg, Sara" in shown(pilot)
        assert "Berg, Olle" not in shown(pilot)


async def test_an_answer_that_comes_while_the_number_is_changed_is_not_shown() -> None:
    gates = {ADULT: asyncio.Event()}
    async with opened(dialog(register=Register(gates=gates))) as pilot:
        pilot.app.screen.query_one("#number").value = ADULT  # type: ignore[attr-defined]
        await pressed(pilot, "tab", "shift+tab", "end", "backspace")
        gates[ADULT].set()
        await settled(pilot)
        assert "Berg, Olle" not in shown(pilot)


async def test_a_number_left_again_unchanged_is_not_looked_up_again() -> None:
    register = Register()
    async with opened(dialog(register=register)) as pilot:
        await write(pilot, ADULT)
        await press(pilot, "tab", "shift+tab", "tab", "shift+tab", "tab")
        assert register.asked == [ADULT]


async def test_an_unknown_number_asks_who_it_is() -> None:
    performed = Performed([8])
    async with opened(dialog(performed, unknown(), region="05", clinicians=COLLEAGUES)) as pilot:
        await fill(pilot)
        assert BY_HAND in shown(pilot)
        assert "05 Region Östergötland" in shown(pilot)
        assert all(word in shown(pilot) for word in ("Efternamn", "E-post", "Avbryt", "Ansvarig behandlare"))
        await press(pilot, "tab", "enter", "p", "e", "r", "enter", "tab")
        await write(pilot, "Berg")
        await press(pilot, "tab")
        await write(pilot, HOSTILE)
        await press(pilot, "tab", "tab")
        await write(pilot, "0701740605")
        await press(pilot, "tab")
        await write(pilot, "olle@example.org")
        await press(pilot, "ctrl+s")
        typed = NewResident("Berg", HOSTILE, region="05", mobile="0701740605", email="olle@example.org")
        assert performed.asked == [(StartRequest(ADULT, "komigang-online", "SE2321000040-OV02", typed), False)]


async def test_the_fields_of_a_new_resident_go_when_the_number_is_known() -> None:
    performed = Performed([8])
    async with opened(dialog(performed, unknown(), program="sov-gott")) as pilot:
        await write(pilot, ADULT)
        await press(pilot, "tab")
        assert BY_HAND in shown(pilot)
        await press(pilot, "shift+tab", "ctrl+u")
        assert BY_HAND not in shown(pilot)
        await write(pilot, OTHER)
        await press(pilot, "tab", "ctrl+s")
        assert performed.asked == [(StartRequest(OTHER, "sov-gott"), False)]


CONTROLS = {
    "personnummer": "number",
    "program": "program",
    "behandlare": "clinician",
    "efternamn": "family-name",
    "fornamn": "given-name",
    "region": "region",
    "mobil": "mobile",
    "epost": "email",
}


async def test_each_refusal_stands_at_its_field() -> None:
    performed = Performed([refusal(f"Det här går inte: {name}.", name) for name in CONTROLS])
    more = {"program": "sov-gott", "clinicians": COLLEAGUES, "responsible": COLLEAGUES[0].hsa_id}
    async with opened(dialog(performed, unknown(), **more)) as pilot:
        await write(pilot, ADULT)
        await press(pilot, "tab")
        for name, control in CONTROLS.items():
            await press(pilot, "ctrl+s")
            assert focus(pilot) == control
            faulty = [field.id for field in pilot.app.screen.query(".-faulty") if (field.id or "").startswith("field-")]
            assert faulty == [f"field-{name}"]
            assert f"✗ Det här går inte: {name}." in shown(pilot)


async def test_a_clinician_is_required_where_asked_for() -> None:
    async with opened(dialog(clinicians=COLLEAGUES, program="sov-gott")) as pilot:
        await write(pilot, ADULT)
        await press(pilot, "tab", "ctrl+s")
        assert "✗ Välj ansvarig behandlare." in shown(pilot)
        assert focus(pilot) == "clinician"


async def test_a_moment_that_is_running_already_can_be_opened() -> None:
    performed = Performed([AlreadyRunning([RUNNING], 7)])
    async with opened(dialog(performed)) as pilot:
        assert "ctrl+o" not in keys(pilot)
        await press(pilot, "ctrl+o")
        assert host(pilot).is_open
        await fill(pilot)
        await press(pilot, "ctrl+s")
        assert f"! {RUNNING} Öppna det (ctrl+o) eller starta ett till (ctrl+s igen)." in shown(pilot)
        assert keys(pilot)["ctrl+o"] == "Öppna det pågående"
        await press(pilot, "ctrl+o")
        assert given(pilot) == [Done(Outcome(7, is_new=False))]


async def test_the_mouse_opens_the_moment_that_is_running() -> None:
    async with opened(dialog(Performed([AlreadyRunning([RUNNING], 7)]))) as pilot:
        await fill(pilot)
        await press(pilot, "ctrl+s")
        await pilot.click("#open")
        await settled(pilot)
        assert given(pilot) == [Done(Outcome(7, is_new=False))]


async def test_a_second_moment_of_the_program_needs_ctrl_s_again() -> None:
    performed = Performed([AlreadyRunning([RUNNING], 7), 9])
    async with opened(dialog(performed)) as pilot:
        await fill(pilot)
        await press(pilot, "ctrl+s", "ctrl+s")
        assert [confirmed for _, confirmed in performed.asked] == [False, True]
        assert given(pilot) == [Done(Outcome(9, is_new=True))]


async def test_the_offer_goes_with_the_choice_it_was_about() -> None:
    performed = Performed([AlreadyRunning([RUNNING], 7), NeedsConfirmation(["Utbildning saknas."])])
    async with opened(dialog(performed)) as pilot:
        await fill(pilot)
        await press(pilot, "ctrl+s", "enter", "down", "enter")
        assert "ctrl+o" not in keys(pilot)
        await press(pilot, "ctrl+s")
        assert "ctrl+o" not in keys(pilot)
        assert [confirmed for _, confirmed in performed.asked] == [False, False]


async def test_anothers_moment_that_may_not_be_opened_is_only_told_of() -> None:
    async with opened(dialog(Performed([AlreadyRunning([RUNNING], None)]))) as pilot:
        await fill(pilot)
        await press(pilot, "ctrl+s")
        assert RUNNING in shown(pilot)
        assert "ctrl+o" not in keys(pilot)


async def test_a_database_lost_at_the_look_up_keeps_the_number_and_is_asked_again() -> None:
    register = Register({ADULT: StoreUnreachable()})
    performed = Performed([8])
    async with opened(dialog(performed, register, program="sov-gott")) as pilot:
        await write(pilot, ADULT)
        await press(pilot, "tab")
        assert LOST in shown(pilot)
        assert ADULT in shown(pilot)
        register.echoes.clear()
        await press(pilot, "shift+tab", "tab")
        assert "Berg, Olle" in shown(pilot)
        assert LOST not in shown(pilot)
        await press(pilot, "ctrl+s")
        assert given(pilot) == [Done(Outcome(8, is_new=True))]


async def test_a_database_lost_at_the_start_keeps_everything() -> None:
    performed = Performed([StoreUnreachable(), 8])
    async with opened(dialog(performed, unknown(), region="05")) as pilot:
        await fill(pilot)
        await press(pilot, "tab")
        await write(pilot, "Berg")
        await press(pilot, "tab")
        await write(pilot, "Olle")
        await press(pilot, "ctrl+s")
        assert all(text in shown(pilot) for text in (LOST, "Berg", "Olle", ADULT, "KomIgång online"))
        await press(pilot, "ctrl+s")
        assert len({value for value, _ in performed.asked}) == 1
        assert given(pilot) == [Done(Outcome(8, is_new=True))]


async def test_text_from_data_is_shown_as_it_stands() -> None:
    programs = [("ett", HOSTILE), ("tva", "Två [/]")]
    colleagues = [Colleague(1, "SE2321000040-OV01", "[red]Karin", "[/x]Lind")]
    made = StartDialog(programs, Register(), Performed([8]), clinicians=colleagues)
    async with opened(made) as pilot:
        await press(pilot, "tab", "enter")
        assert HOSTILE in shown(pilot)
        assert "Två [/]" in shown(pilot)
        await press(pilot, "down", "enter")
        assert HOSTILE in shown(pilot)
        await press(pilot, "tab", "enter", "down", "enter")
        assert "[red]Karin [/x]Lind" in shown(pilot)


def test_a_request_keeps_its_resident_out_of_a_traceback() -> None:
    request = StartRequest(ADULT, "sov-gott", None, NewResident("Berg", "Olle"))
    assert ADULT not in repr(request)
    assert "Berg" not in repr(request)
