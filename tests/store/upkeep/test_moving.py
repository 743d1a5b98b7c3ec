"""A store moves from a file to a server: every row is there, one of the two is the store, wherever it is cut off."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.fenced_opening import Fencing
from store.foundation.access import OPERATOR
from store.foundation.errors import DomainError, Refused, StoreMoved, StoreMoving
from store.foundation.sqlite_engine import SqliteEngine
from store.opening import TAKEN, create_store, open_store
from store.upkeep import moving
from store.upkeep.checking import check_store
from store.upkeep.log_verifying import verify_log
from store.upkeep.moving import MoveFailed, finish_move, move_store
from tests.clinics import SEALING, Clinic, Clock
from tests.conftest import Stores
from tests.fenced import ROLES, as_role, with_owner
from tests.store.upkeep.test_backup import fill, rows_of

pytestmark = pytest.mark.parametrize("empty", ["postgresql"], indirect=True)

NOTED = {"log", "loghead", "store_info"}
"""What a move itself writes in either store."""


class CutOff(Exception):
    """The machine goes."""


@pytest.fixture
def clinic(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """A sealed store in a file, where things have happened."""
    with stores.clinic("sqlite", "sealed", clock) as clinic:
        fill(clinic)
        yield clinic


def file_of(clinic: Clinic) -> Path:
    return Path(clinic.store.engine.url.removeprefix("sqlite:///"))


def test_every_row_is_on_the_server_and_nobody_goes_on_in_the_file(clinic: Clinic, empty: str) -> None:
    other = open_store(file_of(clinic), keys=SEALING, clock=clinic.clock)  # somebody has it open
    before = rows_of(clinic.store)
    moved = move_store(clinic.store, empty, OPERATOR)
    assert moved.rows == {name: len(rows) for name, rows in before.items()}
    with closing(open_store(empty, keys=SEALING, clock=clinic.clock)) as store:
        after = rows_of(store)
        assert {name for name in before if after[name] != before[name]} <= NOTED
        assert store.kind == "practice"
        there = Clinic(store, clinic.clock, clinic.here, clinic.there, clinic.adult)
        assert there.start(program="komigang-online", confirmed=True)  # numbers go on
        assert there.value("SELECT count(*) FROM log WHERE operation = 'note_move'") == 1
        with store.lend() as db:
            assert verify_log(db, SEALING, ()).fault is None
    with pytest.raises(StoreMoved, match="postgresql"):
        open_store(file_of(clinic), keys=SEALING)
    begun = Clinic(other, clinic.clock, clinic.here, clinic.there, clinic.adult)
    with closing(other), pytest.raises(StoreMoved, match="i filen går ingenting att spara"):
        begun.start(program="komigang-online", confirmed=True)
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'note_move'") == 1


def test_it_goes_empty_but_to_a_server_where_no_store_is(clinic: Clinic, empty: str, tmp_path: Path) -> None:
    for url, said in ((str(tmp_path / "annan.sqlite"), "PostgreSQL"), (empty, TAKEN)):
        if url == empty:
            create_store(empty, kind="practice", clock=clinic.clock).close()
        with pytest.raises(Refused, match=said):
            move_store(clinic.store, url, OPERATOR)
    assert clinic.start(program="komigang-online", confirmed=True)
    with closing(open_store(empty, clock=clinic.clock)) as store:
        assert rows_of(store)["moment"] == []


def cut_off(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def go(*_: Any, **__: Any) -> None:
        raise CutOff

    monkeypatch.setattr(moving, where, go)


@pytest.mark.parametrize("where", ["_compared", "_close_source", "_open_target"])
def test_wherever_it_is_cut_off_one_is_the_store_and_it_can_be_done_again(
    clinic: Clinic, empty: str, where: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        cut_off(patch, where)
        with pytest.raises(CutOff):
            move_store(clinic.store, empty, OPERATOR)
    with pytest.raises(DomainError) as refused:
        open_store(empty, keys=SEALING)
    assert isinstance(refused.value, StoreMoving) is (where != "_compared")
    if where == "_open_target":
        with pytest.raises(StoreMoved):
            open_store(file_of(clinic), keys=SEALING)
        finish_move(SqliteEngine(file_of(clinic), SEALING.cipher), SEALING, OPERATOR)
        finish_move(SqliteEngine(file_of(clinic), SEALING.cipher), SEALING, OPERATOR)  # nothing is left to do
    else:
        open_store(file_of(clinic), keys=SEALING, clock=clinic.clock).close()
        move_store(clinic.store, empty, OPERATOR)
    with closing(open_store(empty, keys=SEALING, clock=clinic.clock)) as store:
        assert len(rows_of(store)["message"]) == 2


def test_a_real_store_stands_behind_its_fence_there(clinic: Clinic, empty: str) -> None:
    clinic.run("UPDATE store_info SET kind = 'real'")
    clinic.store.kind = "real"
    owners, fencing = with_owner(empty), Fencing(ROLES.runtime, ROLES.operator)
    with pytest.raises(Refused, match="superanvändare"):
        move_store(clinic.store, empty, OPERATOR, fencing)
    move_store(clinic.store, owners, OPERATOR, fencing)
    with closing(open_store(as_role(owners, ROLES.runtime), keys=SEALING)) as store:
        assert (store.kind, store.engine.is_fenced) == ("real", True)
    with closing(open_store(as_role(owners, ROLES.operator), keys=SEALING)) as store:
        assert check_store(store).faults == ()


def test_what_is_read_back_otherwise_stops_it(clinic: Clinic, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = moving._digest

    def lost(db: Any, table: str, columns: tuple[str, ...]) -> tuple[int, int]:
        number, total = digest(db, table, columns)
        return number, total ^ int(table == "message" and db._pyformat)

    monkeypatch.setattr(moving, "_digest", lost)
    with pytest.raises(MoveFailed, match="message"):
        move_store(clinic.store, empty, OPERATOR)
    monkeypatch.undo()
    assert clinic.start(program="komigang-online", confirmed=True)
    assert move_store(clinic.store, empty, OPERATOR).rows["message"] == 2
