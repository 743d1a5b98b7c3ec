"""Names that would do something to a terminal: cleaned or refused, never printed raw."""

from pathlib import Path

import pytest

from tests.clinics import ADULT, CHILD, UNKNOWN, Clinic
from tests.sob_tui.conftest import Said, Sob

HOSTILE = {
    "osc": "\x1b]52;c;aGVq\x07Berg",
    "csi": "\x1b[31mBerg\x9b2J",
    "bidi": "Be\u202erg\u2066\u200f",
    "controls": "Be\x00\x08\x7f\x85rg",
    "lines": "Be\r\nrg\u2028x",
    "markup": "[/x][@click=app.quit]Berg[/] <b>",
    "hidden": "Berg\u200b\U000e0041\ufeff",
    "surrogate": "Be\udc9brg",
}
LONG = "Berg" * 2_500


def assert_tame(said: Said) -> None:
    """Nothing that is printed can act on a terminal."""
    for stream in (said.out, said.err):
        assert all(character.isprintable() or character == "\n" for character in stream), ascii(stream)


@pytest.mark.parametrize("name", [*HOSTILE.values(), LONG], ids=[*HOSTILE, "long"])
def test_through_the_options(sob: Sob, name: str) -> None:
    lines = [
        ("moment", "starta", UNKNOWN, "--program", "prov", "--efternamn", name, "--fornamn", "Nils"),
        ("moment", "starta", ADULT, "--program", name),
        ("moment", "starta", name, "--program", "prov"),
        ("moment", "starta", CHILD, "--program", "prov", "--behandlare", name),
        ("moment", "byt", "1", "--till", name, "--meddelande", name),
        ("moment", "avsluta", "1", "--orsak", name),
        ("moment", "avsluta", name, "--orsak", "Klart"),
        ("modul", "dolj", "1", name),
        ("invanare", "las", ADULT, "--program", name, "--steg", name),
        ("lista", "--status", name),
        ("lista", f"--{name}"),
        (name,),
        ("program", "kontrollera", name.replace("\x00", "")),
        ("invanare", "importera", name.replace("\x00", "")),
        ("lista", "--alla"),
        ("lista", "--alla", "--json"),
        ("visa", "1"),
        ("visa", "1", "--json"),
    ]
    for words in lines:
        said = sob(*words)
        assert said.code != 1, words
        assert_tame(said)
    is_utf8 = not any("\ud800" <= character <= "\udfff" for character in name)
    assert sob("lista", som=name).code == (4 if is_utf8 else 3)


@pytest.mark.parametrize("name", [name for key, name in HOSTILE.items() if key not in ("surrogate", "lines")])
def test_through_a_file(sob: Sob, clinic: Clinic, tmp_path: Path, name: str) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(f"personnummer;efternamn;fornamn\n{UNKNOWN};{name};Nils\n".encode())
    said = sob("invanare", "importera", str(file), "--json", som=None)
    assert said.code in (0, 3)
    assert_tame(said)
    assert_tame(sob("moment", "starta", UNKNOWN, "--program", "prov"))
    for words in (("lista",), ("lista", "--json"), ("visa", "1")):
        assert_tame(sob(*words))
    stored = clinic.rows("SELECT family_name FROM resident WHERE personnummer = :number", number=UNKNOWN)
    assert all(text.isprintable() for (text,) in stored)


def test_a_name_of_ten_thousand_characters_is_refused(sob: Sob, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text(f"personnummer;efternamn;fornamn\n{UNKNOWN};{LONG};Nils\n")
    said = sob("invanare", "importera", str(file), "--json", som=None)
    assert (said.code, said.json["faults"][0]["line"]) == (3, 2)
    assert "högst 100 tecken" in said.json["faults"][0]["message"]
    assert len(said.out) < 1_000


def test_what_is_in_the_store_all_the_same_meets_the_second_fence(sob: Sob, clinic: Clinic) -> None:
    clinic.start()
    evil = "\x1b]52;c;aGVq\x07Be\u202erg\x9b31m"
    clinic.run("UPDATE resident SET family_name = :evil WHERE personnummer = :number", evil=evil, number=ADULT)
    clinic.run("UPDATE staff SET given_name = :evil", evil=evil)
    clinic.run("UPDATE programversion SET title = :evil", evil=evil)
    for words in (("lista",), ("lista", "--json"), ("visa", "1"), ("visa", "1", "--json")):
        said = sob(*words)
        assert said.code == 0
        assert_tame(said)
        assert "Berg" in said.out
    assert sob("lista", "--json").json[0]["name"] == "Berg, Åsa"


def test_markup_is_shown_as_it_is(sob: Sob) -> None:
    new = ("--efternamn", "Berg [/x] [red]<b>", "--fornamn", "Nils")
    assert "Berg [/x] [red]<b>, Nils" in sob("moment", "starta", UNKNOWN, "--program", "prov", *new).out
    assert "Berg [/x] [red]<b>, Nils" in sob("lista").out
