"""A ställföreträdare, chosen by keys alone in a real terminal, who then signs in and has the moments."""

from datetime import timedelta
from pathlib import Path

from store.foundation.clock import local_day, wall_clock
from tests.e2e.terminal import Terminal
from tests.e2e.test_unit import choose, open_tab, says

OV01, OV02 = "SE2321000040-OV01", "SE2321000040-OV02"


def test_who_is_chosen_by_keys_alone_has_the_rows(store: Path) -> None:
    line = ("ovning", "--store", str(store), "--som")
    last = local_day(wall_clock()) + timedelta(days=3)
    away = Terminal(*line, OV01)
    open_tab(away, "Min profil").wait("s Ställföreträdare").press("s").wait("Ingen ställföreträdare än.")
    choose(away, "Johan").press("tab", str(last), "tab", "space").wait("[x] Skicka", "är det Johan Nordahl som läser")
    says(away.press("ctrl+s"), "Johan Nordahl är ställföreträdare för Karin Lindqvist")
    says(away, "invånare har fått ett meddelande.")
    away.press("ctrl+q")
    assert away.closed() == 0
    standing_in = Terminal(*line, OV02)
    standing_in.wait("För").wait_like(r"Andersson, Lena .*Karin Lindqvist")
    says(standing_in.press("1").wait("Ålder").press("end"), "för Karin Lindqvist")
    standing_in.press("ctrl+q")
    assert standing_in.closed() == 0
