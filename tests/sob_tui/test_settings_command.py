"""`sob installningar`: every setting with its value and where that comes from."""

from pathlib import Path

import pytest

from sob_tui.delivery.settings import TableReader
from sob_tui.delivery.transports import SENDERS
from sob_tui.settings_schema import SETTINGS, delivery_tables
from tests.sob_tui.conftest import Sob

SECRET = "hemligt7"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that SOB_SETTINGS names."""
    path = tmp_path / "mina.toml"
    monkeypatch.setenv("SOB_SETTINGS", str(path))
    for name in ("SOB_STORE", "ESCDELAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    return path


def test_each_value_says_where_it_comes_from(settings: Path, nowhere: Sob, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.write_text('theme = "ljus"\nstore = "a.db"\nescape_ms = 300\n\n[keymap]\napp.lock = "f10"\n')
    monkeypatch.setenv("ESCDELAY", "25")
    told = nowhere("installningar", "--json", som=None)
    found = {one["name"]: (one["value"], one["source"], one["place"], one["line"]) for one in told.json["settings"]}
    assert (told.code, told.err, told.json["file"], told.json["faults"]) == (0, "", str(settings), [])
    assert found == {
        "store": ("a.db", "fil", "rad 2", 2),
        "theme": ("ljus", "fil", "rad 1", 1),
        "density": ("luftig", "standard", "", None),
        "graph": ("block", "standard", "", None),
        "preview": ("vila", "standard", "", None),
        "idle_minutes": (15, "standard", "", None),
        "escape_ms": (25, "miljövariabel", "ESCDELAY", None),
        "keymap.app.lock": ("f10", "fil", "rad 6", 6),
    }
    monkeypatch.setenv("SOB_STORE", "b.db")
    assert "b.db    miljövariabel, SOB_STORE" in nowhere("installningar", som=None).out
    assert "flagga, --store" in nowhere("installningar", "--store", "c.db", som=None).out


def test_what_is_wrong_is_told_beside_and_no_secret_is_shown(settings: Path, nowhere: Sob) -> None:
    settings.write_text(
        f'store = "postgresql://sob:{SECRET}@db.example.org/sob"\ntheme = "[/x]\\u001b]52;c;eA==\\u0007"\n\n[smtp]\n'
        f'host = "h"\nsender = "a@example.org"\npassword = "{SECRET}"\npasswrd = "{SECRET}"\n'
    )
    settings.chmod(0o600)
    for words in (["installningar"], ["installningar", "--json"]):
        told = nowhere(*words, som=None)
        assert told.code == 3
        assert SECRET not in told.out + told.err
        assert "\x1b" not in told.out + told.err
        assert "rad 8: tabellen [smtp], nyckeln passwrd är okänd. Menade du password?" in told.err
        assert "rad 2: theme ska vara mork, ljus eller kontrast" in told.err


def test_what_the_sending_of_notices_would_refuse_is_told(settings: Path, nowhere: Sob) -> None:
    settings.write_text('[smtp]\nhost = "h"\nsender = "ingen adress"\n')
    told = nowhere("installningar", "--json", som=None)
    assert "sender ska vara en e-postadress" in told.json["faults"][0]["message"]


def test_a_table_has_the_keys_that_its_channel_reads() -> None:
    values = {"smtp": {"host": "h", "sender": "a@b.se"}, "sms": {"url": "https://a.se", "sender": "1177"}}
    for sender, table in zip(SENDERS[::-1], delivery_tables(), strict=True):
        reader = TableReader(table.name, values[table.name], Path("a"), "", is_open=False)
        sender.read(reader)
        assert sorted(table.keys) == sorted(reader._table._taken)


def test_every_setting_tells_what_it_may_be() -> None:
    for one in SETTINGS:
        assert one.about.endswith(".")
        assert one.default is None or one.read(one.default) == one.default
        assert all(one.read(choice) == choice for choice in one.choices)
