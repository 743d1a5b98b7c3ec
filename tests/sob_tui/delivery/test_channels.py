"""A channel is an entry of the registry and a sender: settings, profile and delivery follow."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from sob_tui.delivery import transports
from sob_tui.delivery.run import deliver
from sob_tui.delivery.settings import SenderSettings, TableReader
from sob_tui.delivery.transports import SENDERS, Sender, Transport, delivery_settings, open_transports
from store.care.delivery import Outgoing
from store.care.flags import add_flag
from store.care.notices import why_unreached
from store.foundation.errors import Refused
from store.foundation.flag_kinds import Severity
from store.people.channels import CHANNELS, Channel, channel_for
from store.people.profile import my_profile, save_profile
from tests.clinics import Clinic
from tests.signing_in import let_in

VOICE = Channel(
    name="talsvar",
    word="talsvar",
    address="mobile",
    no_address="mobilnumret saknas",
    wish="notify_voice",
    is_wished_at_first=False,
    table="talsvar",
    needs="sender",
)
EXAMPLE = 'Till exempel: sender = "1177".'


@dataclass(frozen=True)
class Voice:
    """Rings up, and says what it would say."""

    said: list[Outgoing]
    channel: Channel = VOICE

    def send(self, notice: Outgoing, /) -> None:
        """Keep it."""
        self.said.append(notice)

    def close(self) -> None:
        """There is nothing to let go of."""


def read_voice(reader: TableReader) -> SenderSettings:
    return SenderSettings(user=None, sender=reader.needed("sender"), password_file=None)


@pytest.fixture
def said(filed: Clinic, monkeypatch: pytest.MonkeyPatch) -> list[Outgoing]:
    """A third channel, with its column; and what has been said by it."""
    said: list[Outgoing] = []

    def ring(_settings: SenderSettings, _password: str | None) -> Transport:
        return Voice(said)

    filed.run("ALTER TABLE staff ADD COLUMN notify_voice INTEGER NOT NULL DEFAULT 0")
    monkeypatch.setitem(CHANNELS, VOICE.name, VOICE)
    monkeypatch.setattr(transports, "SENDERS", [*SENDERS, Sender(VOICE, EXAMPLE, read_voice, ring)])
    return said


def test_every_channel_has_a_sender_and_its_columns() -> None:
    assert {sender.channel for sender in SENDERS} == set(CHANNELS.values())
    assert len({channel.table for channel in CHANNELS.values()}) == len(CHANNELS)
    residents, staff = (SQLModel.metadata.tables[name].columns for name in ("resident", "staff"))
    for channel in CHANNELS.values():
        assert channel.address in residents
        assert {channel.address, channel.wish} <= set(staff.keys())


@pytest.mark.usefixtures("said")
def test_a_new_channel_is_set_up_in_the_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mina.toml"
    monkeypatch.setenv("SOB_SETTINGS", str(path))
    path.write_text('[talsvar]\nsender = "1177"\n')
    assert delivery_settings() == {VOICE: SenderSettings(None, "1177", None)}
    path.write_text("[talsvar]\n")
    with pytest.raises(Refused, match='sender = "1177"'):
        delivery_settings()
    path.write_text("[talvsar]\n")
    with pytest.raises(Refused, match=r"Menade du talsvar[?]"):
        delivery_settings()


def test_a_new_channel_is_wished_for_and_sent_by(
    filed: Clinic, said: list[Outgoing], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filed.store.work(filed.clinician) as work:
        save_profile(work, "0701740606", {"epost": False, "talsvar": True})
        assert my_profile(work).wishes == {"sms": False, "epost": False, "talsvar": True}
    moment = filed.start(program="prov")
    filed.run("UPDATE store_info SET kind = 'real'")
    filed.store.kind = "real"
    with filed.store.work(let_in(filed.store, filed.clinician)) as work:
        add_flag(work, moment, "Ring", severity=Severity.PRIORITY)
    path = tmp_path / "mina.toml"
    monkeypatch.setenv("SOB_SETTINGS", str(path))
    path.write_text('[talsvar]\nsender = "1177"\n')
    with open_transports(filed.store) as opened:
        deliver(filed.store, opened.transports)
    assert [(one.channel, one.address, one.kind) for one in said] == [(VOICE, "0701740606", "personal-prioriterat")]


@pytest.mark.usefixtures("said")
def test_a_new_channel_is_told_of() -> None:
    sentence = "Invånaren tar emot aviseringar som talsvar, men mobilnumret saknas."
    assert why_unreached("talsvar", has_proxies=False) == sentence
    assert channel_for({"mobile": "0701740606", "email": ""}) == "sms"
    assert channel_for({"mobile": "", "email": ""}) == "ingen"
