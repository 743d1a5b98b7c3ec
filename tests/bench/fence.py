"""What row-level security costs: a list, a look-up, a page, *Att göra* and a message behind the fence, beside none.

Both stores are on servers of their own that hold the same rows; who acts behind the fence does so by the runtime role.
Time is told by the clock: the server does most of the work.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from store.foundation.store import Store
from store.opening import create_store, open_store
from tests.bench.harness import Measure, compare
from tests.bench.load import lend_server
from tests.bench.size import FIRST, READINGS, Filled, ServerPlace, Size, fill, reading, sending
from tests.clinics import Clock, enter, populate
from tests.fenced import ROLES, as_role, open_fenced, raise_tests_fence, with_owner

SIZE = Size(10_000)
LIMITS = {
    "the first 40 of Alla": 1.5,
    "the first 40 of Mina": 1.5,
    "Att göra": 1.8,
    "a look-up by personnummer": 2.5,
    "a moment's page": 2.2,
    "a message": 1.5,
}
"""How many times as long each may take.

A policy asks of each row whether its unit is the one that is set: half as much again, where many rows are read. A
look-up also opens the way to the residents of other units (`sob_look_up`), which is a round trip beside its two; and a
page reads from a dozen tables, each with a policy that is planned anew.
"""


def measure() -> Iterator[Measure]:
    """Yield all; a minute, most of it to fill the stores."""
    with lend_server() as fenced, lend_server() as plain, _filled(fenced, True) as ours, _filled(plain, False) as floor:
        for (what, act), (_, without) in zip(_acts(ours), _acts(floor), strict=True):
            if what in LIMITS:
                name = f"behind the fence / without it: {what}"
                yield compare(name, act, without, LIMITS[what], turns=10, clock=time.perf_counter)


@contextmanager
def _filled(url: str, is_fenced: bool) -> Iterator[Filled]:
    """Lend a store of `SIZE` moments, opened by the roles behind the fence or by the server's administrator."""
    owner = with_owner(url)
    with closing(create_store(owner, kind="practice", clock=Clock())) as store:
        populate(store)
        clinic = enter(store, Clock())
        version = int(clinic.value("SELECT id FROM programversion WHERE program = 'prov'"))
        staff = clinic.clinician.staff_id, clinic.colleague.staff_id
    with ServerPlace("a server").unguarded(url) as (db, insert):
        number = fill(db, insert, SIZE, clinic.here, version, staff)
    if is_fenced:
        with closing(open_store(owner, clock=Clock())) as store:
            raise_tests_fence(store)
    with closing(_opened(url, is_fenced)) as store:
        yield Filled(enter(store, Clock()), SIZE, FIRST, number)


def _opened(url: str, is_fenced: bool) -> Store:
    return open_fenced(as_role(url, ROLES.operator), keys=None, clock=Clock()) if is_fenced else open_store(url)


def _acts(here: Filled) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield what is done, by name."""
    for what, read, of_all in READINGS:
        yield what, reading(here, read, of_all=of_all)
    yield "a message", sending(here)
