"""The top level: tabs by role, and what can be done with a list."""

import threading
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from screens import palette, sign_in
from screens.lists import MomentList
from store.foundation.store import Store
from store.opening import open_store
from store.practice import CastMember, cast_of
from tests.app.driver import OV01, OV02, OV03, OV11, OV21, move, running
from tests.opened_log import ask_log


@pytest.mark.parametrize(
    ("who", "tabs", "first"),
    [
        (OV01, ("1 Att göra", "2 Mina", "3 Alla", "4 Avslutade", "5 Min profil"), "Andersson, Lena"),
        (OV03, ("5 Personal", "6 Enhet", "7 Min profil"), "Aktiva ("),
        (OV21, ("5 Vårdgivare", "6 Min profil"), "Gallringsbeslut saknas."),
    ],
)
async def test_the_roles_open_their_tabs(who: str, tabs: tuple[str, ...], first: str, practice: Path) -> None:
    async with running(practice, who, size=(120, 30)) as driver:
        await driver.sees(*tabs, first)
        if who == OV03:
            assert "2 Mina" not in driver.text
            await driver.press("2", "3", "7")
            await driver.sees("Ta emot notifieringar")


async def test_the_reasons_of_the_cursors_flags_stand_whole_under_the_list(practice: Path) -> None:
    reason = "! varning: Har pågått längre än rekommenderade 90 dagar"
    async with running(practice) as driver:
        await driver.sees("▌Åkesson, Per-Erik", "! varning  ⚑ 2", reason, "! varning: Meddelande obesvarat sedan")
        await driver.press("down")
        await driver.sees("▌Andersson, Lena")
        await driver.sees_no(reason)
        await driver.press("up")
        await driver.sees(reason)


async def test_at_80_columns_every_column_stands_and_a_name_that_is_cut_is_whole_under_the_list(practice: Path) -> None:
    async with running(practice, OV02) as driver:
        await driver.press("3")
        await driver.sees("[3 Alla", "Namn               Personnummer  Momentstart Senast aktiv Flaggor    Att göra")
        assert driver.text.count("Personnummer") == 1
        await driver.press(*["down"] * 6)
        await driver.sees("▌Bergqvist Lund, O… 20200101-2398 2026-09-20  2026-11-12   Inga", "\n Bergqvist Lund, Olle ")
        await driver.pilot.resize_terminal(110, 30)
        await driver.sees("▌Bergqvist Lund, Olle", "Behandlare", "Inga flaggor")
        await driver.sees_no("\n Bergqvist Lund, Olle ")


async def test_a_search_finds_as_one_types_and_esc_shows_all_again(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("slash")
        await driver.type("lund ber")
        await driver.sees_no("Andersson, Lena")
        await driver.sees("Bergqvist Lund, Olle", "Pågående (1 st)", "Visa\xa0alla")
        await driver.press("enter", "escape")
        await driver.sees("Andersson, Lena", "Åkesson, Per-Erik")
        await driver.sees_no("Visa\xa0alla")


async def test_what_is_typed_in_one_go_with_the_key_of_the_search_is_searched_for(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        for character in "/19500907":  # 1, 5 and 7 are tabs, where they are not digits
            name = "slash" if character == "/" else character
            driver.app.post_message(events.Key(name, character).set_sender(driver.app))
        await driver.sees("19500907", "Visa\xa0alla", "Mina")
        await driver.sees_no("Andersson, Lena")


async def test_a_search_without_a_hit_says_so_and_leaves_one_log_row(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("slash")
        driver.app.screen.query_one(Input).value = "[/x]"  # at once: what is typed slowly is searched for on the way
        await driver.press("enter")
        await driver.sees("Inget moment stämmer med sökningen.")
    assert _logged(practice, "search_list") == 1


async def test_enter_on_what_has_been_found_does_not_search_once_more(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        rows = driver.app.screen.query_one(MomentList).rows
        await driver.press("slash")
        driver.app.screen.query_one(Input).value = "lund"
        await driver.until(lambda: rows.row_count == 1 and rows.row is not None, "what is found")
        found = _logged(practice, "search_list")
        await driver.press("enter", "end")
        await driver.until(lambda: driver.app.focused is rows, "the rows")
    assert _logged(practice, "search_list") == found > 0


async def test_sorting_puts_the_latest_first_and_keeps_the_cursor_on_its_row(practice: Path) -> None:
    async with running(practice, size=(120, 30)) as driver:
        await driver.sees("▌Åkesson, Per-Erik")
        await driver.press("s")
        await driver.sees("Sortera efter")
        await driver.press("M", "enter")
        await driver.sees_no("Sortera efter")
        await driver.until(lambda: _above(driver.text, "Yıldız, Zeynep", "Åkesson, Per-Erik"), "the latest start first")
        assert "▌Åkesson, Per-Erik" in driver.text


async def test_a_filter_leaves_one_program(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("f")
        await driver.sees("Bara pågående")
        await driver.press("S", "enter")
        await driver.sees("Nowak, Piotr")
        await driver.sees_no("Andersson, Lena")


async def test_the_headings_action_starts_with_its_program(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("▌Åkesson, Per-Erik")
        await driver.press("N")
        await driver.sees("Avbryt", "▌KomIgång online")


async def test_from_alla_the_clinician_is_asked_for_and_from_mina_not(practice: Path) -> None:
    async with running(practice, OV02) as driver:
        await driver.sees("Mina")
        await driver.press("n")
        await driver.sees("Avbryt")
        assert "Ansvarig behandlare" not in driver.text
        await driver.press("escape", "3")
        await driver.sees("Alla 38", "Åkesson, Per-Erik")
        await driver.press("n")
        await driver.sees("Ansvarig behandlare", "Johan Nordahl")


async def test_a_key_pressed_before_the_cast_is_there_chooses_of_it(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer = threading.Event()

    def cast_slowly(store: Store) -> tuple[CastMember, ...]:
        assert may_answer.wait(30)
        return cast_of(store)

    monkeypatch.setattr(sign_in, "cast_of", cast_slowly)
    async with running(practice, None) as driver:
        await driver.sees("Vem vill du öva som?", "Börja arbeta")
        await driver.press("2")
        assert "Johan Nordahl" not in driver.text
        may_answer.set()
        await driver.sees("Johan Nordahl", "2 Mina 15")


async def test_digits_typed_before_the_dialog_is_there_go_into_it(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("n", "2", "0", "0", "0", "0", "1", "0", "1", "2", "3", "8", "4", "tab")
        await driver.sees("20000101-2384 · 26 år · kvinna · Ekdahl, Sofia")


async def test_after_a_start_the_cursor_is_on_the_new_row_and_the_word_says_whom(practice: Path) -> None:
    """A search would hide the row: it ends."""
    async with running(practice, size=(100, 30)) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("slash")
        await driver.type("lund")
        await driver.sees_no("Andersson, Lena")
        await driver.press("enter")
        await driver.start_dialog("0001012384")
        await driver.sees("20000101-2384 · 26 år · kvinna · Ekdahl, Sofia")
        await driver.press("enter", "S", "o", "v", "enter", "ctrl+s")
        await driver.sees("▌Ekdahl, Sofia", "Ekdahl, Sofia · Sovhjälpen: Momentet")
        await driver.sees_no("Visa\xa0alla")


async def test_a_resident_of_another_region_is_refused_at_the_number_with_the_way_out(practice: Path) -> None:
    store = open_store(practice)
    with store.lend() as db:
        number, name = db.rows("SELECT personnummer, family_name FROM resident WHERE region NOT IN ('05', '')")[0]
    store.close()
    async with running(practice, OV11) as driver:
        await driver.sees("Mina")
        await driver.start_dialog(number)
        await driver.sees(name)
        await driver.press("enter", "K", "o", "m", "enter", "ctrl+s")
        await driver.sees("betjäningsområdet")
        assert "Personalverktyget 1177" in " ".join(driver.text.split())


async def test_f8_masks_every_number_and_f9_covers_all_and_leads_back(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("19861103-2395")
        await driver.press("f8")
        await driver.sees_no("19861103-2395")
        await driver.open_first()
        assert "19861103-2395" not in driver.text
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        assert "Åkesson" not in driver.text
        await driver.press("x")
        await driver.sees("Vem vill du öva som?")
        await driver.press("enter")
        await driver.sees("INFORMATION OM MOMENTET", "Åkesson, Per-Erik")


async def test_another_person_after_the_lock_sees_nothing_of_the_first(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.open_first()
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        await driver.press("x")
        await driver.sees("Vem vill du öva som?")
        await driver.press("down", "down", "enter")
        await driver.sees("Aktiva (")
        assert "Andersson" not in driver.text


async def test_somebody_unknown_is_told_so_and_the_app_ends_with_4(practice: Path) -> None:
    async with running(practice, "SE2321000040-OV99") as driver:
        await driver.until(lambda: not driver.app.is_running, "the end")
    assert driver.app.return_code == 4


def _above(text: str, one: str, other: str) -> bool:
    return -1 < text.find(one) < text.find(other)


def _logged(path: Path, operation: str) -> int:
    store = open_store(path)
    with store.lend() as db:
        number = int(db.rows("SELECT count(*) FROM log WHERE operation = :name", name=operation)[0][0])
    store.close()
    return number


async def test_a_resident_is_found_by_name_from_anywhere_in_three_keys(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Besides the name: the palette, the row that stands first, and that is all; it is a search in the log."""
    monkeypatch.setattr(palette, "AT_ONCE", 60.0)  # a busy machine is as late as somebody who may choose by then
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("ctrl+p")
        await driver.type("bergqv")
        await driver.sees("Bergqvist Lund, Olle", "KomIgång online · Pågående · Karin Lindqvist")
        await driver.press("enter")
        await driver.sees("INFORMATION OM MOMENTET", "‹ Tillbaka", "Bergqvist Lund, Olle")
        await driver.press("ctrl+p")  # from there on, over the page
        await driver.type("lund ol")
        await driver.sees("KomIgång online · Pågående")
        await driver.press("escape", "escape", "escape")
        await driver.sees("Andersson, Lena", "Mina 10")
        await driver.press("ctrl+p")
        await driver.sees("Sök kommando", "KomIgång online · Pågående · Karin Lindqvist")
        shown = driver.text
        assert shown.index("KomIgång online · Pågående ·") < shown.index("Öppna  Enter"), "the last one opened, first"
        await driver.press("enter")
        await driver.sees("INFORMATION OM MOMENTET", "‹ Tillbaka", "Bergqvist Lund, Olle")
        await driver.press("ctrl+p")
        await driver.sees("Byt behandlare  b")
        later = [one for one in driver.app.workers if one.group == "later"]
        await driver.until(lambda: all(one.is_finished for one in later), "all that is offered")
        assert "KomIgång online · Pågående ·" not in driver.text, "it is open already"
        await driver.press("escape", "escape")
        await driver.sees("Andersson, Lena", "Mina 10")
        away = move(practice, "borta.sqlite")
        await driver.press("ctrl+p")
        await driver.type("bergqv [/x]")
        await driver.sees("! Ingen kontakt med databasen.")
        await driver.sees_no("Inget heter så.")
        await driver.press("enter", "escape")
        move(away, practice.name)
    async with running(practice, OV03) as driver:  # who sees no residents finds none, and is refused nothing
        await driver.sees("Personal")
        await driver.press("ctrl+p")
        await driver.type("bergqv")
        await driver.sees("Inget heter så.")
        await driver.until(lambda: not driver.app.screen.workers, "the search to be over")
        assert "Pågående" not in driver.text
    store = open_store(practice)
    with store.lend() as db:
        assert not db.has("SELECT 1 FROM log WHERE operation = 'search_list' AND outcome = 'nekat'")
        done = "SELECT details, resident_name FROM log WHERE operation = 'search_list' ORDER BY id"
        logged = ask_log(db, None, done)
    store.close()
    searches = [details for details, _ in logged if details]
    assert searches[:2] == ["mina, sökning: 1 rader", "alla, sökning: 0 rader"]
    assert any((name or "").startswith("Bergqvist") for _, name in logged)
