"""From `sob ovning`, as `python3 start.py` starts it, to the first own started moment: keys that the screens show."""

from pathlib import Path

from store.opening import open_store
from tests.e2e.terminal import Terminal

MOST_KEYS = 14


class Newcomer:
    """Presses only what stands on the screen, and counts it; what is typed besides is not counted."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.pressed = 0

    def press(self, key: str, shown: str) -> Terminal:
        """Press a key whose name `shown` is in the words on the screen."""
        self.terminal.until(lambda: shown in " ".join(self.terminal.text.split()), f"{shown} to be shown")
        self.pressed += 1
        return self.terminal.press(key)


def test_a_newcomer_has_started_a_moment_in_few_keys(store: Path) -> None:
    terminal = Terminal("ovning", "--store", str(store))
    one = Newcomer(terminal)
    try:
        one.press("enter", "Enter Börja arbeta").wait("Ny här? Ta en rundtur", "ÖVNINGSMILJÖ")
        one.press("enter", "Enter Tryck på knappen").wait("Rundtur 1/5")
        one.press("1", "Tryck 1").wait("Rundtur 2/5")
        one.press("enter", "Tryck Enter").wait("Rundtur 3/5", "RISKSVAR", "ÖVNINGSMILJÖ")
        one.press("esc", "Tryck Esc").wait("Rundtur 4/5")
        one.press("2", "Tryck 2").wait("Tryck n")
        one.press("n", "Tryck n").wait("Rundtur 5/5", "Starta nytt moment", "ÖVNINGSMILJÖ")
        terminal.press("200001012384")
        one.press("tab", "Skriv 200001012384 och tryck Tab").wait("20000101-2384")
        one.press("enter", "Enter öppnar momenten").wait("Esc Stäng").press("kom")
        one.press("enter", "Enter väljer").wait_gone("Esc Stäng")
        one.press("ctrl+s", "ctrl+s startar").wait("Rundturen är klar", "Ekdahl, Sofia")
        assert one.pressed <= MOST_KEYS
        one.press("f3", "F3 stänger").wait_gone("Rundturen är klar").press("ctrl+q")
        assert terminal.closed() == 0
    finally:
        terminal.kill()
    found = open_store(store)
    with found.lend() as db:
        started = db.value(
            "SELECT count(*) FROM moment m JOIN resident r ON r.id = m.resident_id JOIN staff s"
            " ON s.id = m.responsible_id WHERE r.personnummer = '200001012384' AND s.hsa_id = 'SE2321000040-OV01'"
        )
    found.close()
    assert started == 1
