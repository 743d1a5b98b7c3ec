"""The practice clock goes forward: what it passes happens, in order, at everybody's; and it never goes back."""

from pathlib import Path

import pytest

from store.care.day_run import last_day, run_day
from store.care.starting import start_moment
from store.foundation.access import SYSTEM
from store.foundation.client_clocks import ClientClocks
from store.foundation.clock import iso_local
from store.foundation.errors import Refused, StoreFull
from store.foundation.events import EventKind
from store.foundation.store import Store
from store.opening import create_store, open_store
from store.people.sign_in import sign_in
from store.practice import NotPractice, make_practice
from store.practice.clock import FAR_AHEAD, FORWARD, IN_USE, MOST_AHEAD, TOO_FAR, UNREAD, _Way, move_clock, moved
from tests.clinics import MONDAY, Clock
from tests.small_cast import FREE

DAY = 24 * 60 * 60_000
OV01 = "SE2321000040-OV01"


def times_of(store: Store, kind: EventKind) -> list[str]:
    with store.lend() as db:
        found = db.values(
            "SELECT at FROM event WHERE kind = :kind AND at > :then ORDER BY at", kind=kind.value, then=MONDAY
        )
    return [str(iso_local(at)) for at in found]


@pytest.mark.parametrize(
    ("span", "leads_to"),
    [
        ("+6t", "2026-03-02T16:00:00+01:00"),
        ("+27d", "2026-03-29T10:00:00+02:00"),  # summer time has begun: the time of day is kept
        (" +4 V ", "2026-03-30T10:00:00+02:00"),
        ("1d", "2026-03-03T10:00:00+01:00"),
    ],
)
def test_a_span_is_hours_days_or_weeks(span: str, leads_to: str) -> None:
    assert iso_local(moved(MONDAY, span)) == leads_to


@pytest.mark.parametrize(
    ("span", "sentence"),
    [
        ("-3d", FORWARD),
        ("−3d", FORWARD),
        ("+0v", FORWARD),
        ("0t", FORWARD),
        ("", UNREAD),
        ("+3", UNREAD),
        ("+3m", UNREAD),
        ("+٣d", UNREAD),
        ("[/x]\x1b[2J", UNREAD),
        ("+53v", TOO_FAR),
        ("+" + "9" * 10_000 + "t", TOO_FAR),
    ],
)
def test_what_is_no_span_forward_is_refused(span: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        moved(MONDAY, span)
    assert (refused.value.message, refused.value.field) == (sentence, "klocka")


def test_what_is_passed_happens_in_order_on_its_day(made: Store) -> None:
    with made.work(sign_in(made, OV01)) as work:
        start_moment(work, FREE, "nedstamdhet")
    move = move_clock(made, "+5v")
    assert iso_local(move.at) == "2026-04-06T10:00:00+02:00"
    assert (made.clock(), move.nights, move.left) == (move.at, 35, 0)
    with made.read(SYSTEM) as work:
        assert last_day(work) == "2026-04-06"
    raised = times_of(made, EventKind.FLAG_RAISED)
    assert len(raised) == move.raised > 0
    assert {at[11:16] for at in raised} == {"04:00"}
    assert len({at[:10] for at in raised}) > 1
    sent = times_of(made, EventKind.NOTICE_SENT)
    assert 0 < len(sent) <= move.sent
    with made.lend() as db:
        assert not db.values("SELECT id FROM notice WHERE state = 'vantar' AND due_at <= :now", now=move.at)
        late = "SELECT count(*) FROM notice WHERE state = 'skickad' AND done_at > due_at AND done_at > :then"
        assert db.value(late, then=MONDAY + DAY) == 0


def test_another_terminal_follows_when_it_looks_and_whatever_it_does(made: Store) -> None:
    other = open_store(made.engine.url, clock=Clock())
    late = open_store(made.engine.url, clock=Clock())
    move = move_clock(made, "+2d")
    other.change_no(1)
    assert other.clock() == move.at
    with late.work(SYSTEM) as work:
        assert work.now == move.at
    third = open_store(made.engine.url, clock=Clock())
    assert third.clock() == move.at
    for store in (other, late, third):
        store.close()


def test_a_clock_that_is_moved_is_no_clock_that_is_wrong(few: Path, tmp_path: Path) -> None:  # noqa: ARG001
    store = make_practice(tmp_path / "o.sqlite", clock=Clock())
    other = open_store(tmp_path / "o.sqlite", clock=Clock())
    here, there = ClientClocks(store), ClientClocks(other)
    for clocks in (here, there):
        clocks.tell()
        clocks.look()
    move_clock(store, "+1d")
    here.tell()
    assert there.look() is None
    store.close()
    other.close()


def test_one_at_a_time_and_not_without_end(made: Store) -> None:
    with made.engine.claim("klocka") as is_ours:
        assert is_ours
        with pytest.raises(Refused, match=IN_USE):
            move_clock(made, "+1d")
    with made.lend_to_write() as db:
        db.run("UPDATE store_info SET clock_ahead = :ahead", ahead=MOST_AHEAD)
    with pytest.raises(Refused, match=FAR_AHEAD):
        move_clock(made, "+1t")


def test_a_way_that_is_cut_off_ends_on_a_whole_day(made: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _Way._run_rules

    def fill(self: _Way) -> bool:
        if self._nights == 2:
            raise StoreFull
        return run(self)

    monkeypatch.setattr(_Way, "_run_rules", fill)
    with pytest.raises(StoreFull):
        move_clock(made, "+1v")
    assert iso_local(made.clock()) == "2026-03-05T04:00:00+01:00"
    monkeypatch.undo()
    assert move_clock(made, "+1d").nights == 1
    assert run_day(made).raised == 0


def test_in_a_real_store_time_goes_by_itself(empty: str) -> None:
    real = create_store(empty, kind="real", clock=Clock())
    with pytest.raises(NotPractice):
        move_clock(real, "+1d")
    assert real.clock() == MONDAY
    real.close()
