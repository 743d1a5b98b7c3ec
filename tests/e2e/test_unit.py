"""The administrative questions of the FAQ, each walked in a real terminal with keys alone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.opening import open_store
from tests.e2e.terminal import Terminal

OV01, OV02, OV03, OV06, OV11, OV13 = (f"SE2321000040-OV{number}" for number in ("01", "02", "03", "06", "11", "13"))
NEW = "SE2321000040-OV99"
ALREADY = f"Användaren med hsaid: {OV06} finns redan på enheten med hsaid: SE2321000040-OVN1"
ELSEWHERE = "6101182803"
NAME = re.compile(r"\w[\w-]*(?: [\w-]+)*, \w[\w-]*")
"""A resident's, as lists have it."""
Start = Callable[[str], Terminal]


@pytest.fixture
def start(store: Path) -> Iterator[Start]:
    """Starts the app with somebody at work."""
    running: list[Terminal] = []

    def begin(who: str) -> Terminal:
        running.append(Terminal("ovning", "--store", str(store), "--som", who))
        return running[-1]

    yield begin
    for terminal in running:
        terminal.kill()


def said(terminal: Terminal) -> str:
    """What stands on the screen, frames and line breaks made one space; and then what is said in its right half."""
    beside = (line.rpartition("▌")[2] for line in terminal.text.split("\n") if "▌" in line)
    whole = "\n".join((terminal.text, *beside))
    return " ".join(whole.translate(str.maketrans("│▌▐▎▏", "     ")).split())


def says(terminal: Terminal, words: str) -> Terminal:
    """Wait for a sentence, however it is broken into lines."""
    return terminal.until(lambda: words in said(terminal), words)


def open_tab(terminal: Terminal, label: str) -> Terminal:
    """Open a tab by the key beside it."""
    found = re.search(rf"(\d) {label}", terminal.wait(f" {label}").text)
    assert found
    return terminal.press(found.group(1)).wait(f"{found.group(1)} {label}]")


def choose(terminal: Terminal, begins: str) -> Terminal:
    """Choose in the list that has the focus, and go on to what comes next."""
    terminal.press("enter").wait("Stäng listan").press(begins, "enter").wait_gone("Stäng listan")
    return terminal.press("tab")


def on_row(terminal: Terminal, name: str) -> Terminal:
    """Move the cursor to a row, one seen step at a time: a key too many would leave it again."""
    terminal.wait(name).press("home").until(lambda: _first_row(terminal).startswith("▌"), "the first row")
    for _ in range(20):
        if name in _cursor(terminal):
            return terminal
        _step_down(terminal)
    raise AssertionError(f"no row with {name}:\n{terminal.text}")


def come_to_row(terminal: Terminal, name: str) -> Terminal:
    """Wait until the cursor has come to a row by itself: one that was just added."""
    return terminal.until(lambda: name in _cursor(terminal), f"the cursor on {name}")


def _step_down(terminal: Terminal) -> None:
    before = _subject(terminal)
    terminal.press("down").until(lambda: _subject(terminal) not in {"", before}, "the next row")


def _subject(terminal: Terminal) -> str:
    """What the cursor's row is of and about whom: the same however the row is drawn when a flag has come to it."""
    row = _cursor(terminal)
    return " ".join((*row.split()[:3], *NAME.findall(row)))


def _cursor(terminal: Terminal) -> str:
    return next((line for line in terminal.text.split("\n") if line.startswith("▌")), "")


def _first_row(terminal: Terminal) -> str:
    lines = terminal.text.split("\n")
    heads = (place for place, line in enumerate(lines) if line.startswith((" Namn ", " Väntar ")))
    below = lines[next(heads, len(lines)) + 1 :]
    return next((line for line in below if " st)" not in line), "")  # a section's heading may stand between


def leave(*terminals: Terminal) -> None:
    """Close the app."""
    for terminal in terminals:
        terminal.press("ctrl+q")
        assert terminal.closed() == 0


def rows(store: Path, sql: str) -> list[tuple[object, ...]]:
    """What the store holds."""
    opened = open_store(store)
    with opened.lend() as db:
        found = db.rows(sql)
    opened.close()
    return found


def test_a_new_colleague_is_added_gets_a_role_and_signs_in(start: Start) -> None:
    admin = open_tab(start(OV03), "Personal")
    admin.wait("Aktiva (6 st)").press("n").wait("HSA-id", "Lägg till personal")
    admin.press("fel [/x]", "ctrl+s").wait("✗").press("ctrl+u", NEW, "ctrl+s").wait("Efternamn")
    admin.press("Nyberg", "tab", "Nora", "ctrl+s").wait("Aktiva (7 st)")
    come_to_row(admin, "Nyberg, Nora").press("r").wait("Inga roller än.", "Välj roll")
    choose(admin, "Behandlare").press("tab", "Anställd 1 december", "ctrl+s")
    says(admin, "utbildning").press("ctrl+s")
    says(admin, "Nora Nyberg har rollen behandlare.").wait_gone("Välj roll")
    leave(start(NEW).wait("Mina", "Nora Nyberg"), admin)


def test_a_returning_colleague_is_there_already_and_is_activated_from_there(start: Start) -> None:
    admin = open_tab(start(OV03), "Personal")
    admin.wait("Aktiva (6 st)").press("n").wait("HSA-id", "Lägg till personal").press(OV06, "ctrl+s")
    says(admin, ALREADY).wait("ctrl+o Aktivera").press("ctrl+o")
    says(admin, "Mattias Öhrn är aktiv på enheten igen.").wait("Aktiva (7 st)")  # what is said stands for five seconds
    leave(start(OV06).wait("Mina"), admin)


def test_a_role_is_added_and_the_advice_to_have_more_than_one_goes(start: Start, store: Path) -> None:
    admin = open_tab(start(OV03), "Personal")
    says(admin, "är ensam behörighetsadministratör")
    on_row(admin, OV02).press("enter").wait("Välj roll")
    choose(admin, "Behö").press("tab", "Ersättare", "tab", "2026-13-01", "ctrl+s").wait("✗ ")
    admin.press("ctrl+u", "ctrl+s")
    says(admin, "utbildning").press("ctrl+s").wait_gone("Välj roll").wait_gone("är ensam")
    leave(open_tab(start(OV02), "Personal").wait("Aktiva (6 st)"), admin)
    given = "SELECT hsa_id FROM assignmentrole JOIN staff ON id = staff_id WHERE reason = 'Ersättare'"
    assert rows(store, given) == [(OV02,)]


def test_the_last_administrator_can_neither_go_nor_lose_the_role(start: Start, store: Path) -> None:
    admin = open_tab(start(OV03), "Personal")
    on_row(admin, OV03).press("i").wait("kan inte längre arbeta på enheten").press("ctrl+s")
    says(admin, "enhetens enda behörighetsadministratör").press("esc").wait_gone("kan inte längre")
    admin.press("r").wait("Välj roll")
    choose(admin, "Behö")
    choose(admin, "Ta").press("Slutar", "ctrl+s")
    says(admin, "enhetens enda behörighetsadministratör").press("esc").wait_gone("Välj roll")
    leave(admin)
    kept = "SELECT role FROM assignmentrole JOIN assignment USING (staff_id, unit_id) JOIN staff ON id = staff_id"
    assert rows(store, f"{kept} WHERE hsa_id = '{OV03}' AND active = 1") == [("behörighetsadministratör",)]


def test_a_handover_is_declined_and_another_accepted_while_the_giver_looks(start: Start, store: Path) -> None:
    giver, taker = start(OV01), start(OV11)
    giver.wait("Andersson, Lena", "n Starta")
    _offer(giver)
    _answer_offer(taker).press("tab", "space").wait("Orsak").press("tab", "Fullt [/x]", "ctrl+s")
    says(taker, "Överlämningen är avvisad.").wait_gone("Andersson")  # the next offer's row is not this one's
    says(giver, "Övningsmottagningen").wait("o Överlämna")
    says(giver, "har avvisat överlämningen")
    says(giver, "tar inte emot momentet: Fullt")
    _offer(giver, is_open=True)
    choose(_answer_offer(taker), "Eriksson").press("ctrl+s")
    says(taker, "Momentet är mottaget.")
    says(giver, "Momentet har lämnats över till").press("esc").wait_gone("Andersson, Lena")
    leave(giver, taker)
    assert rows(store, "SELECT state FROM handover ORDER BY id DESC LIMIT 2") == [("mottagen",), ("avvisad",)]


def _offer(giver: Terminal, *, is_open: bool = False) -> None:
    if not is_open:
        on_row(giver, "Andersson, Lena").press("enter").wait("INFORMATION OM MOMENTET")
    giver.press("o").wait("Till enhet")
    choose(giver, "Övn").press("Flyttar dit", "ctrl+s").wait_gone("Till enhet").wait("o Dra tillbaka")


def _answer_offer(taker: Terminal) -> Terminal:
    taker.wait("1 Att göra").press("1").wait("Överlämning från")
    return on_row(taker, "Andersson").press("enter").wait("Erbjuden överlämning")


def test_a_refused_start_goes_through_once_the_area_is_changed(start: Start) -> None:
    clinician, admin = start(OV11), start(OV13)
    clinician.wait("n Starta").press("n", ELSEWHERE, "tab").wait("Thulin, Bodil")
    choose(clinician, "Kom").press("ctrl+s")
    says(clinician, "betjäningsområde")
    open_tab(admin, "Enhet").wait("Betjäningsområde").press("tab")
    choose(admin, "Hela").press("ctrl+s")
    says(admin, "Enhetens inställningar är sparade.")
    says(clinician.press("ctrl+s"), "ingen registrerad utbildning")
    clinician.press("ctrl+s").wait("startat.")
    leave(clinician, admin)
