"""Workstations whose clocks show something else."""

import time
from collections.abc import Callable

import pytest

from store.care.day_run import run_day
from store.care.messages import send_message
from store.foundation.clock import Instant, wall_clock
from store.foundation.errors import Refused
from store.opening import open_store
from tests.clinics import Clinic

DAY = 86_400_000


@pytest.mark.parametrize("off", [-400 * DAY, 3 * DAY])
def test_a_servers_time_holds_whatever_the_workstation_shows(
    served: Clinic, monkeypatch: pytest.MonkeyPatch, off: int
) -> None:
    shown: Callable[[], int] = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: shown() + off * 1_000_000)
    store = open_store(served.store.engine.url)
    with store.lend() as db:
        servers = db.value("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
    assert abs(store.clock() - servers) < 1000
    store.close()


def test_in_a_file_nothing_happens_before_what_has_happened_to_the_moment(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    started = filed.value("SELECT started_at FROM moment")
    for back in (1, 400):
        filed.clock.now = Instant(started - back * DAY)
        with filed.store.work(filed.clinician) as work:
            send_message(work, moment, "Hej", heading="Prov")
    with filed.store.lend() as db:
        events = db.values("SELECT at FROM event WHERE moment_id = :moment ORDER BY seq", moment=moment)
        sent = db.values("SELECT sent_at FROM message ORDER BY id")
    assert events == sorted(events)
    assert min(events) == started
    assert sent == [started, started]


def test_the_days_run_refuses_where_the_clock_is_behind_anothers(
    filed: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed.start(program="prov")
    monkeypatch.setattr("store.care.day_run.wall_clock", lambda: Instant(wall_clock() - 3 * 60_000))
    with pytest.raises(Refused, match="Den här datorns klocka går mer än två minuter efter en annan dators"):
        run_day(filed.store)
    monkeypatch.setattr("store.care.day_run.wall_clock", wall_clock)
    assert run_day(filed.store).raised == 0
