"""`sob logg verifiera`, as the operator of a real store runs it, with the checkpoints that `sob dygn` has signed."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sob_tui.keys.changing import identity_of
from sob_tui.keys.opening import open_configured_store
from sob_tui.keys.signing_key import checkpoint_file, public_file, signing_key
from store.foundation.access import OPERATOR
from tests.sob_tui.conftest import Said
from tests.sob_tui.keys.test_backups import sob

__all__ = ["sob"]


def test_a_log_is_verified_and_what_was_done_to_it_or_to_its_checkpoints_is_named(
    sob: Callable[..., Said], made: Path, tmp_path: Path
) -> None:
    before = sob("logg", "verifiera")
    assert (before.code, "ingen kontrollpunkt att jämföra med" in before.out, before.err) == (0, True, "")
    assert sob("dygn").code == 0
    with closing(open_configured_store(str(made))) as store:
        uuid = identity_of(store).uuid
        file = checkpoint_file(uuid)
    assert [one.stat().st_mode & 0o777 for one in (file, file.with_name(f"{uuid}.underskrift"))] == [0o600, 0o600]
    assert signing_key(uuid).public_key() == signing_key(uuid).public_key()
    right = sob("logg", "verifiera", "--json")
    assert (right.code, right.json["checkpoints"], right.json["fault"], right.json["notes"]) == (0, 1, None, [])
    assert sum(one["number"] for one in right.json["chains"]) == right.json["rows"]
    away = file.rename(tmp_path / "undan")
    gone = sob("logg", "verifiera")
    assert (gone.code, "Filen med kontrollpunkter är borta" in gone.err, gone.out) == (3, True, "")
    assert sob("logg", "verifiera", "--kontrollpunkter", away).code == 0
    assert (sob("kontrollera").code, "kontrollpunkter är borta" in sob("kontrollera").err) == (3, True)
    key = public_file(uuid).rename(tmp_path / "nyckel.pub")
    unknown = sob("logg", "verifiera", "--kontrollpunkter", away)
    assert (unknown.code, "--nyckel" in unknown.err) == (3, True)
    assert sob("logg", "verifiera", "--kontrollpunkter", away, "--nyckel", key).code == 0
    assert sob("logg", "verifiera", "--som", "SE2321000040-F1").code == 2
    with closing(open_configured_store(str(made))) as store, store.work(OPERATOR) as work:
        work.db.run("DROP TRIGGER log_no_update")
        work.db.run("UPDATE log SET actor_name = 'Ingen' WHERE id = 1")
    changed = sob("logg", "verifiera", "--json")
    assert (changed.code, changed.json["fault"]) == (3, changed.err.splitlines()[0])
    assert "Rad 1 i kedjan" in changed.json["fault"]
