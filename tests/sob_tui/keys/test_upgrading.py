"""A real store that is older: the operator alone brings it up to date, by a command that says so."""

import os
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from sob_tui.keys.opening import open_configured_store
from store.foundation.errors import StoreOlder
from store.foundation.schema import REVISIONS, SCRIPTS
from tests.sob_tui.conftest import Said, Sob
from tests.sob_tui.keys.conftest import FIRST


@pytest.fixture
def older(made: Path) -> Path:
    """A real store as the version before this one left it."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with closing(open_configured_store(str(made))) as store, store.engine.alchemy().begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, REVISIONS[-2])
    return made


@pytest.fixture
def sob(capsys: pytest.CaptureFixture[str], older: Path) -> Callable[..., Said]:
    """Runs `sob` as the operator of it."""
    run = Sob(capsys, str(older))
    return lambda *words: run(*words, som=None)


def test_everybody_is_refused_until_the_operator_has_upgraded_it(
    sob: Callable[..., Said], older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = older.read_bytes()
    for words in (("dygn",), ("lista", "--som", FIRST.hsa_id), ("sakerhetskopiera", "x"), ("nyckel", "byt")):
        said = sob(*words)
        assert (said.code, said.out, "med sob uppgradera" in said.err) == (3, "", True)
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 4711)
        assert sob("uppgradera").code == 4
    with pytest.raises(StoreOlder):
        open_configured_store(str(older))
    assert older.read_bytes() == before
    done = sob("uppgradera", "--json").json
    assert (done["before"], done["after"]) == REVISIONS[-2:]
    assert Path(done["copy"]).stat().st_mode & 0o777 == 0o600
    with closing(open_configured_store(str(older))) as store, store.lend() as db:
        assert "note_upgrade" in db.values("SELECT operation FROM log")
    again = sob("uppgradera")
    assert (again.code, "redan av version" in again.out) == (0, True)


def test_the_rows_of_before_the_chain_are_chained_with_the_log_key_at_hand(
    sob: Callable[..., Said], older: Path, tmp_path: Path
) -> None:
    with closing(open_configured_store(str(older), upgrade=True)) as store:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        with store.engine.alchemy().begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0032")
    key = tmp_path / "nycklar" / "nyckel.logg"
    right = key.read_bytes()
    key.write_bytes(b64encode(b"x" * 32))
    assert (sob("uppgradera").code, "0032" in sob("logg", "verifiera").err) == (5, False)
    key.write_bytes(right)
    assert sob("uppgradera").code == 0
    found = sob("logg", "verifiera", "--json")
    assert (found.code, found.json["fault"], found.json["rows"] >= 2) == (0, None, True)
