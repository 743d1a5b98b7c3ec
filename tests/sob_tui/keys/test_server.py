"""A real store on a server, by `sob init` with its owner's address: roles, fence, keys and the first person."""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest

from sob_tui.cli import main
from sob_tui.keys.key_files import DATA, LOG, NEXT, FileKeys
from sob_tui.keys.opening import open_configured_store
from sob_tui.keys.server import address_for
from store.fence.tables import BEHIND
from store.fenced_opening import Fencing, upgrade_fenced_store
from store.foundation.access import OPERATOR
from store.foundation.errors import FenceBroken, KeyMissing, Refused, StoreUnreachable
from store.foundation.tls import require_tls
from store.opening import create_store, on_server, open_store
from store.people.operators import require_operator
from store.people.wrapping_key import change_wrapping_key
from tests.clinics import ADULT, register
from tests.conftest import SHARED
from tests.fenced import OWN, own_database
from tests.postgres import server_address

FIRST = "SE2321000040-F1"


@pytest.fixture
def owners(pytestconfig: pytest.Config) -> Iterator[str]:
    """The owner's address of an empty database."""
    with own_database(server_address(pytestconfig.stash[SHARED])) as address:
        yield address


def words(owners: str, folder: Path) -> list[str]:
    return [
        *("init", "--store", owners, "--vardgivare", "SE2321000040-V1", "--vardgivarnamn", "Regionen"),
        *("--enhet", "SE2321000040-E1", "--enhetsnamn", "Psykiatrin", "--region", "05"),
        *(
            "--forsta",
            FIRST,
            "--efternamn",
            "Berg",
            "--fornamn",
            "Åsa",
            "--roll",
            OWN.runtime,
            "--driftroll",
            OWN.operator,
        ),
        *("--nyckel", "fil", "--nyckelfil", str(folder / "nyckel"), "--aterstallningsnyckel", str(folder / "papper")),
    ]


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    with closing(psycopg.connect(url.replace("+psycopg", ""))) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_init_makes_roles_fence_keys_and_the_first_person_and_each_address_is_for_its_own(
    owners: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words(owners, tmp_path), "--prova"]) == 0
    assert OWN.runtime in capsys.readouterr().out
    assert (on_server(owners), list(tmp_path.iterdir())) == (None, [])
    assert main(words(owners, tmp_path)) == 0
    said = capsys.readouterr().out
    runtime, operator = (address_for(owners, role) for role in (OWN.runtime, OWN.operator))
    assert f'store = "{runtime}"' in said
    assert operator in said
    with closing(open_configured_store(runtime)) as store:
        assert (store.kind, store.engine.is_fenced, store.engine.is_owned()) == ("real", True, False)
        assert store.keys is not None
        keys = FileKeys(str(tmp_path / "nyckel"))
        assert (store.keys.data, store.keys.log) == (keys.read(DATA), keys.read(LOG))
    with closing(open_configured_store(operator)) as store:
        require_operator(store)
    with pytest.raises(FenceBroken):
        open_configured_store(owners)
    assert [hsa for (hsa,) in rows(runtime, "SELECT hsa_id FROM staff")] == [FIRST]
    fenced = "SELECT count(*) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    assert rows(owners, fenced) == [(len(BEHIND),)]
    places = next(home.rglob("nycklar.toml")).read_text("utf-8")
    assert str(tmp_path / "nyckel") in places
    assert keys.read(DATA).hex() not in places
    assert main(words(owners, tmp_path / "annan")) == 3  # never over one that is there
    capsys.readouterr()
    # Upgrading is the owner's, and mends what was pulled down.
    assert main(["uppgradera", "--store", runtime]) == 5
    assert f"Rollen som äger den heter {OWN.owner}" in capsys.readouterr().err
    rows_ = "ALTER TABLE message NO FORCE ROW LEVEL SECURITY"
    with psycopg.connect(owners.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(rows_.encode())
    with pytest.raises(FenceBroken):
        open_configured_store(runtime)
    assert main(["uppgradera", "--store", owners]) == 0
    open_configured_store(runtime).close()
    next(home.rglob("nycklar.toml")).unlink()
    with pytest.raises(KeyMissing, match=r"nycklar\.toml"):
        open_configured_store(runtime)


def test_what_is_half_made_leaves_nothing(
    owners: str, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise Refused("Nej.")

    with monkeypatch.context() as patched:
        patched.setattr("store.people.first_unit.begin_store", broken)
        assert main(words(owners, tmp_path)) == 3
    assert on_server(owners) is None
    assert rows(owners, f"SELECT 1 FROM pg_roles WHERE rolname = '{OWN.runtime}'") == []
    assert rows(owners, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []
    assert [list(place.rglob("*nyck*")) for place in (tmp_path, home)] == [[], []]
    for name in ("", '"; DROP ROLE x', "x" * 64, "[/x]"):
        assert main([*words(owners, tmp_path), "--driftroll", name]) == 3
    assert "En roll heter" in capsys.readouterr().err
    superuser = owners.replace(f"//{OWN.owner}", "//postgres")
    assert main(words(superuser, tmp_path)) == 3
    assert "CREATE ROLE sob_agare LOGIN CREATEROLE" in capsys.readouterr().err


def test_the_operator_gives_it_a_new_data_key_and_gets_the_keys_back_from_paper(
    owners: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(owners, tmp_path)) == 0
    runtime, operator = (address_for(owners, role) for role in OWN[1:])
    keeper = FileKeys(str(tmp_path / "nyckel"))
    first = keeper.read(DATA)
    with closing(open_configured_store(operator)) as store, store.work(OPERATOR) as work:
        register(work, ADULT, email="asa@example.org")
    assert main(["nyckel", "byt", "--store", runtime]) == 4  # by the operator's address alone
    with closing(open_configured_store(runtime)):
        assert main(["nyckel", "byt", "--store", operator]) == 3
    assert "Någon har databasen öppen" in capsys.readouterr().err
    assert (keeper.read(DATA), keeper.has(NEXT)) == (first, False)
    assert main(["nyckel", "byt", "--store", operator]) == 0
    second = keeper.read(DATA)
    assert second != first
    assert email(operator) == "asa@example.org"
    # Keys and what says where they are get lost; the paper has them.
    for lost in (*tmp_path.glob("nyckel*"), next(home.rglob("nycklar.toml"))):
        lost.unlink()
    with pytest.raises(KeyMissing):
        open_configured_store(operator)
    paper = ("--aterstallningsnyckel", str(tmp_path / "papper"))
    new_place = ("--nyckel", "fil", "--nyckelfil", str(tmp_path / "ny"))
    assert main(["nyckel", "aterstall", "--store", operator, *paper, *new_place]) == 0
    assert FileKeys(str(tmp_path / "ny")).read(DATA) == second
    assert email(operator) == "asa@example.org"


def test_where_the_answer_to_a_change_of_key_is_lost_the_next_opening_finds_out(
    owners: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(words(owners, tmp_path)) == 0
    operator = address_for(owners, OWN.operator)
    keeper = FileKeys(str(tmp_path / "nyckel"))

    def change(*given: Any, **named: Any) -> None:
        change_wrapping_key(*given, **named)
        raise StoreUnreachable

    with monkeypatch.context() as patched:
        patched.setattr("sob_tui.keys.changing.change_wrapping_key", change)
        assert main(["nyckel", "byt", "--store", operator]) == 5
    assert keeper.read(DATA) != keeper.read(NEXT)
    second = keeper.read(NEXT)
    open_configured_store(operator).close()
    assert (keeper.read(DATA), keeper.has(NEXT)) == (second, False)


def email(address: str) -> str:
    with closing(open_configured_store(address)) as store, store.lend() as db:
        return str(db.value("SELECT email FROM resident"))


def test_a_store_that_was_restored_or_moved_there_gets_its_fence_by_upgrading(owners: str) -> None:
    create_store(owners, kind="real").close()
    with pytest.raises(FenceBroken, match="inget stängsel"):
        open_store(owners)
    fencing, noted = Fencing(OWN.runtime, OWN.operator), []
    upgrade_fenced_store(owners, None, fencing, OPERATOR, lambda work, _: noted.append(work.kind), confirmed=False)
    assert noted == ["real"]
    for role in (OWN.runtime, OWN.operator):
        open_store(address_for(owners, role)).close()


def test_over_a_network_nothing_goes_without_tls() -> None:
    for own in ("", "/tmp", "localhost", "127.0.0.1", "::1"):
        require_tls({"host": own})
    for mode in ("", "require", "verify-ca"):
        with pytest.raises(Refused, match="sslmode=verify-full"):
            require_tls({"host": "localhost,db.example.org", "sslmode": mode})
    require_tls({"host": "db.example.org", "sslmode": "verify-full"})
    with pytest.raises(StoreUnreachable):
        on_server("postgresql://någon@localhost:1/x")
    with pytest.raises(Refused, match="verify-full"):
        on_server("postgresql://någon@192.0.2.1/x?hostaddr=192.0.2.1")


PASSWORD_PLEASE, TLS_IS_SPOKEN = b"R" + struct.pack("!II", 8, 3), b"S"


@pytest.mark.parametrize(
    ("answer", "how", "told"),
    [
        (PASSWORD_PLEASE, "sslmode=disable&passfile={}/ingen", r"Lägg det i ~/\.pgpass"),
        (TLS_IS_SPOKEN, "sslmode=verify-full&sslrootcert={}/ingen", "sslrootcert=FIL"),
    ],
    ids=["password", "certificate"],
)
def test_what_a_server_wants_is_told_with_where_it_goes(answer: bytes, how: str, told: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def ask() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(1000)
                client.sendall(answer)
                client.recv(1000)

        thread = Thread(target=ask)
        thread.start()
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(StoreUnreachable, match=told):
            on_server(f"postgresql://sob_app@{place}/x?gssencmode=disable&{how.format(tmp_path)}")
        thread.join(15)
