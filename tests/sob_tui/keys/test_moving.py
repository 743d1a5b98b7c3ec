"""`sob flytta`: a real store goes from its file to a server, its keys' places with it, and comes back there too."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sob_tui.keys.server import address_for
from tests.conftest import SHARED
from tests.fenced import OWN, own_database
from tests.postgres import server_address
from tests.sob_tui.conftest import Said, Sob

ROLES = ("--roll", OWN.runtime, "--driftroll", OWN.operator)


@pytest.fixture
def owners(pytestconfig: pytest.Config) -> Iterator[str]:
    """The owner's address of an empty database."""
    with own_database(server_address(pytestconfig.stash[SHARED])) as address:
        yield address


@pytest.fixture
def at(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs `sob` as the operator of a store."""
    return lambda store, *words: Sob(capsys, str(store))(*map(str, words), som=None)


def test_a_real_store_goes_to_a_server_and_is_a_store_there_alone(
    at: Callable[..., Said], made: Path, owners: str, tmp_path: Path
) -> None:
    assert [at(made, "flytta").code, at(made, "flytta", "--till", tmp_path / "annan").code] == [2, 3]
    secret = at(made, "flytta", "--till", owners.replace("@", ":hemligt@"))
    assert (secret.code, "hemligt" in secret.err) == (3, False)
    copy = tmp_path / "kopia"
    assert at(made, "sakerhetskopiera", copy).code == 0
    moved = at(made, "flytta", "--till", owners, *ROLES)
    assert (moved.code, moved.err) == (0, "")
    assert "tillbakalästa och lika" in moved.out
    assert OWN.runtime in moved.out
    gone = at(made, "kontrollera")
    assert (gone.code, "Databasen är flyttad till postgresql+psycopg:///" in gone.err) == (5, True)
    assert OWN.owner not in gone.err
    there = at(address_for(owners, OWN.operator), "kontrollera")
    assert (there.code, there.err) == (0, "")
    again = at(made, "flytta", "--till", owners, *ROLES)  # as where the answer was lost
    assert (again.code, again.out) == (0, moved.out)


def test_a_backup_comes_back_on_a_server_behind_its_fence(
    at: Callable[..., Said], made: Path, owners: str, tmp_path: Path
) -> None:
    copy = tmp_path / "kopia"
    assert at(made, "sakerhetskopiera", copy).code == 0
    back = at(made, "aterstall", copy, "--till", owners, *ROLES)
    assert (back.code, back.err) == (0, "")
    there = at(address_for(owners, OWN.operator), "kontrollera")
    assert (there.code, there.err) == (0, "")
    assert at(made, "aterstall", copy, "--till", owners, *ROLES).code == 3
