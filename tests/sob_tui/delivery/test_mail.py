"""E-mail, against a server that really answers."""

import dataclasses
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import trustme
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sob_tui.delivery import mail as mail_module
from sob_tui.delivery.faults import ChannelDown, DeliveryFault, TryLater, Undeliverable
from sob_tui.delivery.mail import Mail, _message
from store.foundation.contact import ascii_email, parse_email
from store.foundation.errors import Refused
from tests.sob_tui.delivery.conftest import SENDER, TO_MAIL, Mails, smtp
from tests.sob_tui.delivery.servers import DROP, SILENCE, MailServer, mail_server, nobody


def test_a_notice_arrives_whole(mail: Mail, server: MailServer) -> None:
    mail.send(TO_MAIL)
    (got,) = server.accepted
    assert (got.sender, got.recipients, got.encrypted, got.signed_in) == (SENDER, ("asa@example.org",), True, True)
    headers = {name: str(got.message[name]) for name in ("From", "To", "Subject", "Message-ID", "Auto-Submitted")}
    assert headers == {
        "From": SENDER,
        "To": "asa@example.org",
        "Subject": "Åtta ämnen",
        "Message-ID": "<sob.1.1@example.org>",
        "Auto-Submitted": "auto-generated",
    }
    assert got.message["Date"]
    assert got.message.get_content().strip() == "Logga in åt dig."


def test_one_connection_carries_many_and_a_new_one_is_made_after_a_fault(mail: Mail, server: MailServer) -> None:
    for _ in range(3):
        mail.send(TO_MAIL)
    assert server.connections == 1
    server.to_data.append("451 4.3.0 Later")
    with pytest.raises(TryLater):
        mail.send(TO_MAIL)
    mail.send(TO_MAIL)
    assert (server.connections, len(server.accepted)) == (2, 4)


def test_a_server_that_hung_up_meanwhile_is_called_again(mail: Mail, server: MailServer) -> None:
    mail.send(TO_MAIL)
    server.hang_up()
    mail.send(TO_MAIL)
    assert (server.connections, len(server.accepted)) == (2, 2)


@pytest.mark.parametrize(
    ("where", "answer", "kind", "reason"),
    [
        ("to_recipient", "550 5.1.1 asa@example.org unknown", Undeliverable, "avvisade mottagaren (SMTP 550)"),
        ("to_recipient", "451 4.7.1 Greylisted", TryLater, "nytt försök (SMTP 451)"),
        ("to_recipient", "421 4.3.2 Closing", TryLater, "nytt försök (SMTP 421)"),
        ("to_recipient", "530 5.7.0 Sign in first", ChannelDown, "avsändaren (SMTP 530)"),
        ("to_sender", "550 5.7.1 Not yours", ChannelDown, "avsändaren (SMTP 550)"),
        ("to_sender", "451 4.3.0 Later", TryLater, "SMTP 451"),
        ("to_data", "451 4.3.0 Later", TryLater, "SMTP 451"),
        ("to_data", "552 5.3.4 Too large", Undeliverable, "SMTP 552"),
        ("to_data", DROP, TryLater, "förbindelsen bröts"),
    ],
)
def test_what_an_answer_means(
    mail: Mail, server: MailServer, where: str, answer: str, kind: type[DeliveryFault], reason: str
) -> None:
    getattr(server, where).append(answer)
    with pytest.raises(DeliveryFault) as told:
        mail.send(TO_MAIL)
    assert type(told.value) is kind
    assert reason in told.value.reason
    assert "@" not in str(told.value)
    assert told.value.__cause__ is None


def test_a_server_that_falls_silent(mail: Mail, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_module, "TIMEOUT", 0.3)
    server.to_data.append(SILENCE)
    with pytest.raises(TryLater):
        mail.send(TO_MAIL)


@pytest.mark.parametrize("address", ["a,b@example.org", "utan-snabel-a", "a b@example.org", "", "a@b\n.se"])
def test_an_address_that_is_none_reaches_nobody(mail: Mail, server: MailServer, address: str) -> None:
    with pytest.raises(Undeliverable, match="adressen har fel form"):
        mail.send(dataclasses.replace(TO_MAIL, address=address))
    assert server.accepted == []


def test_a_name_beyond_ascii_reaches_nobody_and_a_domain_goes_in_idna(mail: Mail, server: MailServer) -> None:
    with pytest.raises(Undeliverable):
        mail.send(dataclasses.replace(TO_MAIL, address="åsa@example.org"))
    mail.send(dataclasses.replace(TO_MAIL, address="asa@räksmörgås.se"))
    assert [got.recipients for got in server.accepted] == [("asa@xn--rksmrgs-5wao1o.se",)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.one_of(st.emails(), st.text(max_size=30), st.from_regex(r"[^@ ]{1,20}@[^@ ]{1,20}", fullmatch=True)))
@example("a@[")
@example("a@[1.2.3.4]")
@example("a@b.se\nBcc: c@d.se")
def test_every_address_that_is_let_in_makes_a_message_and_no_other_stops_the_program(text: str) -> None:
    try:
        built = _message(dataclasses.replace(TO_MAIL, address=text), SENDER).as_bytes(policy=policy.SMTP)
    except Undeliverable:
        with pytest.raises(Refused):
            parse_email(text)
    else:
        assert message_from_bytes(built, policy=policy.default)["To"].addresses[0].addr_spec == ascii_email(text)


def test_a_certificate_that_nobody_vouches_for(mails: Mails, server: MailServer) -> None:
    with pytest.raises(ChannelDown, match="inte betrott") as told:
        mails(server.port, trusted=False).send(TO_MAIL)
    assert "ca_file" in told.value.mend
    assert server.accepted == []


def test_a_server_without_encryption_gets_neither_password_nor_notice(mails: Mails, ca: trustme.CA) -> None:
    with mail_server(ca, starttls=False, sign_in=False) as server, pytest.raises(ChannelDown, match="STARTTLS"):
        mails(server.port).send(TO_MAIL)
    assert server.accepted == []


@pytest.mark.parametrize(("password", "reason"), [("fel", "inloggningen"), ("lösenord", "utanför ASCII")])
def test_a_sign_in_that_fails(mails: Mails, server: MailServer, password: str, reason: str) -> None:
    with pytest.raises(ChannelDown, match=reason):
        mails(server.port, password=password).send(TO_MAIL)
    assert server.accepted == []


def test_without_a_user_nobody_signs_in(mails: Mails, server: MailServer, ca: trustme.CA) -> None:
    with pytest.raises(ChannelDown, match="SMTP 530"):
        mails(server.port, user=None).send(TO_MAIL)
    with mail_server(ca, sign_in=False) as open_to_all:
        mails(open_to_all.port, user=None).send(TO_MAIL)
        assert [got.signed_in for got in open_to_all.accepted] == [False]
        with pytest.raises(ChannelDown, match="ingen inloggning"):
            mails(open_to_all.port).send(TO_MAIL)


def test_a_port_where_nobody_listens(mails: Mails) -> None:
    with nobody() as port, pytest.raises(ChannelDown, match="tar inte emot"):
        mails(port).send(TO_MAIL)


def test_a_file_that_holds_no_certificate_is_refused(tmp_path: Path) -> None:
    settings = smtp(587, ca_file=tmp_path / "ingen.pem")
    with pytest.raises(Refused, match=r"ingen\.pem"):
        Mail(settings, None)
