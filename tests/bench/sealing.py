"""What sealed texts cost on a server: a list page, a conversation, a timeline and a message, beside clear ones.

Time is told by the clock: the server works too. Both stores are on the same server, and take turns.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from statistics import median
from uuid import uuid4

import psycopg

from store.care.activity_plans import NewActivity, NewPlan, make_plan
from store.care.messages import send_message
from store.foundation.keys import StoreKeys
from store.opening import create_store, open_store
from store.views.conversations import view_conversation
from store.views.lists import Tab, list_page
from store.views.message_search import search_messages
from store.views.timeline import open_timeline
from tests.bench.harness import Measure
from tests.clinics import ADULT, ELSEWHERE, GUARDIAN, SEALING, Clinic, Clock, enter, populate
from tests.postgres import run_folder, server_address

MESSAGES = 400
"""In the one conversation; its page has the newest hundred."""
RUNS = 60
BUDGET = 1.5
TEXT = "Hur gick det med övningen? Jag tänkte på det du skrev i förra veckan. " * 5


def measure() -> Iterator[Measure]:
    """Yield all; half a minute."""
    with run_folder() as folder:
        server = server_address(folder)
        with _clinic(server, SEALING) as sealed, _clinic(server, None) as plain:
            for name, act in ACTS.items():
                yield _compare(f"sealed / clear on a server: {name}", partial(act, sealed), partial(act, plain))


@contextmanager
def _clinic(server: str, keys: StoreKeys | None) -> Iterator[Clinic]:
    """Lend a store in a database of its own."""
    name = f"b{uuid4().hex}"
    address = server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            create_store(address, kind="practice", keys=keys, clock=Clock()).close()
            with closing(open_store(address, keys=keys, clock=Clock())) as store:
                populate(store)
                clinic = enter(store, Clock())
                _fill(clinic)
                yield clinic
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _fill(clinic: Clinic) -> None:
    for number in (ADULT, GUARDIAN, ELSEWHERE):
        clinic.start(number, "prov", confirmed=True)
    with clinic.store.work(clinic.clinician) as work:
        place = None
        for turn in range(MESSAGES):
            send_message(work, 1, f"{turn} {TEXT}", heading="Övningen", conversation=place)
            place = place or work.db.value("SELECT max(id) FROM conversation")


def _list(clinic: Clinic) -> None:
    with clinic.store.read(clinic.clinician) as work:
        list_page(work, Tab.MINE, "prov", "pagaende", limit=40)


def _conversation(clinic: Clinic) -> None:
    with clinic.store.read(clinic.clinician) as work:
        view_conversation(work, 1, 1)


def _timeline(clinic: Clinic) -> None:
    with clinic.store.read(clinic.clinician) as work:
        open_timeline(work, 1)


def _search(clinic: Clinic) -> None:
    with clinic.store.read(clinic.clinician) as work:
        search_messages(work, "gurka")


def _message(clinic: Clinic) -> None:
    with clinic.store.work(clinic.clinician) as work:
        send_message(work, 1, TEXT, heading="Övningen")


def _plan(clinic: Clinic) -> None:
    activities = tuple(NewActivity(f"{number} {TEXT[:80]}") for number in range(5))
    with clinic.store.work(clinic.clinician) as work:
        make_plan(work, 1, NewPlan("Rörelse", activities))


ACTS: dict[str, Callable[[Clinic], None]] = {
    "a list page": _list,
    "a conversation's page of 100": _conversation,
    "a timeline's page": _timeline,
    f"a search through {MESSAGES} messages": _search,
    "a message": _message,
    "a plan with five activities": _plan,
}


def _compare(name: str, ours: Callable[[], None], floor: Callable[[], None]) -> Measure:
    pairs = [(_seconds(ours), _seconds(floor)) for _ in range(RUNS)][RUNS // 10 :]
    return Measure(name, median(our for our, _ in pairs), median(its for _, its in pairs), BUDGET)


def _seconds(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
