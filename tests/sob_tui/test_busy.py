"""A command waits for what others keep to themselves, on a server as on a file, and says so when it waits in vain."""

from collections.abc import Callable

import psycopg
import pytest

from sob_tui import cli
from sob_tui.printing import put
from store.foundation import engine
from store.foundation.errors import StoreBusy
from tests.clinics import Clinic
from tests.sob_tui.conftest import Said, Sob, Typed

BUSY = "Databasen är upptagen av andra. Försök igen om en stund.\n"


def on_each_try(monkeypatch: pytest.MonkeyPatch, first: Callable[[int], None]) -> None:
    """Do something before each time that a line is carried out, told which time it is."""
    carry_out, tries = cli._run, iter(range(1, 1_000_000))

    def noted(line: list[str]) -> int:
        first(next(tries))
        return carry_out(line)

    monkeypatch.setattr(cli, "_run", noted)


@pytest.mark.parametrize("is_let_go", [True, False])
def test_a_command_waits_for_anothers_lock_longer_than_one_statement_may(
    served: Clinic,
    capsys: pytest.CaptureFixture[str],
    typed: Typed,
    monkeypatch: pytest.MonkeyPatch,
    is_let_go: bool,
) -> None:
    moment = served.start()
    monkeypatch.setattr(engine, "LOCK_SECONDS", 0.1)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 15 if is_let_go else 0.25)
    typed(b"Hej")
    with psycopg.connect(served.store.engine.url.replace("+psycopg", "")) as other:
        other.execute("SELECT 1 FROM moment WHERE id = %s FOR UPDATE", [moment])
        on_each_try(monkeypatch, lambda number: other.rollback() if is_let_go and number == 3 else None)
        said = Sob(capsys, served.store.engine.url)("meddelande", "skriv", str(moment), "--rubrik", "Prov")
    offered = f"Journalunderlaget: sob visa {moment} --journal --sedan-senast\n"
    assert (said.code, said.err) == ((0, offered) if is_let_go else (5, BUSY))
    # what was typed was read once, and is there the third time
    assert served.rows("SELECT text FROM message") == [("Hej",)] * is_let_go


@pytest.mark.parametrize(("busy", "expected"), [(2, Said(0, "Prov\n", "")), (9, Said(5, "", BUSY))])
def test_nothing_is_printed_of_a_try_that_came_to_nothing(
    nowhere: Sob, monkeypatch: pytest.MonkeyPatch, busy: int, expected: Said
) -> None:
    tries = iter(range(1, 10))

    def carry_out(_line: list[str]) -> int:
        number = next(tries)
        put("Prov")
        if number == 4:
            monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
        if number <= busy:
            raise StoreBusy
        return 0

    monkeypatch.setattr(cli, "_run", carry_out)
    assert nowhere("lista") == expected
