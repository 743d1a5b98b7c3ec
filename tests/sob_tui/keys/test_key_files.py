"""Keys in files: what was written is read, and everything else is told in a sentence of its own."""

import io
import json
import sys
from pathlib import Path

import pytest

from sob_tui.keys.key_files import DATA, LOG, FileKeys, PassphraseKeys
from sob_tui.keys.opening import ask_passphrase, open_configured_store
from sob_tui.keys.places import FILE, KEYRING, PASSPHRASE, KeyPlace, keeper_of, places_file, read_places, write_place
from store.foundation.errors import DomainError, KeyMissing, KeyWrong, Refused, StoreMissing

KEY = bytes(range(32))
PHRASE = "häst batteri klammer rätt"


def test_a_bare_file_holds_a_key(tmp_path: Path) -> None:
    keys = FileKeys(str(tmp_path / "nyckel"))
    keys.write(DATA, KEY)
    keys.write(LOG, KEY[::-1])
    assert (keys.read(DATA), keys.read(LOG)) == (KEY, KEY[::-1])
    assert {one.name for one in tmp_path.iterdir()} == {"nyckel", "nyckel.logg"}
    keys.remove(LOG)
    assert (keys.has(DATA), keys.has(LOG)) == (True, False)


def test_a_bare_file_that_will_not_do(tmp_path: Path) -> None:
    path = tmp_path / "nyckel"
    keys = FileKeys(str(path))
    with pytest.raises(KeyMissing, match="finns inte"):
        keys.read(DATA)
    for content in (b"", b"AAAA", b"\xff\xfe", b"!" * 44):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(Refused, match="ingen nyckel"):
            keys.read(DATA)
    path.chmod(0o640)
    with pytest.raises(Refused, match="chmod 600"):
        keys.read(DATA)


def test_a_key_from_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = FileKeys("$CREDENTIALS_DIRECTORY/sob")
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(KeyMissing, match="LoadCredential"):
        keys.read(DATA)
    FileKeys(str(tmp_path / "sob")).write(DATA, KEY)
    (tmp_path / "sob").chmod(0o440)  # as systemd has it
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert keys.read(DATA) == KEY


def test_a_passphrase_opens_what_it_closed_and_another_does_not(tmp_path: Path) -> None:
    path = tmp_path / "nyckel"
    asked: list[str] = []

    def ask() -> str:
        asked.append(PHRASE)
        return PHRASE

    keys = PassphraseKeys(str(path), ask)
    keys.write(DATA, KEY)
    keys.write(LOG, KEY[::-1])
    assert (keys.read(DATA), keys.read(LOG), len(asked)) == (KEY, KEY[::-1], 1)
    assert PHRASE.encode() not in path.read_bytes()
    with pytest.raises(Refused, match="Lösenfrasen är inte"):
        PassphraseKeys(str(path), lambda: PHRASE.upper()).read(DATA)
    (tmp_path / "nyckel.logg").rename(path)
    with pytest.raises(Refused):  # the one key is not the other
        keys.read(DATA)


@pytest.mark.parametrize("change", [{"kind": "x"}, {"format": 2}, {"sealed": ""}, {"argon2id": {}}, {"argon2id": 1}])
def test_a_wrapped_file_that_will_not_do(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "nyckel"
    keys = PassphraseKeys(str(path), lambda: PHRASE)
    keys.write(DATA, KEY)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(Refused):
        keys.read(DATA)
    how = json.loads(path.read_text()).get("argon2id")
    if how and how != 1:  # a file that would take all of the memory is refused before it does
        path.write_text(json.dumps({**json.loads(path.read_text()), "argon2id": {**how, "memory_cost": 2**31}}))
        with pytest.raises(Refused, match="ingen nyckel med lösenfras"):
            keys.read(DATA)


def test_a_passphrase_is_asked_for_at_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PHRASE}\n"))
    with pytest.raises(KeyMissing, match="nyckelfras_fil"):
        ask_passphrase()


def test_a_passphrase_in_a_file(tmp_path: Path) -> None:
    phrase, place = tmp_path / "fras", KeyPlace("uuid", PASSPHRASE, str(tmp_path / "nyckel"), str(tmp_path / "fras"))
    with pytest.raises(Refused, match="finns inte"):
        keeper_of(place, ask_passphrase).write(DATA, KEY)
    phrase.write_text(f"{PHRASE}\n")
    phrase.chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        keeper_of(place, ask_passphrase).write(DATA, KEY)
    phrase.chmod(0o600)
    keeper_of(place, ask_passphrase).write(DATA, KEY)
    assert keeper_of(place, ask_passphrase).read(DATA) == KEY


PLACES = [
    KeyPlace("uuid-1", KEYRING),
    KeyPlace("uuid-1", FILE, '/srv/å "b" \\c/nyckel'),
    KeyPlace("uuid-1", PASSPHRASE, "/srv/nyckel", "/srv/fras"),
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.kind)
def test_places_are_read_as_they_were_written(tmp_path: Path, place: KeyPlace) -> None:
    store = tmp_path / "vard.db"
    write_place(store, place)
    assert read_places(store) == (place,)


@pytest.mark.parametrize(
    "content",
    [
        "nyckel = 1",
        "[a]\nnyckel = 'fil'",
        "[a]\nnyckel = 'moln'",
        "[a",
        "\x00",
        "[a]\nnyckel = 'nyckelring'\nhemlig = 'x'",
    ],
)
def test_places_that_can_be_none(tmp_path: Path, content: str) -> None:
    store = tmp_path / "vard.db"
    places_file(store).write_text(content)
    with pytest.raises(Refused, match=r"vard\.db\.toml"):
        open_configured_store(str(store))


def test_each_fault_has_a_sentence_of_its_own(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nycklar"

    def said() -> str:
        with pytest.raises(DomainError) as refused:
            open_configured_store(str(made))
        return f"{refused.value.exit_code} {refused.value.message}"

    key, sentences = FileKeys(str(folder / "nyckel")).read(DATA), set()
    (folder / "nyckel").rename(tmp_path / "undan")
    sentences.add(said())
    FileKeys(str(folder / "nyckel")).write(DATA, key[::-1])
    sentences.add(said())
    places_file(made).rename(tmp_path / "platser")
    sentences.add(said())
    made.unlink()
    with pytest.raises(StoreMissing):
        open_configured_store(str(made))
    assert len(sentences) == 3
    assert {sentence[0] for sentence in sentences} == {"5"}
    assert any(KeyWrong().message in sentence for sentence in sentences)
    assert any(KeyMissing().message in sentence for sentence in sentences)
