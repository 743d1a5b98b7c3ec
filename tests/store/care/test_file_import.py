"""Imports in pieces: others get in between, and what was cut off is finished at the next opening, each row once."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store.care import file_import, resident_import
from store.care.file_import import RESIDENTS, STAFF, import_rows, rows_for_next
from store.care.resident_import import ResidentRow, read_residents
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.clock import local_day
from store.foundation.csv_file import Imported, LineFault
from store.foundation.errors import NotPermitted, StoreReadOnly, StoreUnreachable
from store.foundation.fictional import fictional_numbers
from store.opening import open_store
from store.people import residents
from store.people.staff_import import read_staff
from tests.clinics import ADULT, PREFIX, Clinic, hsa_id_of

NUMBERS = [number.value for number in fictional_numbers(50)]
PIECE = 7
CUT = PIECE * 3
"""Rows that are written before an import is cut off."""
SAID = f"En import av invånare hade avbrutits och är nu klar. Antal rader som skrevs nu: {len(NUMBERS) - CUT}."


@pytest.fixture(autouse=True)
def _short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pieces of the same few rows, staged in several transactions and in chunks that pieces cut through."""
    monkeypatch.setattr(file_import, "FIRST_PIECE", PIECE)
    monkeypatch.setattr(file_import, "rows_for_next", lambda _most, _seconds: PIECE)
    monkeypatch.setattr(file_import, "CHUNK", 10)
    monkeypatch.setattr(file_import, "STAGED_AT_ONCE", 20)


def rows_of(clinic: Clinic, numbers: Sequence[str] = NUMBERS) -> list[ResidentRow]:
    lines = ["personnummer;efternamn;fornamn", *(f"{number};Efter{place};För" for place, number in enumerate(numbers))]
    return read_residents("\n".join(lines).encode(), local_day(clinic.clock.now), is_practice=True)


class Cut(BaseException):
    """What no part of the program expects."""


def cut_off(clinic: Clinic, by: Actor = OPERATOR, *, after: int = CUT) -> None:
    """Begin an import of residents, and stop it once so many rows are written."""

    def progress(done: int, _total: int) -> None:
        if done - len(NUMBERS) >= after:
            raise Cut

    with pytest.raises(Cut):
        import_rows(clinic.store, by, RESIDENTS, rows_of(clinic), progress)
    assert imported(clinic) == dict.fromkeys(NUMBERS[:after], 1)


def reopen(clinic: Clinic) -> tuple[str, ...]:
    """Open the store as another program does; returns what is told."""
    opened = open_store(clinic.store.engine.url, clock=clinic.clock)
    opened.close()
    return opened.said


def imported(clinic: Clinic) -> dict[str, int]:
    """Return how many times each number was imported, by the log; the register agrees."""
    there = clinic.rows("SELECT personnummer FROM resident WHERE family_name LIKE 'Efter%'")
    found = Counter(
        number
        for (number,) in clinic.log(
            "SELECT personnummer FROM log WHERE operation = 'import_residents' AND outcome = 'gjort'"
        )
    )
    assert set(found) == {number for (number,) in there}
    return dict(found)


def staged(clinic: Clinic) -> tuple[int, int]:
    return clinic.value("SELECT count(*) FROM fileimport"), clinic.value("SELECT count(*) FROM stagedrows")


ALL_ONCE = dict.fromkeys(NUMBERS, 1)


def test_what_was_cut_off_is_finished_at_the_next_opening_each_row_once(clinic: Clinic) -> None:
    cut_off(clinic)
    assert staged(clinic)[0] == 1
    assert reopen(clinic) == (SAID,)
    assert imported(clinic) == ALL_ONCE
    assert clinic.value("SELECT count(*) FROM residentpart WHERE part LIKE 'efter%'") == len(NUMBERS)
    assert staged(clinic) == (0, 0)
    assert reopen(clinic) == ()
    assert imported(clinic) == ALL_ONCE


_KILLED = """
import os, signal, sys
from store.care import file_import
from store.care.resident_import import read_residents
from store.foundation.access import OPERATOR
from store.foundation.clock import local_day
from store.opening import open_store

store = open_store(sys.argv[1])
rows = read_residents(sys.stdin.buffer.read(), local_day(store.clock()), is_practice=True)
file_import.FIRST_PIECE = int(sys.argv[2])
file_import.rows_for_next = lambda most, seconds: int(sys.argv[2])

def progress(done, total):
    if done - len(rows) >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

file_import.import_rows(store, OPERATOR, file_import.RESIDENTS, rows, progress)
"""


def test_who_is_killed_leaves_nothing_half_done_and_nothing_claimed(clinic: Clinic) -> None:
    content = "\n".join(["personnummer;efternamn;fornamn", *(f"{number};Efter;För" for number in NUMBERS)])
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, clinic.store.engine.url, str(PIECE), str(CUT)],
        input=content.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (killed.returncode, killed.stderr) == (-signal.SIGKILL, b"")
    assert imported(clinic) == dict.fromkeys(NUMBERS[:CUT], 1)
    assert reopen(clinic) == (SAID,)
    assert imported(clinic) == ALL_ONCE
    assert staged(clinic) == (0, 0)


def test_one_that_is_under_way_is_left_alone(clinic: Clinic) -> None:
    said: list[tuple[str, ...]] = []

    def progress(_done: int, _total: int) -> None:
        before = imported(clinic)
        said.append(reopen(clinic))
        assert imported(clinic) == before

    assert import_rows(clinic.store, OPERATOR, RESIDENTS, rows_of(clinic), progress) == Imported(50, ())
    assert said == [()] * 8
    assert imported(clinic) == ALL_ONCE


def test_others_write_between_two_pieces(clinic: Clinic) -> None:
    started: list[int] = []

    def progress(_done: int, _total: int) -> None:
        if not started:
            started.append(clinic.start(ADULT))

    import_rows(clinic.store, OPERATOR, RESIDENTS, rows_of(clinic), progress)
    last = "SELECT max(id) FROM log WHERE operation = :name"
    assert clinic.value(last, name="start_moment") < clinic.value(last, name="import_residents")


def test_a_file_that_was_not_staged_whole_is_thrown_away(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[float] = []

    def stop(seconds: float) -> None:
        calls.append(seconds)
        if len(calls) == 2:
            raise Cut

    with monkeypatch.context() as patched:
        patched.setattr("time.sleep", stop)
        with pytest.raises(Cut):
            import_rows(clinic.store, OPERATOR, RESIDENTS, rows_of(clinic))
    assert staged(clinic) == (1, 4)
    assert reopen(clinic) == (
        "En import av invånare hade avbrutits innan hela filen var inläst. Inget av den är importerat: gör om den.",
    )
    assert (staged(clinic), imported(clinic)) == ((0, 0), {})


def test_the_log_says_who_imported_and_where_whoever_finishes_it(clinic: Clinic) -> None:
    cut_off(clinic, clinic.admin)
    assert reopen(clinic) == (SAID,)
    who = "SELECT DISTINCT actor_hsa_id, unit_id, acted_as, origin FROM log WHERE operation = 'import_residents'"
    role = Role.RESIDENT_ADMIN
    assert clinic.rows(who) == [(hsa_id_of(role), clinic.here, role.value, "importfil")]


def test_the_operator_is_named_by_whoever_finishes_it(clinic: Clinic) -> None:
    cut_off(clinic, replace(OPERATOR, person="Kim"))
    reopen(clinic)
    assert clinic.log("SELECT DISTINCT actor_name FROM log WHERE operation = 'import_residents'") == [("Kim",)]


def test_whose_a_resident_is_is_asked_when_the_row_is_written(clinic: Clinic) -> None:
    cut_off(clinic, clinic.admin)
    theirs = NUMBERS[CUT + 2]
    clinic.add_resident(theirs)
    clinic.start(theirs, by=clinic.stranger, confirmed=True)
    rest = len(NUMBERS) - CUT - 1
    assert reopen(clinic) == (
        f"En import av invånare hade avbrutits och är nu klar. Antal rader som skrevs nu: {rest}."
        f" Rader som lämnades orörda, se loggen: {CUT + 4}.",
    )
    assert imported(clinic) == {number: 1 for number in NUMBERS if number != theirs}
    row = "SELECT outcome, reason FROM log WHERE operation = 'import_residents' AND personnummer = :number"
    assert clinic.log(row, number=theirs) == [("nekat", "annan-enhet")]


def take_role(clinic: Clinic) -> None:
    clinic.run("DELETE FROM assignmentrole WHERE role = :role", role=Role.RESIDENT_ADMIN.value)


def test_who_may_no_more_is_not_finished_for(clinic: Clinic) -> None:
    cut_off(clinic, clinic.admin)
    take_role(clinic)
    assert reopen(clinic) == (
        "En import av invånare hade avbrutits och kan inte göras klar: den som importerade har inte längre behörighet."
        " Resten är inte importerad.",
    )
    assert staged(clinic) == (0, 0)
    assert imported(clinic) == dict.fromkeys(NUMBERS[:CUT], 1)


def test_who_may_no_more_in_the_middle_is_told_how_far_it_came(clinic: Clinic) -> None:
    def progress(done: int, _total: int) -> None:
        if done - len(NUMBERS) == CUT:
            take_role(clinic)

    with pytest.raises(NotPermitted, match=f" Antal rader som har importerats: {CUT}. Resten är inte importerad.$"):
        import_rows(clinic.store, clinic.admin, RESIDENTS, rows_of(clinic), progress)
    assert staged(clinic) == (0, 0)
    assert imported(clinic) == dict.fromkeys(NUMBERS[:CUT], 1)


def test_who_may_not_stages_nothing(clinic: Clinic) -> None:
    with pytest.raises(NotPermitted):
        import_rows(clinic.store, clinic.clinician, RESIDENTS, rows_of(clinic))
    assert staged(clinic) == (0, 0)


@pytest.fixture
def bad_row(monkeypatch: pytest.MonkeyPatch) -> int:
    """The line of a row that something in the program can't take."""
    parts = residents.index_parts

    def breaking(resident: int, family: str, given: str, protection: str | None) -> Any:
        if family == "Efter30":
            raise ZeroDivisionError
        return parts(resident, family, given, protection)

    monkeypatch.setattr(resident_import, "index_parts", breaking)
    return 32


def test_a_row_that_cannot_be_written_is_named_and_the_others_are(clinic: Clinic, bad_row: int) -> None:
    found = import_rows(clinic.store, OPERATOR, RESIDENTS, rows_of(clinic))
    assert found == Imported(49, (LineFault(bad_row, "Raden kunde inte skrivas på grund av ett fel i programmet."),))
    assert imported(clinic) == {number: 1 for number in NUMBERS if number != NUMBERS[30]}
    rows = clinic.log("SELECT details, reason FROM log WHERE operation = 'import_residents' AND outcome = 'nekat'")
    assert rows == [(f"rad {bad_row}: Raden kunde inte skrivas på grund av ett fel i programmet.", "fel")]


def test_nothing_that_is_staged_keeps_a_store_from_being_opened(clinic: Clinic) -> None:
    cut_off(clinic)
    clinic.run("UPDATE stagedrows SET content = 'x'")
    (said,) = reopen(clinic)
    assert said.endswith("kan inte göras klar: programmet har ett fel. Resten är inte importerad: gör om den.")
    assert staged(clinic) == (0, 0)


def test_a_database_that_goes_away_is_told_with_what_becomes_of_the_rest(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_done: int, _total: int) -> None:
        raise StoreReadOnly

    with pytest.raises(StoreUnreachable) as error:
        import_rows(clinic.store, OPERATOR, RESIDENTS, rows_of(clinic), gone)
    assert error.value.message == "Databasen går bara att läsa. Resten importeras nästa gång databasen öppnas."
    monkeypatch.setattr(file_import, "_take", lambda *_: gone(0, 0))
    assert reopen(clinic) == ()  # it is opened all the same
    monkeypatch.undo()
    assert reopen(clinic) == (SAID.replace(str(len(NUMBERS) - CUT), str(len(NUMBERS) - PIECE)),)


def test_staff_are_finished_too(clinic: Clinic) -> None:
    lines = ["hsa-id;efternamn;fornamn", *(f"{PREFIX}NY{place};Efter{place};För" for place in range(20))]

    def stop(_done: int, _total: int) -> None:
        raise Cut

    with pytest.raises(Cut):
        import_rows(clinic.store, OPERATOR, STAFF, read_staff("\n".join(lines).encode()), stop)
    assert clinic.value("SELECT count(*) FROM staff WHERE family_name LIKE 'Efter%'") == PIECE
    assert reopen(clinic) == ("En import av personer hade avbrutits och är nu klar. Antal rader som skrevs nu: 13.",)
    assert clinic.value("SELECT count(*) FROM staff WHERE family_name LIKE 'Efter%'") == 20


@pytest.mark.parametrize(
    ("most", "seconds", "fitting"),
    [(100, 0.0, 200), (100, 0.05, 200), (100, 0.15, 100), (100, 0.3, 50), (100, 20.0, 1), (1, 0.04, 2)],
)
def test_a_piece_takes_what_it_should(most: int, seconds: float, fitting: int) -> None:
    assert rows_for_next(most, seconds) == fitting


def test_a_name_is_claimed_by_one_at_a_time(clinic: Clinic) -> None:
    engine = clinic.store.engine
    with engine.claim("prov") as first, engine.claim("prov") as second, engine.claim("annat") as other:
        assert (first, second, other) == (True, False, True)
    with engine.claim("prov") as again:
        assert again
    if not engine.pyformat:
        path = Path(engine.url.removeprefix("sqlite:///"))
        assert list(path.parent.glob(f"{path.name}-prov*")) == []
