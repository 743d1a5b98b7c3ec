"""A resident whose name is an attack, in a real terminal: no byte of it steers the terminal."""

from pathlib import Path

from tests.app.test_hostile import NAMES, plant
from tests.e2e.terminal import Terminal


def test_no_control_byte_of_a_name_reaches_the_terminal(store: Path) -> None:
    plant(store, NAMES["together"])
    terminal = Terminal("ovning", "--store", str(store), "--som", "SE2321000040-OV01")
    try:
        terminal.wait("Berg", "Mina 10").press("/", "19800102", "enter").wait_gone("Åkesson")
        terminal.press("enter").wait("INFORMATION OM MOMENTET", "Berg").press("b")
        terminal.wait("Ny behandlare").press("esc").wait_gone("Ny behandlare").press("ctrl+q")
        assert terminal.closed() == 0
    finally:
        terminal.kill()
    for attack in (b"\x1b]52", b"aGFja2Vk\x07", "\u202e".encode(), "\u2066".encode()):
        assert attack not in terminal.raw
