"""`sob logg verifiera`, as the operator of a real store runs it, with the checkpoints that `sob dygn` has signed."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sob_tui.keys.changing import identity_of
from sob_tui.keys.opening import open_configured_store
from sob_tui.keys.signing_key import checkpoint_file, public_file, signing_key
from store.foundation.access import OPERATOR
from tests.sob_tui.conftest import Said
from tests.sob_tui.keys.test_backups import elsewhere, sob

__all__ = ["elsewhere", "sob"]


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


def test_an_extract_its_pdf_and_its_proof_are_written_and_the_proof_is_checked_without_a_store(
    sob: Callable[..., Said], elsewhere: Callable[..., Said], tmp_path: Path
) -> None:
    pdf, proof, number = tmp_path / "utdrag.pdf", tmp_path / "bevis.json", "198001022386"
    none = sob("logg", "utdrag", number)
    assert (none.code, "har inga rader" in none.out) == (0, True)
    written = sob("logg", "utdrag", number, "--pdf", pdf, "--bevis", proof, "--json")
    assert (written.code, written.json["files"], written.err) == (0, [str(proof), str(pdf)], "")
    assert (pdf.read_bytes()[:5], pdf.stat().st_mode & 0o777) == (b"%PDF-", 0o600)
    found = elsewhere("logg", "kontrollera-bevis", proof)
    assert (found.code, "Beviset stämmer" in found.out, "jämför med" in found.out) == (0, True, True)
    public = public_file("store-uuid")
    assert elsewhere("logg", "kontrollera-bevis", proof, "--nyckel", public).code == 0
    proof.write_text(proof.read_text().replace("läste", "skrev").replace("skrev ut", "läste"))
    changed = elsewhere("logg", "kontrollera-bevis", proof)
    assert (changed.code, "stämmer inte" in changed.err) == (3, True)
    assert sob("logg", "utdrag", number, "--pdf", pdf).code == 3  # it is there already
    rows = sob("logg", "visa", "--skal", "Fråga från invånaren", "--invanare", number, "--json").json
    assert {row["operation"] for row in rows} == {"extract_log", "prove_log"}
    assert sob("logg", "visa", "--skal", "x", "--fran", "igår").code == 3


def test_the_log_is_handed_out_from_one_checkpoint_to_the_newest(sob: Callable[..., Said], tmp_path: Path) -> None:
    first, second = tmp_path / "ett.ndjson", tmp_path / "två.ndjson"
    none = sob("logg", "exportera", first)
    assert (none.code, "Kör sob dygn först" in none.err, first.exists()) == (3, True, False)
    assert sob("dygn").code == 0
    told = sob("logg", "exportera", first, "--json").json
    assert (told["rows"], told["from"]) == (len(first.read_text().splitlines()), None)
    assert sob("logg", "exportera", first).code == 3  # it is there already
    again = sob("logg", "exportera", second, "--fran", told["to"], "--json").json
    assert (again["rows"], second.read_text(), again["to"]) == (0, "", told["to"])
    assert sob("logg", "exportera", tmp_path / "ingen" / "fil").code == 3


def test_where_the_log_key_is_lost_the_log_goes_on_and_says_where_it_broke(
    sob: Callable[..., Said], made: Path, tmp_path: Path
) -> None:
    key = tmp_path / "nycklar" / "nyckel.logg"
    assert (sob("nyckel", "ny-loggnyckel", "--ja").code, sob("dygn").code) == (3, 0)
    key.rename(tmp_path / "borta")
    warned = sob("nyckel", "ny-loggnyckel")
    assert (warned.code, "aldrig mer" in warned.err, key.exists()) == (3, True, False)
    assert sob("nyckel", "ny-loggnyckel", "--ja").code == 0
    found = sob("logg", "verifiera", "--json")
    assert (found.code, found.json["fault"], found.json["checkpoints"]) == (0, None, 1)
    assert len(found.json["notes"]) == 2  # the chain of the unit, and the one without
    assert all("loggnyckel som inte finns" in note for note in found.json["notes"])
    shown = sob("logg", "visa", "--skal", "Nyckeln", "--json").json
    assert "replace_log_key" in {row["operation"] for row in shown}
    with closing(open_configured_store(str(made))) as store, store.work(OPERATOR) as work:
        work.db.run("DROP TRIGGER log_no_delete")
        work.db.run("DELETE FROM log WHERE id = 1")
    assert sob("logg", "verifiera").code == 3
