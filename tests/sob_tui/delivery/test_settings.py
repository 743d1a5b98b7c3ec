"""The tables `[smtp]` and `[sms]`."""

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from sob_tui.delivery import transports
from sob_tui.delivery.mail import SmtpSettings
from sob_tui.delivery.transports import delivery_settings
from store.foundation.errors import Refused
from store.people.channels import EMAIL, SMS, Channel
from tests.sob_tui.delivery.conftest import smtp, to_gateway

SMTP = '[smtp]\nhost = "smtp.example.org"\nsender = "svara-inte@example.org"\n'
SMS_TABLE = '[sms]\nurl = "https://sms.example.org/a1/sms"\nsender = "Vardprov"\n'


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that SOB_SETTINGS names."""
    path = tmp_path / "mina.toml"
    monkeypatch.setenv("SOB_SETTINGS", str(path))
    return path


def test_what_must_be_there_is_little(settings: Path) -> None:
    settings.write_text(f'store = "a.db"\n{SMTP}{SMS_TABLE}')
    assert delivery_settings() == {
        EMAIL: smtp(587, host="smtp.example.org"),
        SMS: to_gateway("https://sms.example.org/a1/sms"),
    }


def test_all_that_can_be_there(settings: Path) -> None:
    more = 'user = "u"\npassword_file = "hemligt/losen"\n'
    settings.write_text(f'{SMTP}port = 2525\nca_file = "/etc/ca.pem"\n{more}{SMS_TABLE}{more}')
    found = delivery_settings()
    secret = settings.parent / "hemligt" / "losen"
    mail, sms = found[EMAIL], found[SMS]
    assert isinstance(mail, SmtpSettings)
    assert (mail.port, mail.ca_file, mail.password_file) == (2525, Path("/etc/ca.pem"), secret)
    assert (sms.user, sms.password_file) == ("u", secret)


def test_no_file_and_no_tables_are_no_channels(settings: Path) -> None:
    assert delivery_settings() == {}
    settings.write_text('store = "a.db"')
    assert delivery_settings() == {}


@pytest.mark.parametrize("url", ["http://localhost:8000/a1", "http://127.0.0.1/a1", "http://[::1]:1/", "https://a.se"])
def test_an_address_that_nobody_can_listen_in_on(settings: Path, url: str) -> None:
    settings.write_text(f'[sms]\nurl = "{url}"\nsender = "+46701740605"')
    assert delivery_settings()[SMS] == to_gateway(url, sender="+46701740605")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[smtp", ["går inte att läsa"]),
        ("smtp = 3", ["smtp ska vara en tabell, [smtp]"]),
        ("[smpt]", ["tabellen smpt är okänd. Menade du smtp?"]),
        ("[SMS]", ["tabellen SMS är okänd. Menade du sms?"]),
        ('[smtp]\nsender = "a@b.se"', ["tabellen [smtp]", "nyckeln host saknas", 'host = "smtp.example.org"']),
        ('[smtp]\nhost = ""\nsender = "a@b.se"', ["tabellen [smtp]", "host är tom"]),
        ('[smtp]\nhost = 3\nsender = "a@b.se"', ["host ska vara en text"]),
        ('[smtp]\nhost = "h"\nsender = "åsa@b.se"', ["sender ska vara en e-postadress"]),
        ('[smtp]\nhost = "h"\nsender = "SOB"', ["sender ska vara en e-postadress"]),
        (f"{SMTP}port = 0", ["port ska vara ett heltal från 1 till 65535"]),
        (f'{SMTP}port = "587"', ["port ska vara ett heltal"]),
        (f'{SMTP}usr = "u"', ["nyckeln usr är okänd. Menade du user?"]),
        (f'{SMTP}passwrd = "hemligt"', ["nyckeln passwrd är okänd. Menade du password?"]),
        ('[sms]\nsender = "SOB"', ["tabellen [sms]", "nyckeln url saknas"]),
        ('[sms]\nurl = "http://sms.example.org"\nsender = "S"', ["ska börja med https://"]),
        ('[sms]\nurl = "http://127.0.0.1.example.org"\nsender = "S"', ["ska börja med https://"]),
        ('[sms]\nurl = "ftp://sms.example.org"\nsender = "S"', ["börjar med https://"]),
        ('[sms]\nurl = "sms.example.org"\nsender = "S"', ["börjar med https://"]),
        ('[sms]\nurl = "https://a.se:x"\nsender = "S"', ["url är ingen adress"]),
        ('[sms]\nurl = "https://u:p@a.se"\nsender = "S"', ["url får inte innehålla användare och lösenord"]),
        ('[sms]\nurl = "https://a.se"\nsender = "Ett för långt namn"', ["sender ska vara högst elva"]),
    ],
)
def test_what_is_wrong_is_said_with_file_table_key_and_mend(settings: Path, content: str, words: list[str]) -> None:
    settings.write_text(content)
    with pytest.raises(Refused) as told:
        delivery_settings()
    for word in (str(settings), *words):
        assert word in told.value.message
    assert "hemligt" not in told.value.message


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
@pytest.mark.parametrize(("table", "channel"), [(SMTP, EMAIL), (SMS_TABLE, SMS)])
def test_a_password_in_the_file_is_taken_where_only_its_owner_reads_it(
    settings: Path, table: str, channel: Channel
) -> None:
    settings.write_text(f'{table}user = "u"\npassword = "hemligt"')
    for mode in (0o644, 0o640, 0o604):
        settings.chmod(mode)
        with pytest.raises(Refused, match=f"chmod 600 {settings}") as told:
            delivery_settings()
        assert "hemligt" not in told.value.message
    settings.chmod(0o600)
    found = delivery_settings()[channel]
    assert found.password == "hemligt"
    assert "hemligt" not in repr(found)
    with patch.object(transports, "password", side_effect=AssertionError("the file has it")):
        transports._opened(next(one for one in transports.SENDERS if one.channel is channel), found).close()
