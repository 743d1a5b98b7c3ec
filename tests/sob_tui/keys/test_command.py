"""`sob nyckel`: what it takes, what it refuses, and that no secret is left anywhere."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sob_tui.keys.key_files import DATA, LOG, FileKeys
from sob_tui.keys.opening import open_configured_store
from sob_tui.keys.places import places_file
from store.foundation.recovery import on_paper
from tests.sob_tui.conftest import ROOT, Said, Sob
from tests.sob_tui.keys.conftest import PAPER


@pytest.fixture
def keys(capsys: pytest.CaptureFixture[str], made: Path) -> Callable[..., Said]:
    """Runs `sob nyckel` as the operator."""
    sob = Sob(capsys, str(made))
    return lambda *words: sob("nyckel", *words, som=None)


def opens(path: Path) -> bool:
    with closing(open_configured_store(str(path))) as store:
        return store.kind == "real"


def test_a_new_key_and_the_keys_back_from_paper(keys: Callable[..., Said], made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nycklar"
    before = FileKeys(str(folder / "nyckel")).read(DATA)
    changed = keys("byt")
    assert (changed.code, changed.out, "på nytt" in changed.err) == (0, "", True)
    assert FileKeys(str(folder / "nyckel")).read(DATA) != before
    for lost in folder.iterdir():
        lost.unlink()
    paper = tmp_path / "papper"
    paper.write_text(" ".join(on_paper(PAPER)).lower())
    back = keys("aterstall", "--aterstallningsnyckel", str(paper))
    assert (back.code, back.out) == (0, "")
    assert opens(made)
    places_file(made).unlink()
    new = ("--nyckel", "fil", "--nyckelfil", str(tmp_path / "ny-nyckel"))
    assert keys("aterstall", "--aterstallningsnyckel", str(paper), *new).code == 0
    assert opens(made)
    assert FileKeys(str(tmp_path / "ny-nyckel")).has(LOG)
    again = keys("aterstall", "--aterstallningsnyckel", str(paper), *new)
    assert (again.code, "skrivs aldrig över" in again.err) == (3, True)


def test_the_way_back_with_a_passphrase(keys: Callable[..., Said], made: Path, tmp_path: Path) -> None:
    paper, phrase = tmp_path / "papper", tmp_path / "fras"
    paper.write_text("\n".join(on_paper(PAPER)))
    new = ("--nyckel", "losenfras", "--nyckelfil", str(tmp_path / "ny"), "--nyckelfras-fil", str(phrase))
    phrase.touch(0o600)
    for content, said in (("kort", "minst 12 tecken"), ("häst batteri klammer", "tillbaka")):
        phrase.write_text(content)
        assert said in keys("aterstall", "--aterstallningsnyckel", str(paper), *new).err
    assert opens(made)
    assert keys("byt").code == 0
    assert opens(made)


def test_what_is_refused(keys: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = tmp_path / "papper"
    paper.write_text("AAAA")
    said = {
        keys("aterstall").err: 2,
        keys("aterstall", "--aterstallningsnyckel", str(paper)).err: 3,
        keys("aterstall", "--aterstallningsnyckel", str(tmp_path / "ingen")).err: 3,
        keys("byt", "--som", "SE2321000040-OV01").err: 2,
    }
    assert len(said) == 4
    assert [keys("aterstall").code, keys("byt", "--som", "SE2321000040-OV01").code] == [2, 2]
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    other = keys("byt")
    assert (other.code, "äger databasens fil" in other.err) == (4, True)


def test_stores_are_opened_in_one_place() -> None:
    """Whoever opens one elsewhere finds no keys."""
    files = [one for one in (ROOT / "sob_tui").rglob("*.py") if one.parent.name != "keys"]
    assert [one.name for one in files if "open_store(" in one.read_text("utf-8")] == []


def test_a_store_without_keys_has_none_to_change(practice_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = Sob(capsys, str(practice_file))("nyckel", "byt", som=None)
    assert (found.code, "inga nycklar" in found.err) == (3, True)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2)")
def test_no_other_program_reads_the_memory_of_an_app_on_a_real_store(made: Path) -> None:
    """In a process of its own, which says how it is when the app would begin (prctl(2): get dumpable)."""
    program = (
        "import ctypes, sys; from sob_tui import launch; from sob_tui.options import Common;"
        "launch._run = lambda *_: print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0));"
        "launch.open_configured(Common(store=sys.argv[1]))"
    )
    said = subprocess.run([sys.executable, "-c", program, str(made)], capture_output=True, text=True, check=True)
    assert said.stdout == "0\n"
