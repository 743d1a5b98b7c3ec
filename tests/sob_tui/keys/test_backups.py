"""`sob sakerhetskopiera` and `sob aterstall`, as the operator runs them, on this machine and on another."""

import os
import shutil
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sob_tui.keys.making import require_free
from sob_tui.keys.opening import open_configured_store
from sob_tui.keys.places import recovery_file
from store.foundation.checkpoint import Checkpoint, checkpoint_line
from store.foundation.clock import Instant
from store.foundation.log_chain import Head
from store.foundation.purge_ledger import Purged, ledger_line
from store.foundation.recovery import on_paper
from store.upkeep.backup_file import read_header
from tests.sob_tui.conftest import Said, Sob
from tests.sob_tui.keys.conftest import FIRST, PAPER

SIGNING = Ed25519PrivateKey.from_private_bytes(b"s" * 32)


@pytest.fixture
def sob(capsys: pytest.CaptureFixture[str], made: Path) -> Callable[..., Said]:
    """Runs `sob` as the operator of a real store."""
    run = Sob(capsys, str(made))
    return lambda *words: run(*map(str, words), som=None)


@pytest.fixture
def elsewhere(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs `sob` where no store is configured, as on another machine."""
    run = Sob(capsys, None)
    return lambda *words: run(*map(str, words), som=None)


def staff_of(path: Path) -> list[str]:
    """Return who works in a store, once it has been opened with the keys that it says it has."""
    with closing(open_configured_store(str(path))) as store, store.lend() as db:
        assert "note_restored" in db.values("SELECT operation FROM log")
        return db.values("SELECT hsa_id FROM staff")


def test_back_with_the_stores_own_keys(sob: Callable[..., Said], made: Path, tmp_path: Path) -> None:
    copy, place = tmp_path / "kopia", tmp_path / "ny" / "vard.db"
    written = sob("sakerhetskopiera", copy, "--json")
    assert (written.code, written.json["bytes"], written.err) == (0, copy.stat().st_size, "")
    back = sob("aterstall", copy, "--till", place)
    assert (back.code, "det som har gallrats efter" in back.out, back.err) == (0, True, "")
    assert staff_of(place) == [FIRST.hsa_id]
    assert {one.name for one in place.parent.iterdir()} == {f"vard.db{end}" for end in ("", ".toml", ".aterstallning")}
    assert {os.stat(one).st_mode & 0o777 for one in place.parent.iterdir()} == {0o600}
    assert recovery_file(place).read_text()
    before = {one: one.read_bytes() for one in made.parent.iterdir()}
    for taken in (place, made):
        again = sob("aterstall", copy, "--till", taken)
        assert (again.code, "finns redan en databas" in again.err) == (3, True)
    assert {one: one.read_bytes() for one in made.parent.iterdir()} == before


def test_back_on_another_machine_from_the_paper(
    sob: Callable[..., Said], elsewhere: Callable[..., Said], made: Path, tmp_path: Path
) -> None:
    copy, place, paper = tmp_path / "kopia", tmp_path / "ny" / "vard.db", tmp_path / "papper"
    assert sob("sakerhetskopiera", copy).code == 0
    shutil.rmtree(made.parent)
    shutil.rmtree(tmp_path / "nycklar")
    needed = elsewhere("aterstall", copy, "--till", place)
    assert (needed.code, "återställningsnyckeln på papper" in needed.err, "Kontrollpunkter" in needed.err) == (
        3,
        True,
        True,
    )
    told = elsewhere("aterstall", copy, "--prova", "--json").json
    assert (told["paper"], told["store"], place.parent.exists()) == (True, "store-uuid", False)
    paper.write_text(" ".join(on_paper(PAPER)))
    with_paper = ("aterstall", copy, "--till", place, "--aterstallningsnyckel", paper, "--nyckel", "fil")
    copy.write_bytes(copy.read_bytes()[:-1])
    cut = elsewhere(*with_paper, "--nyckelfil", tmp_path / "ny-nyckel")
    assert (cut.code, "avkortad" in cut.err) == (3, True)
    require_free(place)
    assert not list(tmp_path.glob("ny-nyckel*"))  # no key is left of what failed


def test_the_ledger_is_believed_where_each_line_is_signed(sob: Callable[..., Said], tmp_path: Path) -> None:
    copy, place = tmp_path / "kopia", tmp_path / "ny" / "vard.db"
    ledger, key = tmp_path / "liggare", tmp_path / "oppen"
    assert sob("sakerhetskopiera", copy).code == 0
    line = ledger_line(Purged("store-uuid", "x", Instant(4_000_000_000_000)), SIGNING)
    forged = line.replace('"x"', '"y"')
    ledger.write_text(f"{line}\n{forged}\n")
    key.write_bytes(b64encode(SIGNING.public_key().public_bytes_raw()))
    words = ("aterstall", copy, "--till", place, "--gallringar", ledger)
    refused = sob(*words, "--gallringsnyckel", key)
    assert (refused.code, "rad 2: underskriften stämmer inte" in refused.err, place.exists()) == (3, True, False)
    assert [sob(*words).code, sob(*words, "--gallringsnyckel", ledger).code] == [2, 3]
    ledger.write_text(f"{line}\n")
    heads, store = tmp_path / "kontrollpunkter", read_header(copy).store
    seen = checkpoint_line(Checkpoint(store, Instant(4_000_000_000_000), (("", Head(3, "m")),)), SIGNING)
    heads.write_text(f"{seen[:-3]}\n")
    both = (*words, "--gallringsnyckel", key, "--kontrollpunkter", heads)
    assert "rad 1: underskriften stämmer inte" in sob(*both).err
    heads.write_text(f"{seen}\n")
    said = sob(*both).out
    assert ("komplett till 2096-10-02" in said, "3 rader skrevs efter kopian" in said) == (True, True)


def test_who_may_not_and_what_is_missing(
    sob: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "kopia"
    assert sob("sakerhetskopiera", copy).code == 0
    assert [
        sob("sakerhetskopiera", tmp_path / "annan", "--som", FIRST.hsa_id).code,
        sob("aterstall", copy).code,
        sob("aterstall", copy, "--till", "postgresql://x/y").code,
        sob("aterstall", tmp_path / "ingen", "--prova").code,
    ] == [2, 2, 3, 3]
    missing = sob("aterstall", copy, "--till", tmp_path / "ny", "--nyckel", "fil", "--nyckelfil", tmp_path / "nix")
    assert (missing.code, "nix" in missing.err) == (5, True)
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    other = sob("sakerhetskopiera", tmp_path / "annan")
    assert (other.code, "äger databasens fil" in other.err, (tmp_path / "annan").exists()) == (4, True, False)


def test_a_place_that_can_not_be_written_leaves_nothing(sob: Callable[..., Said], tmp_path: Path) -> None:
    copy, file = tmp_path / "kopia", tmp_path / "fil"
    assert sob("sakerhetskopiera", copy).code == 0
    file.write_text("")
    refused = sob("aterstall", copy, "--till", file / "vard.db")
    assert (refused.code, refused.err.count("\n")) == (3, 1)
    assert file.read_text() == ""


def test_the_drill_and_the_check_for_cron(sob: Callable[..., Said], made: Path) -> None:
    said = sob("kontrollera")
    assert (said.code, said.err, said.out.count("aldrig")) == (0, "", 2)
    drilled = sob("aterstallningsprov")
    assert (drilled.code, "Provet är antecknat" in drilled.out, drilled.err) == (0, True, "")
    assert sob("kontrollera", "--json").json["drill"] is not None
    with closing(open_configured_store(str(made))) as store, store.lend_to_write() as db:
        db.run("DELETE FROM assignmentrole")
    wrong = sob("kontrollera")
    assert (wrong.code, wrong.err.count("\n"), "Ingen är behörighetsadministratör" in wrong.err) == (3, 1, True)
    assert sob("aterstallningsprov").code == 3
    assert {one.name for one in made.parent.iterdir()} == {"vard.db", "vard.db.toml", "vard.db.aterstallning"}
