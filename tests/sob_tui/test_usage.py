"""Help and faults in a command line: all in Swedish, each fault one plain sentence."""

import io
import re
import sys
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from sob_tui.commands import all_commands
from store.foundation.access import Role
from tests.clinics import ADULT, CHILD, Clinic, hsa_id_of
from tests.sob_tui.conftest import Sob, Typed, run

ENGLISH = re.compile(r"\b(usage|options?|commands?|show|exit|message|missing|required|default|error)\b", re.I)
HEAVY = ("textual", "sqlmodel", "sqlalchemy", "alembic", "pydantic", "psycopg", "sqlcipher3")


def lines_of(command: Any, line: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the words of every command and group."""
    inner = command.commands.items() if isinstance(command, TyperGroup) else ()
    return [line, *(found for name, one in inner for found in lines_of(one, (*line, name)))]


COMMANDS = lines_of(typer.main.get_command(all_commands()))


@pytest.mark.parametrize("line", COMMANDS, ids=" ".join)
def test_help_is_swedish_and_tells_of_every_option(nowhere: Sob, line: tuple[str, ...]) -> None:
    said = nowhere(*line, "--help", som=None)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"Användning: {' '.join(['sob', *line])} ")
    assert not ENGLISH.search(re.sub(r"--\w+", "", said.out))
    for option in ("--store", "--som", "--enhet", "--json", "--ja", "--arende", "--help"):
        assert option in said.out


@pytest.mark.parametrize("line", [line for line in COMMANDS if line], ids=" ".join)
def test_every_option_and_argument_has_a_help_text(nowhere: Sob, line: tuple[str, ...]) -> None:
    for row in nowhere(*line, "--help", som=None).out.splitlines():
        assert not re.fullmatch(r"  (--)?\w\S*( [A-ZÅÄÖ-]+)?", row), row


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("lsita", "Kommandot lsita finns inte. Menade du lista?"),
        (
            "xyz",
            "Kommandot xyz finns inte. Kommandon: hjalp, installningar, lista, visa, angra, att-gora, oversikt, "
            "kontakt, tid, exportera, statistik, dygn, init, sakerhetskopiera, aterstall, aterstallningsprov, "
            "kontrollera, flytta, uppgradera, inbjud, avisera, ovning, gallra, logga, moment, modul, formular, "
            "meddelande, flagga, plan, sakerhetsplan, invanare, personal, enhet, program, vardgivare, nyckel, logg, "
            "logguppfoljning.",
        ),
        (
            "moment",
            "Ett kommando saknas efter sob moment. Kommandon: starta, byt, avsluta, vidmakthallande, ateruppta, "
            "overlamna, ta-emot, avvisa, dra-tillbaka, overlamningar.",
        ),
        ("moment start", "Kommandot start finns inte. Menade du starta?"),
        ("lista --ala", "Flaggan --ala finns inte. Menade du --alla?"),
        ("lista --sotre x", "Flaggan --sotre finns inte. Menade du --store?"),
        ("lista --xyz", "Flaggan --xyz finns inte. Se sob lista --help."),
        ("lista -q", "Flaggan -q finns inte. Se sob lista --help."),
        ("lista --status", "Flaggan --status behöver ett värde."),
        ("lista --alla=1", "Flaggan --alla tar inget värde."),
        ("lista 200001012384", "För många ord på raden: sätt citattecken om text med mellanslag. Se sob lista --help."),
        ("visa", "Argumentet MOMENT saknas. Se sob visa --help."),
        ("moment byt --till X", "Argumentet MOMENT saknas. Se sob moment byt --help."),
        ("moment starta 0001012384", "Flaggan --program saknas. Se sob moment starta --help."),
        ("moment avsluta 1", "Flaggan --orsak saknas. Se sob moment avsluta --help."),
        ("invanare las 0001012384 --program p", "Flaggan --steg saknas. Se sob invanare las --help."),
        ("program visa", "Argumentet DIR saknas. Se sob program visa --help."),
        ("lista --som", "Flaggan --som behöver ett värde."),
    ],
)
def test_a_wrong_line_is_one_plain_swedish_sentence(nowhere: Sob, line: str, sentence: str) -> None:
    said = nowhere(*line.split(), som=None)
    assert (said.code, said.out, said.err) == (2, "", sentence + "\n")


def test_a_long_word_is_not_repeated_whole_nor_raw(nowhere: Sob) -> None:
    said = nowhere("\x1b]52;c;aGVq\x07\u202e" + "x" * 10_000, som=None)
    assert said.code == 2
    assert len(said.err) < 500
    assert "\x1b" not in said.err
    assert "\u202e" not in said.err


def test_bytes_that_are_not_utf8_stop_nothing(nowhere: Sob) -> None:
    for words in (
        ("visa", "\udce5"),
        ("program", "kontrollera", "\udce5"),
        ("moment", "avsluta", "1", "--orsak", "\udce5"),
    ):
        said = nowhere(*words)
        assert said.code in (2, 3)
        assert "\udce5" not in said.out + said.err


def test_a_sentence_is_not_wrapped_in_a_pipe(nowhere: Sob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert nowhere("lista").err.count("\n") == 1


@pytest.mark.parametrize(
    "line", ["lista --som X --store s.db", "--som X lista --store s.db", "--store=s.db lista --som=X"]
)
def test_common_options_may_stand_anywhere(nowhere: Sob, line: str) -> None:
    said = nowhere(*line.split(), som=None)
    assert (said.code, said.err) == (
        5,
        "Det finns ingen databas på den adressen. Kontrollera --store eller SOB_STORE.\n",
    )


def test_help_imports_neither_textual_nor_sqlmodel() -> None:
    program = (
        "import sys; from sob_tui.cli import main; code = main(['--help']);"
        f"sys.exit(code or ','.join(name for name in {HEAVY} if name in sys.modules) or 0)"
    )
    said = run(program=program)
    assert (said.code, said.err) == (0, "")


# --- values that are refused before the operation is tried ---

BAD = {
    "lista --status fel": ("open_list", False),
    "visa 1 --journal --fran 2026-02-30": ("read_journal", True),
    "visa 1 --tidslinje --till fel": ("open_timeline", True),
    "flagga ny 1 --text Ring --datum fel": ("add_flag", True),
    "flagga ny 1 --text Ring --allvar fel": ("add_flag", True),
    "meddelande skriv 1 --avisera fel": ("send_message", True),
    "plan ny 1 --titel Ny --folj-upp fel": ("make_plan", True),
    "plan vecka 1 --dag fel": ("open_plans", True),
    "att-gora --skjut-upp fel --till fel --skal Ledig": ("set_matter_aside", False),
    "meddelande mall Titel": ("save_own_template", False),
    "formular installera finns-inte.json": ("install_form", False),
    "invanare importera finns-inte.csv": ("import_residents", False),
}


@pytest.mark.parametrize("line", BAD)
def test_a_value_that_is_refused_has_its_row(sob: Sob, clinic: Clinic, typed: Typed, line: str) -> None:
    operation, has_resident = BAD[line]
    clinic.start(program="prov")
    typed(b"\xff")
    role = {"install_form": Role.ACCESS_ADMIN, "import_residents": Role.RESIDENT_ADMIN}.get(operation, Role.CLINICIAN)
    before = clinic.rows("SELECT id FROM log")
    assert sob(*line.split(), som=hsa_id_of(role)).code == 3
    rows = clinic.log("SELECT operation, personnummer, outcome, reason FROM log ORDER BY id")[len(before) :]
    assert rows == [(operation, ADULT if has_resident else None, "nekat", "regel")]


@pytest.mark.parametrize("line", ["meddelande skriv 1", "meddelande mall Titel"])
def test_nobody_waits_for_who_writes_on_standard_input(
    sob: Sob, clinic: Clinic, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Others change things while somebody thinks."""
    clinic.start(program="prov")

    class Thinks(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            monkeypatch.setattr("store.foundation.engine.BUSY_SECONDS", 0.1)
            clinic.start(CHILD, "prov")
            return super().read(size)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Thinks(b"Hej"), "utf-8"))
    assert sob(*line.split()).code == 0
    assert clinic.value("SELECT count(*) FROM moment") == 2
