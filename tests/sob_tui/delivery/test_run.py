"""Runs on both databases: whatever goes wrong on the way, a notice is delivered once under its Message-ID."""

from collections import Counter
from collections.abc import Callable
from threading import Event

import pytest

from sob_tui.delivery.mail import Mail
from sob_tui.delivery.run import Report, deliver
from sob_tui.delivery.sms import Sms
from sob_tui.delivery.transports import Rehearsal, open_transports
from store.care.delivery import LEASE, MOST_ATTEMPTS, Outgoing, claim_notice
from store.care.held_messages import HOLD
from store.foundation.access import OPERATOR
from store.foundation.clock import Instant
from store.foundation.errors import NotPermitted
from store.people.channels import EMAIL
from tests.clinics import Clinic
from tests.sob_tui.delivery.conftest import NUMBERS, Mails, await_notice, state_of
from tests.sob_tui.delivery.servers import DROP, Gateway, MailServer, nobody
from tests.store.letters import counters, send, write

HOUR = 60 * 60_000


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


def later(clinic: Clinic, milliseconds: int = HOUR) -> None:
    clinic.clock.now = Instant(clinic.clock.now + milliseconds)


def ids(server: MailServer) -> Counter[str]:
    return Counter(got.id for got in server.accepted)


def outcome(report: Report) -> tuple[list[int], list[int], list[int]]:
    return ([one.id for one in report.sent], [one.id for one in report.failed], [one.id for one in report.postponed])


def test_both_channels_deliver_what_is_due_and_nothing_twice(
    real: Clinic, mail: Mail, sms: Sms, server: MailServer, sms_gateway: Gateway
) -> None:
    first, second = (await_notice(real, number) for number in NUMBERS[:2])
    third = await_notice(real, NUMBERS[2], channel="sms", mobile="0701740611")
    await_notice(real, NUMBERS[3], channel="ingen")
    report = deliver(real.store, [mail, sms])
    assert outcome(report) == ([first, second, third], [], [])
    assert (report.problems, report.is_down, report.waiting.number) == ((), False, 0)
    assert len(ids(server)) == len(server.accepted) == 2
    assert [asked["to"] for asked in sms_gateway.asked] == ["+46701740611"]
    assert state_of(real, first) == ("skickad", 1, "")
    assert not deliver(real.store, [mail, sms]).is_news
    assert len(server.accepted) == 2


def test_a_channel_that_is_not_set_up_leaves_its_notices_waiting(real: Clinic, mail: Mail) -> None:
    by_sms = await_notice(real, NUMBERS[0], channel="sms", mobile="0701740611")
    report = deliver(real.store, [mail])
    assert (report.is_news, report.waiting.overdue) == (False, 1)
    assert state_of(real, by_sms) == ("vantar", 0, "")
    assert not deliver(real.store, []).is_news


@pytest.mark.parametrize("answer", ["451 4.3.0 Later", DROP])
def test_what_is_tried_again_keeps_its_message_id(real: Clinic, mail: Mail, server: MailServer, answer: str) -> None:
    notice, other = (await_notice(real, number) for number in NUMBERS[:2])
    server.to_data.append(answer)
    report = deliver(real.store, [mail])
    assert outcome(report) == ([other], [], [notice])
    assert report.problems[0].startswith(f"Avisering {notice} (e-post) är inte bekräftad: ")
    assert not report.is_down
    assert not deliver(real.store, [mail]).is_news
    later(real)
    assert outcome(deliver(real.store, [mail])) == ([notice], [], [])
    assert len(ids(server)) == 2
    assert len(server.accepted) == (3 if answer == DROP else 2)


def test_a_recipient_that_is_refused_is_given_up(real: Clinic, mail: Mail, server: MailServer) -> None:
    notice, other = (await_notice(real, number) for number in NUMBERS[:2])
    server.to_recipient.append("550 5.1.1 n2803@example.org unknown")
    report = deliver(real.store, [mail])
    assert outcome(report) == ([other], [notice], [])
    assert state_of(real, notice) == ("misslyckad", 1, "e-postservern avvisade mottagaren (SMTP 550)")
    assert "@" not in report.problems[0]
    later(real)
    assert not deliver(real.store, [mail]).is_news


def test_in_the_end_it_is_given_up(real: Clinic, mail: Mail, server: MailServer) -> None:
    notice = await_notice(real, NUMBERS[0])
    real.run("UPDATE notice SET attempts = :most - 2", most=MOST_ATTEMPTS)
    server.to_data.extend(["451 4.3.0 Later"] * 2)
    for state in ("vantar", "misslyckad"):
        assert outcome(deliver(real.store, [mail]))[2] == [notice]
        assert state_of(real, notice)[0] == state
        later(real)
    assert not deliver(real.store, [mail]).is_news
    assert server.accepted == []


Faulty = Callable[[Mails, MailServer, int], Mail]


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        (lambda mails, _server, port: mails(port), "tar inte emot förbindelser"),
        (lambda mails, server, _port: mails(server.port, trusted=False), "certifikat är inte betrott"),
        (lambda mails, server, _port: mails(server.port, password="fel"), "godtog inte inloggningen"),
    ],
)
def test_a_channel_that_is_down_is_left_alone_and_counts_no_attempt(
    real: Clinic,
    mails: Mails,
    mail: Mail,
    sms: Sms,
    server: MailServer,
    sms_gateway: Gateway,
    faulty: Faulty,
    words: str,
) -> None:
    waiting = [await_notice(real, number) for number in NUMBERS[:2]]
    by_sms = await_notice(real, NUMBERS[2], channel="sms", mobile="0701740611")
    with nobody() as port:
        report = deliver(real.store, [faulty(mails, server, port), sms])
    assert outcome(report) == ([by_sms], [], [])
    assert (report.is_down, report.waiting.overdue, len(report.problems)) == (True, 2, 1)
    assert words in report.problems[0]
    assert {state_of(real, notice) for notice in waiting} == {("vantar", 0, "")}
    assert outcome(deliver(real.store, [mail, sms]))[0] == waiting
    assert len(ids(server)) == len(server.accepted) == 2
    assert len(sms_gateway.asked) == 1


def test_a_stop_before_the_sending_is_made_good_when_the_lease_has_passed(
    real: Clinic, mail: Mail, server: MailServer
) -> None:
    notice = await_notice(real, NUMBERS[0])
    with real.store.work(OPERATOR) as work:
        assert claim_notice(work, frozenset({EMAIL}))
    assert not deliver(real.store, [mail]).is_news
    later(real, LEASE)
    assert outcome(deliver(real.store, [mail])) == ([notice], [], [])
    assert len(server.accepted) == 1


class Stopped(BaseException):
    """The process ended."""


class SendsAndStops:
    """Sends, and is stopped before that could be recorded."""

    channel = EMAIL

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    def send(self, notice: Outgoing, /) -> None:
        self._mail.send(notice)
        raise Stopped

    def close(self) -> None:
        pass


def test_a_stop_after_the_sending_sends_again_under_the_same_message_id(
    real: Clinic, mail: Mail, server: MailServer
) -> None:
    notice = await_notice(real, NUMBERS[0])
    with pytest.raises(Stopped):
        deliver(real.store, [SendsAndStops(mail)])
    assert not deliver(real.store, [mail]).is_news
    later(real, LEASE)
    assert outcome(deliver(real.store, [mail])) == ([notice], [], [])
    assert list(ids(server).values()) == [2]


class Stopping(Rehearsal):
    """Lets the run be stopped while a notice is on its way."""

    def __init__(self, stop: Event) -> None:
        super().__init__(EMAIL)
        object.__setattr__(self, "stop", stop)

    def send(self, _notice: Outgoing, /) -> None:
        self.stop.set()  # type: ignore[attr-defined]


def test_a_run_that_is_asked_to_stop_finishes_the_notice_on_its_way(real: Clinic) -> None:
    first, second = (await_notice(real, number) for number in NUMBERS[:2])
    stop = Event()
    assert outcome(deliver(real.store, [Stopping(stop)], stop=stop)) == ([first], [], [])
    assert [state_of(real, notice)[0] for notice in (first, second)] == ["skickad", "vantar"]


def test_a_held_message_that_has_gone_is_written_down(real: Clinic) -> None:
    """Its sender's program was killed: the run of `sob avisera` does it, though nothing is sent by any channel."""
    moment = real.start(program="prov")
    write(real, moment, "Hur gör jag?")
    send(real, moment, "Så här.", conversation=real.value("SELECT id FROM conversation"), hold=True, delivery=None)
    deliver(real.store, [])
    assert counters(real, moment)[2] is not None
    later(real, HOLD)
    deliver(real.store, [])
    assert counters(real, moment)[2] is None


def test_only_the_operator_delivers(real: Clinic, mail: Mail, server: MailServer) -> None:
    await_notice(real, NUMBERS[0])
    for actor in (real.clinician, real.admin):
        with pytest.raises(NotPermitted):
            deliver(real.store, [mail], actor)
    assert server.accepted == []


def test_a_practice_store_is_never_given_a_way_out(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("delivery_settings", "password", "SENDERS"):
        monkeypatch.setattr(f"sob_tui.delivery.transports.{name}", None)
    notice = await_notice(clinic, NUMBERS[0])
    with open_transports(clinic.store) as opened:
        report = deliver(clinic.store, opened.transports)
    assert [(one.id, one.address) for one in report.sent] == [(notice, "n2803@example.org")]
    assert state_of(clinic, notice)[0] == "skickad"


def test_a_notice_that_stops_the_program_fails_alone(real: Clinic, mail: Mail, server: MailServer) -> None:
    broken, other = (await_notice(real, number) for number in NUMBERS[:2])
    real.run("UPDATE resident SET email = 'a@[' WHERE personnummer = :number", number=NUMBERS[0])
    assert outcome(deliver(real.store, [mail])) == ([other], [broken], [])
    assert state_of(real, broken) == ("misslyckad", 1, "adressen har fel form")
    assert len(server.accepted) == 1


def test_a_fault_of_the_program_with_one_notice_is_counted_and_the_others_go(
    real: Clinic, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = (await_notice(real, number) for number in NUMBERS[:2])
    send = Mail.send

    def fail(self: Mail, notice: Outgoing) -> None:
        if notice.id == broken:
            raise KeyError(notice.address)
        send(self, notice)

    monkeypatch.setattr(Mail, "send", fail)
    report = deliver(real.store, [mail])
    assert outcome(report) == ([other], [], [broken])
    assert "programmet har ett fel, felkod" in report.problems[0]
    assert "@" not in report.problems[0]
    assert state_of(real, broken)[:2] == ("vantar", 1)


def test_a_channel_that_is_down_gives_back_all_that_was_to_go_together(real: Clinic, mails: Mails) -> None:
    notice = await_notice(real, NUMBERS[0])
    real.run("UPDATE notice SET kind = 'uppsamlat' WHERE id = :id", id=notice)
    real.run(
        "INSERT INTO notice (resident_id, moment_id, unit_id, recipient_id, kind, state, due_at)"
        " SELECT resident_id, moment_id, unit_id, recipient_id, kind, state, due_at FROM notice WHERE id = :id",
        id=notice,
    )
    due = real.rows("SELECT id, due_at, attempts FROM notice WHERE kind = 'uppsamlat' ORDER BY id")
    assert len(due) == 2
    with nobody() as port:
        assert deliver(real.store, [mails(port)]).is_down
    assert real.rows("SELECT id, due_at, attempts FROM notice WHERE kind = 'uppsamlat' ORDER BY id") == due
