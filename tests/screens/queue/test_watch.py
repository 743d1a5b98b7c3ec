"""Which priority flags are news: the next attempt's time, at the limit itself."""

from screens.queue.watch import UrgentFlags
from screens.wording import attempted
from store.foundation.clock import Instant
from tests.clinics import MONDAY


def test_a_next_attempt_is_told_of_once_when_its_time_comes() -> None:
    """Not before, at sign-in one whose time had come, and not one that was put off or handled meanwhile."""
    flags = UrgentFlags()
    assert flags.due({1: 100, 2: 50}, now=60) == 1
    assert flags.due({1: 100, 2: 50}, now=61) == 0
    assert flags.next_end() == 100
    assert flags.due({1: 100, 2: 50}, now=99) == 0
    assert flags.due({1: 100, 2: 50}, now=100) == 1
    assert flags.next_end() is None
    assert flags.due({1: 100, 2: 50}, now=101) == 0
    assert flags.due({1: 200, 3: 150, 4: 150}, now=101) == 0
    assert flags.due({1: 300, 3: 150}, now=250) == 1
    assert flags.next_end() == 300


def test_the_row_says_that_it_is_time() -> None:
    at = Instant(MONDAY + 60_000)
    assert attempted(1, at, Instant(at - 1)) == "Nästa försök 02/03 10.01 (1 gjort)"
    assert attempted(2, at, at) == "Dags att försöka igen sedan 02/03 10.01 (2 gjorda)"
    assert attempted(2, None, at) == "Nådde inte (2 försök), nästa inte bestämt"
