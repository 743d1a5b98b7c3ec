"""What another terminal changes shows by itself, cursor and all."""

from pathlib import Path

from screens.dialogs.handle_flag import HandleDialog
from screens.kept_drafts import SUFFIX
from screens.queue_pages import colleague_queue
from sob_tui.gone_boxes import CLOSED
from sob_tui.settings import drafts_folder
from store.care.staffing import inactivate_staff
from store.care.starting import start_moment
from store.care.switching import switch_clinician
from store.foundation.store import Store
from store.opening import open_store
from store.people.assignments import activate_staff
from store.people.sign_in import sign_in
from tests.app.driver import NOW, OV01, OV02, OV03, running


def other(path: Path) -> Store:
    """Another terminal's store."""
    return open_store(path, clock=lambda: NOW)


async def test_a_moment_started_elsewhere_comes_into_the_list_and_the_cursor_stays(practice: Path) -> None:
    elsewhere = other(practice)
    async with running(practice, OV01) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("down")
        await driver.sees("▌Andersson, Lena")
        with elsewhere.work(sign_in(elsewhere, OV02)) as work:
            start_moment(work, "0001012384", "komigang-online", responsible=OV01)
        await driver.sees("Ekdahl, Sofia", "▌Andersson, Lena", "Pågående (5 st)", "Mina 11")
    elsewhere.close()


async def test_a_moment_switched_away_turns_the_open_page_into_a_clear_state(practice: Path) -> None:
    elsewhere = other(practice)
    async with running(practice, OV01) as driver:
        await driver.sees("Andersson, Lena")
        await driver.open_first()
        with elsewhere.work(sign_in(elsewhere, OV02)) as work:
            switch_clinician(work, _moment_of(elsewhere, "198611032395"), OV02)
        await driver.sees("!")
        await driver.sees_no("a Avsluta")
        await driver.press("escape")
        await driver.sees("Pågående (3 st)")
        assert "Åkesson, Per-Erik" not in driver.text
    elsewhere.close()


async def test_nothing_of_a_resident_stays_on_screen_for_who_is_inactivated(practice: Path) -> None:
    elsewhere = other(practice)
    resident, number = "Åkesson, Per-Erik", "19861103-2395"
    gone = "Ditt uppdrag på enheten är inaktiverat."
    async with running(practice, OV01) as driver:
        await driver.sees(resident, number, "Andersson, Lena")
        await driver.open_first()
        await driver.sees(resident, number)
        with elsewhere.work(sign_in(elsewhere, OV03)) as work:
            inactivate_staff(work, OV01, to=OV02)
        await driver.sees("‹ Mina", "Du har inte längre tillgång till momentet.")
        assert resident not in driver.text
        assert number not in driver.text
        await driver.press("escape")
        await driver.sees("[2 Mina", gone)
        for words in (resident, number, "Andersson, Lena", "KomIgång online"):
            assert words not in driver.text
        await driver.press("4")
        await driver.sees("[4 Avslutade", gone)
        with elsewhere.work(sign_in(elsewhere, OV03)) as work:
            activate_staff(work, OV01)
        await driver.press("2")
        await driver.sees("[2 Mina", "Inga moment än.")
    elsewhere.close()


async def test_a_dialog_that_names_a_resident_closes_when_the_moment_is_switched_away(practice: Path) -> None:
    """Help lies over it; what the person wrote as a draft is kept."""
    elsewhere = other(practice)
    async with running(practice, OV01) as driver:
        await driver.sees("Åkesson, Per-Erik")
        await driver.open_first()
        await driver.press("2")
        await driver.sees("NY KONVERSATION", "Förskolan")
        await driver.press("enter")
        await driver.sees("Skicka")
        await driver.type("Hej")
        await driver.sees("Utkast sparat")
        await driver.press("escape", "b")
        await driver.sees("Byt behandlare", "Åkesson, Per-Erik · KomIgång online")
        await driver.press("f1")
        await driver.sees("Esc Stäng")
        with elsewhere.work(sign_in(elsewhere, OV02)) as work:
            switch_clinician(work, _moment_of(elsewhere, "198611032395"), OV02)
        await driver.sees("‹ Mina", "Du har inte längre tillgång till momentet.")
        await driver.sees_no("Åkesson")  # the dialog closes by itself, soon after
        with elsewhere.lend() as db:
            assert db.rows("SELECT count(*) FROM draft WHERE text = 'Hej'") == [(1,)]
    elsewhere.close()


async def test_a_dialog_over_the_queue_closes_for_who_is_inactivated(practice: Path) -> None:
    elsewhere = other(practice)
    async with running(practice, OV01) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("1")
        await driver.sees("[1 Att göra", "Håkansson, Jenny", "Åkesson, Per-Erik")
        await driver.press("down", "u")
        await driver.sees("Skjut upp ärendet", "Åkesson, Per-Erik · KomIgång online")
        driver.app.screen.query_one("#why").focus()
        await driver.type("Semester")
        with elsewhere.work(sign_in(elsewhere, OV03)) as work:
            inactivate_staff(work, OV01, to=OV02)
        await driver.sees("Rutan är stängd")
        await driver.sees("Ditt uppdrag på enheten är inaktiverat.")
        await driver.sees_no("Åkesson")
        await driver.sees_no("Håkansson")
        assert [path.suffix for path in drafts_folder().iterdir()] == [SUFFIX], "what was typed is kept, sealed"
    elsewhere.close()


async def test_a_note_over_which_its_box_was_closed_is_there_again(practice: Path) -> None:
    """Until it is used or given up; another flag's dialog has nothing of it."""
    async with running(practice, OV02) as driver:
        await driver.sees("Pågående")
        await driver.press("1")
        await driver.sees("[1 Att göra", "▲ prioriterad", "Hantera\xa0flagga")
        assert await driver.app.boxes.close({1}), "a box that its own work has closed meanwhile"
        await driver.press("h")
        await driver.sees("Vad har du gjort?")
        assert [one.message for one in driver.app._notifications if one.message == CLOSED] == []
        await driver.type("Upptaget")
        dialog = driver.app.screen
        assert isinstance(dialog, HandleDialog)
        assert await driver.app.boxes.close({dialog.moment_named})
        await driver.sees_no("Vad har du gjort?")
        await driver.press("end", "h")
        await driver.sees("Vad har du gjort?")
        assert "Upptaget" not in driver.text
        await driver.press("escape")
        await driver.sees_no("Vad har du gjort?")
        await driver.press("home", "h")
        await driver.sees("Vad har du gjort?", "Det här skrev du förra gången", "Upptaget")
        await driver.press("escape")
        await driver.sees_no("Vad har du gjort?")
        await driver.press("h")
        await driver.sees("Vad har du gjort?")
        assert "Upptaget" not in driver.text
        assert list(drafts_folder().glob(f"*{SUFFIX}")) == []


def _moment_of(store: Store, number: str) -> int:
    with store.lend() as db:
        rows = db.rows(
            "SELECT m.id FROM moment m JOIN resident r ON r.id = m.resident_id"
            f" WHERE r.personnummer = '{number}' AND m.status = 'pagaende'"
        )
        return int(rows[0][0])


async def test_a_refresh_leaves_no_log_row(practice: Path) -> None:
    elsewhere = other(practice)
    async with running(practice, OV01) as driver:
        await driver.sees("Andersson, Lena")
        before = _log_rows(elsewhere)
        with elsewhere.work(sign_in(elsewhere, OV02)) as work:
            start_moment(work, "0001012384", "komigang-online", responsible=OV01)
        await driver.sees("Ekdahl, Sofia")
        assert _log_rows(elsewhere) == before + 2  # the start's own, and that the list serves somebody new
    elsewhere.close()


def _log_rows(store: Store) -> int:
    with store.lend() as db:
        return int(db.rows("SELECT count(*) FROM log")[0][0])


async def test_news_waits_until_a_page_is_made(practice: Path) -> None:
    async with running(practice, OV02) as driver:
        await driver.sees("Mina", "Att göra 26")
        opened = driver.app.push_screen(colleague_queue(driver.app.client, OV01, "Karin Lindqvist", "Översikt"))
        driver.app._tell_screens()  # nothing of the page is there yet
        await opened
        await driver.sees("Att göra för Karin Lindqvist", "▲ prioriterad")
