"""Files of what is written while the database is away: sealed, the owner's alone, whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from screens.kept_drafts import SUFFIX, Attempt, KeptDrafts, take_up
from screens.store_client import StoreClient
from store.care.drafts import save_draft
from store.care.endings import end_moment
from store.care.purges import begin_purge
from store.foundation.access import Role
from store.foundation.errors import StoreUnreachable
from store.purge.purging import Signer, carry_out_purge
from tests.app.driver import move
from tests.clinics import COLLEAGUE, GUARDIAN, HERE, Clinic, Clock
from tests.conftest import Stores
from tests.screens.hostile import MARKUP
from tests.screens.moment.host import path_of

KEY, OTHER_KEY = Fernet.generate_key(), Fernet.generate_key()
ME, UNIT = "SE2321000040-T1clinician", HERE


def kept(folder: Path, key: bytes = KEY, hsa_id: str = ME, unit: str = UNIT) -> KeptDrafts:
    return KeptDrafts(folder, key, hsa_id, unit)


def keep(drafts: KeptDrafts, name: str = "ett", text: str = "Hej Åsa", **options: Any) -> Attempt:
    attempt = Attempt(str(uuid4()), options.pop("heading", ""), text)
    place = {"moment": 1, "conversation": None, "draft": None, "version": 0, **options}
    drafts.keep(name, attempts=(*place.pop("earlier", ()), attempt), **place)
    return attempt


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_text_is_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "conf" / "utkast"
    attempt = keep(kept(folder), heading=MARKUP, conversation=7, draft=3, version=2)
    (found,) = kept(folder).texts()
    assert (found.name, found.moment, found.conversation, found.draft, found.version) == ("ett", 1, 7, 3, 2)
    assert found.attempts == (attempt,)


def test_the_file_is_its_owners_and_tells_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "utkast"
    keep(kept(folder), text="Hej Åsa Berg, 19800102-2386")
    (path,) = folder.iterdir()
    assert mode(folder) == 0o700
    assert mode(path) == 0o600
    for secret in ("Åsa", "Berg", "19800102", ME, UNIT, "moment"):
        assert secret.encode() not in path.read_bytes()


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "utkast"
    folder.mkdir(mode=0o755)
    keep(kept(folder))
    assert mode(folder) == 0o700


def test_a_newer_text_takes_the_place_of_the_older(tmp_path: Path) -> None:
    drafts = kept(tmp_path)
    keep(drafts, text="Hej")
    keep(drafts, text="Hej du")
    assert [draft.attempts[-1].text for draft in drafts.texts()] == ["Hej du"]
    assert [path.suffix for path in tmp_path.iterdir()] == [SUFFIX]
    drafts.forget("ett")
    drafts.forget("ett")
    assert list(tmp_path.iterdir()) == []


def test_a_half_written_file_takes_no_text_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = kept(tmp_path)
    keep(drafts, text="Hel")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("screens.kept_drafts.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(drafts, text="Halv")
    assert [draft.attempts[-1].text for draft in drafts.texts()] == ["Hel"]
    monkeypatch.undo()
    keep(drafts, text="Hel igen")
    assert [draft.attempts[-1].text for draft in drafts.texts()] == ["Hel igen"]


@pytest.mark.parametrize(
    "other",
    [
        lambda folder: kept(folder, hsa_id=COLLEAGUE),
        lambda folder: kept(folder, unit="SE2321000040-T2"),
        lambda folder: kept(folder, key=OTHER_KEY),
    ],
    ids=["person", "unit", "store"],
)
def test_what_is_somebody_elses_is_left_alone(tmp_path: Path, other: Any) -> None:
    keep(other(tmp_path))
    assert kept(tmp_path).texts() == []
    assert len(other(tmp_path).texts()) == 1


@pytest.mark.parametrize("damage", [b"", b"hej", b"gAAAA" + b"x" * 100])
def test_damaged_files_are_left_alone(tmp_path: Path, damage: bytes) -> None:
    keep(kept(tmp_path), "hel")
    (tmp_path / f"trasig{SUFFIX}").write_bytes(damage)
    cut = tmp_path / f"kapad{SUFFIX}"
    cut.write_bytes((tmp_path / f"hel{SUFFIX}").read_bytes()[:-10])
    (tmp_path / f"mapp{SUFFIX}").mkdir()
    (tmp_path / f"länk{SUFFIX}").symlink_to(tmp_path / f"hel{SUFFIX}")
    (tmp_path / f"annat{SUFFIX}").write_bytes(Fernet(KEY).encrypt(b'{"attempts": []}'))
    assert [draft.name for draft in kept(tmp_path).texts()] == ["hel"]
    assert len(list(tmp_path.iterdir())) == 6


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert kept(tmp_path / "saknas").texts() == []


def test_nothing_of_it_is_imported_until_a_text_must_be_sealed() -> None:
    line = "import sys, sob_tui.app, screens.moment.moment_screen; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", line], check=False, timeout=60).returncode == 0


# In a store with keys


@pytest.fixture
def sealed_client(stores: Stores, clock: Clock, tmp_path: Path) -> Iterator[tuple[Clinic, StoreClient]]:
    """The clinician at work in a sealed store."""
    with stores.clinic("sqlite", "sealed", clock) as clinic:
        client = StoreClient(clinic.store.engine.url, clock=clock, store=clinic.store, drafts=tmp_path / "utkast")
        client.actor, client.draft_key = clinic.clinician, clinic.store.draft_key()
        yield clinic, client


async def test_a_text_is_sealed_with_the_residents_key(
    sealed_client: tuple[Clinic, StoreClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic, client = sealed_client
    moment = clinic.start()
    with monkeypatch.context() as away:
        away.setattr(type(clinic.store), "lend", lose)
        with pytest.raises(OSError, match="not at hand"):
            keep(own(client), moment=moment)
        assert not client.drafts or not client.drafts.exists()
        away.undo()
        await client.hold_key(moment)
        away.setattr(type(clinic.store), "lend", lose)  # what is at hand needs no database
        keep(own(client), text="Hej Åsa", moment=moment)
    assert [one.attempts[0].text for one in own(client).texts()] == ["Hej Åsa"]
    assert client.drafts
    (path,) = client.drafts.iterdir()
    inside = Fernet(client.draft_key).decrypt(path.read_bytes())
    assert (b"Hej" in inside, b"attempts" in inside) == (False, True)
    clinic.run("DELETE FROM resident_key")  # with the key all that was sealed with it is gone
    fresh = StoreClient(clinic.store.engine.url, clock=clinic.clock, store=clinic.store, drafts=client.drafts)
    fresh.actor, fresh.draft_key = client.actor, client.draft_key
    assert own(fresh).texts() == []


async def test_a_sealed_text_is_taken_up(sealed_client: tuple[Clinic, StoreClient]) -> None:
    clinic, client = sealed_client
    keep(own(client), text="Hej", heading="Sommaren", moment=clinic.start())
    assert await take_up(client) == 1
    assert clinic.rows("SELECT heading, text FROM draft") == [("Sommaren", "Hej")]


def lose(*_: object, **__: object) -> None:
    raise StoreUnreachable


# Taking them up


@pytest.fixture
def client(filed: Clinic, tmp_path: Path) -> StoreClient:
    """The clinician at work, with a folder for drafts."""
    client = StoreClient(filed.store.engine.url, clock=filed.clock, store=filed.store, drafts=tmp_path / "utkast")
    client.actor, client.draft_key = filed.clinician, filed.store.draft_key()
    return client


def own(client: StoreClient) -> KeptDrafts:
    found = KeptDrafts.of(client)
    assert found
    return found


async def test_what_was_left_is_saved_and_the_file_removed(filed: Clinic, client: StoreClient) -> None:
    moment = filed.start()
    keep(own(client), text="Hej", heading="Sommaren", moment=moment)
    assert await take_up(client) == 1
    assert filed.rows("SELECT heading, text FROM draft") == [("Sommaren", "Hej")]
    assert own(client).texts() == []
    assert await take_up(client) == 0


async def test_a_saving_whose_answer_was_lost_makes_no_second_draft(filed: Clinic, client: StoreClient) -> None:
    moment = filed.start()
    first = keep(own(client), text="Hej", moment=moment)
    await take_up(client)
    keep(own(client), text="Hej", moment=moment)
    own(client).keep("ett", moment=moment, conversation=None, draft=None, version=0, attempts=(first,))
    assert await take_up(client) == 1
    assert filed.rows("SELECT text FROM draft") == [("Hej",)]
    keep(own(client), text="Hej du", moment=moment, earlier=(first,))
    assert await take_up(client) == 1
    assert filed.rows("SELECT text, version FROM draft") == [("Hej du", 2)]


async def test_an_emptied_text_throws_its_draft_away(filed: Clinic, client: StoreClient) -> None:
    moment = filed.start()
    with filed.store.work(filed.clinician) as work:
        draft, version = save_draft(work, moment, "Hej")
    keep(own(client), text=" ", moment=moment, draft=draft, version=version)
    assert await take_up(client) == 1
    assert filed.rows("SELECT text FROM draft") == []


async def test_what_another_window_wrote_meanwhile_stays_too(filed: Clinic, client: StoreClient) -> None:
    moment = filed.start()
    with filed.store.work(filed.clinician) as work:
        draft, version = save_draft(work, moment, "Hej")
    keep(own(client), text="Hej här", moment=moment, draft=draft, version=version)
    with filed.store.work(filed.clinician) as work:
        save_draft(work, moment, "Hej där", draft=draft, version=version)
    assert await take_up(client) == 1
    assert filed.rows("SELECT text FROM draft ORDER BY id") == [("Hej där",), ("Hej här",)]


async def test_what_the_store_refuses_stays_and_the_rest_is_taken(filed: Clinic, client: StoreClient) -> None:
    moment = filed.start()
    theirs = filed.start(by=filed.colleague, program="prov")
    keep(own(client), "a", text="Hans", moment=theirs)
    keep(own(client), "b", text="Min", moment=moment)
    assert await take_up(client) == 1
    assert filed.rows("SELECT text FROM draft") == [("Min",)]
    assert [draft.name for draft in own(client).texts()] == ["a"]


async def test_what_stands_on_screen_is_left_to_the_screen(filed: Clinic, client: StoreClient) -> None:
    keep(own(client), moment=filed.start())
    client.held_drafts.add("ett")
    assert await take_up(client) == 0
    assert len(own(client).texts()) == 1


async def test_another_workstations_text_of_a_purged_moment_goes_at_its_next_start(
    filed: Clinic, client: StoreClient, tmp_path: Path
) -> None:
    """Where the purge was done knows nothing of the file; the moment's number has come again, for somebody else."""
    filed.run("UPDATE careprovider SET purge_decision = 'Gallras.'")
    moment, drafts = filed.start(program="prov"), tmp_path / "utkast"
    keep(own(client), "gammalt", text="Det som är gallrat", moment=moment)
    written = filed.clock.now / 1000
    os.utime(drafts / f"gammalt{SUFFIX}", (written, written))
    with filed.store.work(filed.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    filed.clock.set(2028, 3, 10)
    admin = filed.someone(Role.DATA_ADMIN)
    with filed.store.work(admin) as work:
        number = begin_purge(work, [moment], 1)
    carry_out_purge(filed.store, admin, number, Signer(Ed25519PrivateKey.generate(), tmp_path / "liggare"))
    filed.clock.set(2028, 3, 11)
    assert filed.start(GUARDIAN, "prov") == moment
    keep(own(client), "nytt", text="Till den nya", moment=moment)
    written = filed.clock.now / 1000
    os.utime(drafts / f"nytt{SUFFIX}", (written, written))
    assert await take_up(client) == 1
    assert filed.rows("SELECT text FROM draft") == [("Till den nya",)]
    assert list(drafts.iterdir()) == []


async def test_without_a_database_everything_stays(filed: Clinic, client: StoreClient) -> None:
    moment = filed.start()
    keep(own(client), moment=moment)
    path = path_of(filed)
    away = move(path, "borta")
    assert await take_up(client) == 0
    assert len(own(client).texts()) == 1
    move(away, path.name)
    assert await take_up(client) == 1


async def test_without_a_key_a_folder_or_a_person_nothing_is_kept(filed: Clinic, client: StoreClient) -> None:
    for lacking in ({"draft_key": b""}, {"drafts": None}, {"actor": None}):
        for name, value in lacking.items():
            before = getattr(client, name)
            setattr(client, name, value)
            assert KeptDrafts.of(client) is None
            assert await take_up(client) == 0
            setattr(client, name, before)
    client.actor = replace(filed.clinician, unit_hsa_id=None)
    assert KeptDrafts.of(client)
