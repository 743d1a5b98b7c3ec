"""Clients of one file whose clocks differ: when that is found, by whom, and what a client left behind is taken for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from store.care.day_run import run_day
from store.foundation.client_clocks import GONE_SECONDS, TELL_SECONDS, Apart, ClientClocks, ask_clocks
from store.foundation.clock import Instant
from store.foundation.errors import NotPermitted, Refused
from store.foundation.store import Store
from tests.clinics import Clinic

SECOND = 1000


class Ticks:
    """Seconds that never jump, and pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Client:
    """One of a file's clients, whose clock is some seconds ahead of the clinic's."""

    def __init__(self, clinic: Clinic, ticks: Ticks, *, ahead: float = 0) -> None:
        self.ahead = ahead
        self.store = Store(
            clinic.store.engine, clinic.store.kind, lambda: Instant(clinic.clock() + round(self.ahead * SECOND))
        )
        self.clocks = ClientClocks(self.store, ticks)


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


def pass_time(clinic: Clinic, ticks: Ticks, seconds: float) -> None:
    ticks.now += seconds
    clinic.clock.now = Instant(clinic.clock.now + round(seconds * SECOND))


@pytest.mark.parametrize(
    ("ahead", "ours", "theirs"),
    [
        (119, None, None),
        (121, Apart.BEHIND, Apart.AHEAD),
        (-119, None, None),
        (-121, Apart.AHEAD, Apart.BEHIND),
        (400 * 86_400, Apart.BEHIND, Apart.AHEAD),
    ],
)
def test_both_find_clocks_that_are_more_than_two_minutes_apart(
    filed: Clinic, ticks: Ticks, ahead: float, ours: Apart | None, theirs: Apart | None
) -> None:
    one, other = Client(filed, ticks), Client(filed, ticks, ahead=ahead)
    for client in (one, other, one, other):
        client.clocks.tell()
        one.clocks.look()
        other.clocks.look()
    assert (one.clocks.look(), other.clocks.look()) == (ours, theirs)


def test_how_long_ago_a_clock_was_told_is_allowed_for(filed: Clinic, ticks: Ticks) -> None:
    one, other = Client(filed, ticks), Client(filed, ticks, ahead=-100)
    other.clocks.tell()
    one.clocks.look()
    other.clocks.tell()
    pass_time(filed, ticks, 30)
    assert one.clocks.look() is None


def test_what_a_killed_client_left_is_no_clock_and_is_cleared_away(filed: Clinic, ticks: Ticks) -> None:
    killed, one = Client(filed, ticks, ahead=-9999), Client(filed, ticks)
    killed.clocks.tell()
    one.clocks.look()
    one.clocks.tell()
    pass_time(filed, ticks, GONE_SECONDS)
    assert one.clocks.look() is None
    one.clocks.tell()
    assert filed.value("SELECT count(*) FROM clientclock") == 1


def test_a_clock_that_is_put_right_or_goes_away_is_told_no_longer(filed: Clinic, ticks: Ticks) -> None:
    one, other = Client(filed, ticks), Client(filed, ticks, ahead=300)
    other.clocks.tell()
    one.clocks.look()
    other.clocks.tell()
    assert one.clocks.look() is Apart.BEHIND
    assert one.clocks.look() is Apart.BEHIND  # it has said nothing new
    other.ahead = 0
    other.clocks.tell()
    assert one.clocks.look() is None
    other.ahead = 300
    other.clocks.tell()
    assert one.clocks.look() is Apart.BEHIND
    pass_time(filed, ticks, GONE_SECONDS)
    assert one.clocks.look() is None


def test_it_is_told_every_half_minute_and_wakes_nobody(filed: Clinic, ticks: Ticks) -> None:
    one = Client(filed, ticks)
    before = filed.rows("SELECT * FROM log"), filed.rows("SELECT * FROM change")
    assert one.clocks.is_due
    one.clocks.tell()
    ticks.now += TELL_SECONDS - 1
    assert not one.clocks.is_due
    ticks.now += 1
    assert one.clocks.is_due
    assert (filed.rows("SELECT * FROM log"), filed.rows("SELECT * FROM change")) == before


@contextmanager
def answering(client: Client) -> Iterator[None]:
    """A client that is alive: it looks, and answers when it is asked."""
    is_over = threading.Event()

    def live() -> None:
        while not is_over.wait(0.01):
            client.clocks.look()
            if client.clocks.is_due:
                client.clocks.tell()

    client.clocks.tell()
    thread = threading.Thread(target=live)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


@pytest.mark.parametrize(("ahead", "word"), [(-121, "före"), (121, "efter")])
def test_the_days_run_refuses_where_a_living_clients_clock_differs(
    filed: Clinic, ticks: Ticks, ahead: float, word: str
) -> None:
    with answering(Client(filed, ticks, ahead=ahead)):
        with pytest.raises(Refused, match=f"klocka går mer än två minuter {word} en annan dators"):
            run_day(filed.store)
        assert filed.rows("SELECT operation, reason FROM log WHERE outcome = 'nekat'") == [("begin_day", "regel")]
        assert filed.rows("SELECT done, leased_until FROM dayrun") == [("", 0)]
        with pytest.raises(NotPermitted):  # before it is told of a clock
            run_day(filed.store, filed.clinician)


def test_the_days_run_goes_on_where_all_agree(filed: Clinic, ticks: Ticks) -> None:
    with answering(Client(filed, ticks, ahead=119)):
        assert run_day(filed.store).raised == 0


def test_who_does_not_answer_is_gone(filed: Clinic, ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> None:
    Client(filed, ticks, ahead=-9999).clocks.tell()
    monkeypatch.setattr("store.foundation.client_clocks.ANSWER_SECONDS", 0.1)
    assert ask_clocks(filed.store) is None
    assert filed.rows("SELECT * FROM clientclock") == []


def test_a_servers_clock_is_everybodys(served: Clinic) -> None:
    assert ask_clocks(served.store) is None
