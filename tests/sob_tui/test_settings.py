"""Where the store is."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import sob_tui.preferences
from screens.themes import LIGHT
from sob_tui.kept_keymap import KeptKeys
from sob_tui.options import UsageFault
from sob_tui.preferences import preferences
from sob_tui.settings import (
    configured_store,
    drafts_folder,
    escape_seconds,
    practice_store,
    read_settings,
    settings_in,
    state_folder,
)
from store.foundation.errors import Refused


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that SOB_SETTINGS names."""
    path = tmp_path / "mina.toml"
    path.write_text('store = "postgresql://i-filen"')
    monkeypatch.setenv("SOB_SETTINGS", str(path))
    return path


@pytest.mark.usefixtures("settings")
def test_the_option_comes_before_the_variable_and_the_variable_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured_store(None) == "postgresql://i-filen"
    monkeypatch.setenv("SOB_STORE", "i-miljon.db")
    assert configured_store(None) == "i-miljon.db"
    assert configured_store("given.db") == "given.db"


def test_a_path_in_the_file_is_counted_from_the_file(settings: Path) -> None:
    settings.write_text('store = "data/a.db"')
    assert configured_store(None) == str(settings.parent / "data" / "a.db")


def test_the_file_lies_in_the_users_own_folder_unless_said(home: Path) -> None:
    folder = home / "sob-tui"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('store = "postgresql://mitt"')
    assert configured_store(None) == "postgresql://mitt"


def test_without_any_it_says_how_to_begin(home: Path) -> None:
    with pytest.raises(UsageFault) as told:
        configured_store(None)
    for word in ("sob ovning", "--store", "SOB_STORE", str(home / "sob-tui" / "settings.toml")):
        assert word in told.value.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"store = ", "går inte att läsa"),
        (b"\xff", "går inte att läsa"),
        (b"theme = 1\nstore = \n", "rad 2, går inte att läsa"),
        (b"store = 3", "rad 1: store ska vara en sökväg"),
        (b'store = ""', "rad 1: store ska vara en sökväg"),
        (b'stor = "a.db"', "rad 1: nyckeln stor är okänd. Menade du store[?]"),
        (b'# stor = "a"\n\n"Store" = "a.db"', "rad 3: nyckeln Store är okänd. Menade du store[?]"),
    ],
)
def test_a_file_that_names_no_store_for_its_faults_is_refused(settings: Path, content: bytes, words: str) -> None:
    settings.write_bytes(content)
    with pytest.raises(Refused, match=words):
        configured_store(None)


FAULTY = """\
store = "a.db"
farg = "blå"
theme = "blå"
density = "Tät"
idle_minutes = 61
escape_ms = true
keymap = "f1"

[smtpp]
host = "h"

[sms]
uurl = "https://sms.example.org"
"""


def test_each_fault_is_told_with_its_line_and_all_else_holds(settings: Path) -> None:
    settings.write_text(FAULTY)
    found = read_settings()
    place = f"Inställningsfilen {settings}, rad"
    assert found.sentences(practice=False) == (
        f"{place} 2: nyckeln farg är okänd. De som finns är store, theme, density, graph, preview, idle_minutes, "
        "escape_ms, keymap, sms, smtp.",
        f"{place} 9: tabellen smtpp är okänd. Menade du smtp?",
        f'{place} 3: theme ska vara mork, ljus eller kontrast: theme = "mork". Det är «blå», så standardvärdet mork '
        "gäller.",
        f"{place} 5: idle_minutes ska vara hela minuter, 1–60: idle_minutes = 15. Det är «61», så standardvärdet 15 "
        "gäller.",
        f"{place} 6: escape_ms ska vara millisekunder, 1–5000: escape_ms = 500. Det är «true», så standardvärdet "
        "gäller.",
        f"{place} 7: keymap ska vara en tabell, [keymap].",
        f"{place} 13: tabellen [sms], nyckeln uurl är okänd. Menade du url?",
    )
    values = {name: found.value(name) for name in ("store", "theme", "density", "idle_minutes", "escape_ms")}
    assert values == {"store": "a.db", "theme": "mork", "density": "tat", "idle_minutes": 15, "escape_ms": None}
    assert configured_store(None) == str(settings.parent / "a.db")


def test_own_keys_are_checked_once_for_a_program(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check imports every screen: a start with the same keys must not wait for it."""
    written = '[keymap]\n"app.lock" = "f12"\n"app.hjälp" = "f11"\n'
    settings.write_text(written, encoding="utf-8")
    first = preferences(practice=True)
    checks: list[object] = []
    check = sob_tui.preferences._check

    def noted(wanted: Mapping[str, Any]) -> KeptKeys:
        checks.append(wanted)
        return check(wanted)

    monkeypatch.setattr(sob_tui.preferences, "_check", noted)
    assert preferences(practice=True) == first
    assert (first.keymap["app.lock"], len(first.faults), checks) == ("f12", 1, [])
    settings.write_text(written.replace("f12", "f10"), encoding="utf-8")
    assert preferences(practice=True).keymap["app.lock"] == "f10"
    (kept,) = state_folder().glob("tangenter.json")
    for content in (b"", b"[]", b'{"of": 1}', b"[" * 100_000, b"\xff"):
        kept.write_bytes(content)
        assert preferences(practice=True).keymap["app.lock"] == "f10"
    assert len(checks) == 6


def test_practice_takes_how_it_looks_and_nothing_of_a_store(settings: Path) -> None:
    settings.write_text(f"{FAULTY.replace('blå', 'ljus')}".replace("61", "7"))
    practice, real = preferences(practice=True), preferences(practice=False)
    assert (practice.theme, practice.is_dense) == (real.theme, real.is_dense) == (LIGHT.name, True)
    assert (practice.idle_seconds, real.idle_seconds) == (None, 420.0)
    assert [one for one in real.faults if one not in practice.faults] == [real.faults[-1]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("store = 3", "store ska vara"),
        ("theme = ", "går inte att läsa"),
        ("farg = 1", "nyckeln farg är okänd"),
        ('[sms]\nuurl = "u"', "nyckeln uurl är okänd"),
    ],
)
def test_notices_are_not_sent_by_a_file_half_understood(settings: Path, content: str, words: str) -> None:
    settings.write_text(content)
    with pytest.raises(Refused, match=words):
        settings_in(settings)
    settings.write_text('theme = "blå"')
    assert settings_in(settings).values == {"theme": "blå"}


def test_a_file_that_is_named_must_be_there(settings: Path) -> None:
    settings.unlink()
    with pytest.raises(Refused, match="finns inte"):
        configured_store(None)


@pytest.mark.usefixtures("settings")
def test_the_practice_store_is_never_the_one_in_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert practice_store(None) == str(home / "sob-tui" / "ovning.db")
    monkeypatch.setenv("SOB_STORE", "i-miljon.db")
    assert practice_store(None) == "i-miljon.db"
    assert practice_store("given.db") == "given.db"


# --- passwords ---

SECRET = "hemligt7"
ADDRESSES = (
    f"postgresql+psycopg://sob:{SECRET}@db.example.org/sob",
    f"postgresql://db.example.org/sob?user=sob&password={SECRET}",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("where", [configured_store, practice_store])
def test_a_password_where_others_see_it_is_refused_with_the_way(
    home: Path, address: str, where: Callable[[str | None], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused) as told:
        where(address)
    monkeypatch.setenv("SOB_STORE", address)
    with pytest.raises(Refused) as told_too:
        where(None)
    for name, message in (("--store", told.value.message), ("SOB_STORE", told_too.value.message)):
        assert message.startswith(f"Lösenordet får inte stå i {name}, ")
        assert all(word in message for word in ("passfile", str(home / "sob-tui" / "settings.toml"), "600"))
        assert SECRET not in message


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_settings_file_may_have_one_where_only_its_owner_reads_it(settings: Path, address: str) -> None:
    settings.write_text(f'store = "{address}"')
    settings.chmod(0o640)
    with pytest.raises(Refused, match="chmod 600") as told:
        configured_store(None)
    assert SECRET not in told.value.message
    settings.chmod(0o600)
    assert configured_store(None) == address


@pytest.mark.parametrize(
    "address",
    ["postgresql+psycopg://sob@db.example.org/sob?passfile=/etc/sob/pgpass", "postgresql://postgres:@/sob", "a:b@c.db"],
)
def test_an_address_without_one_is_taken(address: str) -> None:
    assert configured_store(address) == address


PLAIN = "postgresql+psycopg://sob@db.example.org/sob"


@pytest.mark.parametrize("name", ["oauth_client_secret", "scram_client_key", "sslpassword"])
def test_libpqs_other_secrets_are_passwords_too(name: str) -> None:
    with pytest.raises(Refused, match="Lösenordet får inte stå i --store"):
        configured_store(f"{PLAIN}?{name}={SECRET}")


@pytest.mark.parametrize("where", [configured_store, practice_store])
def test_nor_may_one_stand_in_libpqs_own_variable(
    where: Callable[[str | None], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert where("a.db") == "a.db"
    with pytest.raises(Refused, match="Lösenordet får inte stå i PGPASSWORD") as told:
        where(PLAIN)
    assert SECRET not in told.value.message


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
@pytest.mark.parametrize("how", ["passfile", "PGPASSFILE", "home", "service", "PGSERVICE"])
def test_nor_in_a_file_of_libpqs_that_others_can_read(
    home: Path, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home))
    home.mkdir()
    path = {"home": home / ".pgpass", "service": home / ".pg_service.conf"}.get(how, tmp_path / "hemlig")
    path.write_text(f"[sob]\npassword = {SECRET}\n" if "service" in how.lower() else f"*:*:*:*:{SECRET}\n")
    address = PLAIN + {"passfile": f"?passfile={path}", "service": "?service=sob"}.get(how, "")
    if how == "PGPASSFILE":
        monkeypatch.setenv("PGPASSFILE", str(path))
    if how == "PGSERVICE":
        monkeypatch.setenv("PGSERVICE", "sob")
        monkeypatch.setenv("PGSERVICEFILE", str(path))
    path.chmod(0o640)
    with pytest.raises(Refused, match=f"chmod 600 {path}") as told:
        configured_store(address)
    assert SECRET not in told.value.message
    path.chmod(0o600)
    assert configured_store(address) == address


# --- drafts ---


def test_two_who_share_the_settings_have_a_folder_of_drafts_each(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = settings.parent / "utkast"
    old.mkdir()
    (old / "ett.utkast").write_bytes(b"x")
    folders = []
    for user in ("en", "annan"):
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / user))
        folders.append(drafts_folder())
    assert folders == [tmp_path / user / "sob-tui" / "utkast" for user in ("en", "annan")]
    assert (folders[0] / "ett.utkast").read_bytes() == b"x"
    assert not old.exists()


def test_what_cannot_be_moved_stays(settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "en"))
    old = settings.parent / "utkast"
    old.mkdir()
    (old / "ett.utkast").symlink_to(settings)
    new = drafts_folder()
    assert (list(old.iterdir()), list(new.iterdir())) == ([old / "ett.utkast"], [])


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither over a line nor told by the environment."""
    for name in ("ESCDELAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("bare")
def test_an_esc_is_waited_for_longer_over_a_line(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert escape_seconds() == 0.1
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22")
    assert escape_seconds() == 0.5
    settings.write_text("escape_ms = 800")
    assert escape_seconds() == 0.8
    monkeypatch.setenv("ESCDELAY", "25")
    assert escape_seconds() == 0.025


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("given", ["0", "5001", '"500"', "0.5", "true", "-1"])
def test_a_wait_that_is_none_is_told_and_not_taken(settings: Path, given: str) -> None:
    settings.write_text(f"escape_ms = {given}")
    (told,) = read_settings().sentences(practice=True)
    assert "escape_ms = 500" in told
    assert escape_seconds() == 0.1
    for limit in ("1", "5000"):
        settings.write_text(f"escape_ms = {limit}")
        assert escape_seconds() == int(limit) / 1000
