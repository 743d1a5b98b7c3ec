"""Writers killed at random instants, on sealed stores: a small part of `python3 start.py bench kills`."""

from tests.clinics import SEALING, Clinic
from tests.kills import Place, kill_writers

KILLS = 4


def test_what_a_killed_writer_was_told_is_done_is_there_and_nothing_by_half(sealed: Clinic) -> None:
    moment = sealed.start(program="prov")
    place = Place(sealed.store.engine.url, SEALING, sealed.clinician, moment)
    if not sealed.store.engine.pyformat:
        sealed.store.engine.dispose()  # no process may take an open file along
    toll = kill_writers(place, KILLS, seed=7)
    assert toll.lost == set(), "the store forgot what it had said is done"
    assert toll.by_half == set()
    assert toll.faults == ()
    assert toll.untold <= KILLS
    assert len(toll.acknowledged) >= KILLS
