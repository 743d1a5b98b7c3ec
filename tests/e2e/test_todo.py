"""*Att göra* in real terminals: a risk answer reaches every clinician of the unit, and the queue is worked by keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.opening import open_store
from tests.e2e.terminal import Terminal
from tests.e2e.test_forms import answer

OV01, OV02 = "SE2321000040-OV01", "SE2321000040-OV02"
RESIDENT = "198301272384"
"""Has Nedstämdhet with OV01."""
RISK = {str(number): 0 for number in range(1, 9)} | {"9": 2}
SAID = "Svar ”De flesta dagar” på fråga 9"


@pytest.fixture
def two(store: Path) -> Iterator[tuple[Terminal, Terminal]]:
    """The app with OV01 at work, and with OV02 at another terminal."""
    line = ("ovning", "--store", str(store), "--som")
    running = [Terminal(*line, who) for who in (OV01, OV02)]
    yield running[0], running[1]
    for terminal in running:
        terminal.kill()


def top(terminal: Terminal) -> str:
    """The first two rows of the queue."""
    lines = terminal.text.split("\n")
    heads = [place for place, line in enumerate(lines) if "Ålder" in line]
    return " ".join(lines[heads[0] + 1 : heads[0] + 3]) if heads else ""


def test_a_risk_answer_shows_on_top_at_both_by_itself(two: tuple[Terminal, Terminal], store: Path) -> None:
    mine, colleague = two
    for terminal in two:
        terminal.wait("Att göra", "n Starta").press("1").wait("▲ prioriterad", "Ålder")
    assert answer(store, "nedstamdhet", "maendeskattning", RISK, RESIDENT) == 0
    for terminal in two:
        terminal.until(lambda terminal=terminal: "nyss" in top(terminal), "the answer on top")  # type: ignore[misc]
        assert top(terminal).count("▲ prioriterad") == 2
        terminal.press("down").wait(SAID)
    mine.press("T").wait("tar den sedan", "T Släpp")
    colleague.wait("tar den sedan", "T Ta över")
    colleague.press("enter").wait("Ärende 1 av", "RISKSVAR").press("h")
    colleague.wait("Vad har du gjort?", "Ring invånaren samma dag")
    colleague.press("Ringde. [/x]", "ctrl+s").wait("Ärende 2 av")
    mine.until(lambda: top(mine).count("▲ prioriterad") == 1, "the flag to be handled")
    for terminal in two:
        terminal.press("ctrl+q")
        assert terminal.closed() == 0
    opened = open_store(store)
    with opened.lend() as db:
        assert db.rows("SELECT note FROM flag WHERE note = 'Ringde. [/x]'") == [("Ringde. [/x]",)]
    opened.close()


def test_word_of_it_reaches_the_lists(two: tuple[Terminal, Terminal], store: Path) -> None:
    for terminal in two:
        terminal.wait("n Starta").wait_like(r"1 Att göra \d")  # what is there at the first count is no news
    assert answer(store, "nedstamdhet", "maendeskattning", RISK, RESIDENT) == 0
    for terminal in two:
        terminal.wait("Ny prioriterad flagga").press("1").wait("▲ prioriterad", "nyss").press("ctrl+q")
        assert terminal.closed() == 0
