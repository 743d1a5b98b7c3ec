"""*Vidmakthållande läge*, *Kontaktperson*, the explanations, and choosing one of several."""

from __future__ import annotations

from importlib import import_module

import pytest

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.contact import ContactDialog
from screens.dialogs.dialog import Done
from screens.dialogs.info import InfoDialog
from screens.dialogs.maintenance import MAINTAIN, RESUME, MaintenanceDialog
from screens.moment import texts
from screens.shown_keys import keyed
from store.care.program_shape import Contact
from store.foundation.errors import Refused, StoreUnreachable
from tests.screens.dialogs.host import HOSTILE, SIZES, WHOM, focus, given, host, keys, lines, opened, press, shown


class Answering:
    """A made-up `perform` without anything to fill in."""

    def __init__(self, *answers: Exception) -> None:
        self.answers = list(answers)
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1
        if self.answers:
            raise self.answers.pop(0)


@pytest.mark.parametrize("resume", [False, True])
async def test_maintenance_says_what_it_means_and_is_confirmed(resume: bool) -> None:
    perform = Answering()
    async with opened(MaintenanceDialog(perform, resume=resume, whom=WHOM)) as pilot:
        text = shown(pilot)
        assert " ".join((RESUME if resume else MAINTAIN).split()) in text
        assert ("Återuppta momentet" if resume else "Vidmakthållande läge") in text
        assert focus(pilot) == "main"
        await press(pilot, "enter")
        assert perform.times == 1
        assert given(pilot) == [Done(None)]


async def test_maintenance_by_ctrl_s_or_not_at_all() -> None:
    for key, times in (("ctrl+s", 1), ("escape", 0)):
        perform = Answering()
        async with opened(MaintenanceDialog(perform, resume=False, whom=WHOM)) as pilot:
            await press(pilot, key)
            assert perform.times == times


async def test_maintenance_that_fails_stays_and_says_why() -> None:
    perform = Answering(StoreUnreachable(), Refused("Momentet är redan avslutat."))
    async with opened(MaintenanceDialog(perform, resume=False, whom=WHOM)) as pilot:
        await press(pilot, "ctrl+s")
        assert "Ingen kontakt med databasen." in shown(pilot)
        await press(pilot, "ctrl+s")
        assert "✗ Momentet är redan avslutat." in shown(pilot)
        await press(pilot, "ctrl+s")
        assert given(pilot) == [Done(None)]


@SIZES
async def test_the_contact_person_and_the_support_of_the_platform(size: tuple[int, int]) -> None:
    contact = Contact(f"Eva {HOSTILE}", f"eva{HOSTILE}@example.org", "0701740605 [/x]")
    async with opened(ContactDialog(f"P {HOSTILE}", contact, f"Ring {HOSTILE}", whom=WHOM), size) as pilot:
        text = shown(pilot)
        assert all(words in text for words in (f"Eva {HOSTILE}", f"eva{HOSTILE}@example.org", "0701740605 [/x]"))
        assert f"Kontaktperson · P {HOSTILE}" in text
        assert f"Ring {HOSTILE}" in text
        assert keys(pilot)["Esc"] == "Stäng"
        await press(pilot, "enter")
        assert given(pilot) == [None]


async def test_what_a_contact_lacks_has_no_line() -> None:
    async with opened(
        ContactDialog("Sov gott", Contact("Eva Sund", phone="0701740605"), "Ring Anna", whom=WHOM)
    ) as pilot:
        assert "E-post" not in shown(pilot)
        assert "Telefon 0701740605" in shown(pilot)


@SIZES
@pytest.mark.parametrize("text", [texts.LAST_ACTIVE, texts.MOBILE, texts.HANDLING], ids=["active", "mobile", "events"])
async def test_every_explanation_fits_on_the_screen(size: tuple[int, int], text: str) -> None:
    import_module("screens.moment.moment_screen")  # whose keys are named
    async with opened(InfoDialog("HANTERA HÄNDELSER", keyed(text), whom=WHOM), size) as pilot:
        assert " ".join(keyed(text).split()) in shown(pilot)
        await press(pilot, "escape")
        assert given(pilot) == [None]


async def test_a_text_that_is_too_long_scrolls() -> None:
    async with opened(InfoDialog("Text", "\n".join(f"Rad {number}." for number in range(60)), whom=WHOM)) as pilot:
        assert "Rad 0." in shown(pilot)
        await press(pilot, "down", "down")
        assert "Rad 0." not in shown(pilot)
        await press(pilot, "up", "up")
        assert "Rad 0." in shown(pilot)


ORDERS = [Choice(1, "Flaggor", "Allvarligast först"), Choice(2, "Namn"), Choice(3, "Ålder"), Choice(4, "Namnsdag")]


async def test_arrows_and_enter_choose() -> None:
    async with opened(ChoiceDialog("Sortera efter", ORDERS, current=2, whom=WHOM)) as pilot:
        assert "● Namn" in shown(pilot)
        assert "Allvarligast först" in shown(pilot)
        assert keys(pilot).items() >= {"Enter": "Välj", "Esc": "Avbryt"}.items()
        await press(pilot, "down", "enter")
        assert given(pilot) == [3]


@pytest.mark.parametrize(
    ("typed", "chosen"), [("f", 1), ("n", 4), ("nn", 2), ("å", 3), ("x", 2)], ids=["f", "n", "nn", "å", "none"]
)
async def test_a_letter_goes_to_the_next_that_begins_with_it(typed: str, chosen: int) -> None:
    async with opened(ChoiceDialog("Sortera efter", ORDERS, current=2, whom=WHOM)) as pilot:
        await press(pilot, *typed, "enter")
        assert given(pilot) == [chosen]


@pytest.mark.parametrize(("typed", "chosen"), [("1", 1), ("4", 4), ("90down", 2)], ids=["first", "last", "none"])
async def test_a_digit_chooses_its_row(typed: str, chosen: int) -> None:
    async with opened(ChoiceDialog("Sortera efter", ORDERS, whom=WHOM)) as pilot:
        assert "1 Flaggor" in shown(pilot)
        await press(pilot, *(("9", "0", "down", "enter") if typed == "90down" else (typed,)))
        assert given(pilot) == [chosen]


async def test_the_tenth_choice_has_no_digit() -> None:
    async with opened(ChoiceDialog("Välj", [Choice(at, f"val {at}") for at in range(1, 12)], whom=None)) as pilot:
        assert "9 val 9 val 10 val 11" in shown(pilot)
        await press(pilot, "9")
        assert given(pilot) == [9]


async def test_escape_and_avbryt_choose_nothing() -> None:
    for way in (("escape",), ("tab", "enter")):
        async with opened(ChoiceDialog("Sortera efter", ORDERS, whom=WHOM)) as pilot:
            await press(pilot, *way)
            assert given(pilot) == [None]


async def test_the_mouse_chooses() -> None:
    async with opened(ChoiceDialog("Sortera efter", ORDERS, whom=WHOM)) as pilot:
        at = next(number for number, line in enumerate(lines(pilot)) if "Ålder" in line)
        await pilot.click(offset=(lines(pilot)[at].index("Ålder"), at))
        await press(pilot)
        assert given(pilot) == [3]


async def test_choices_are_shown_as_they_stand() -> None:
    async with opened(ChoiceDialog(f"Visa {HOSTILE}", [Choice("a", HOSTILE, f"om {HOSTILE}")], whom=WHOM)) as pilot:
        assert shown(pilot).count(HOSTILE[:30]) >= 2
        assert host(pilot).is_open
