"""The access table as it is lived: every operation, tried by everyone while the moment stands in every status.

`access_table.tsv` beside this file keeps what came of it. Write it anew, after looking at the difference, with
`python -m tests.store.access_table`.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

from store.care.endings import end_moment
from store.care.handovers import offer_handover
from store.care.maintenance import maintain_moment
from store.foundation.access import Actor
from store.foundation.connection import Connection
from store.foundation.errors import DomainError, NeedsConfirmation, NotPermitted
from store.foundation.log import AccessLog
from store.foundation.store import Store
from store.foundation.work import Work
from store.opening import create_store
from tests.clinics import THERE, Clinic, Clock, begin, enter
from tests.store.operations import CAST, EXAMPLES, World, call, hand_over, open_there, prepare, raise_priority

FILE = Path(__file__).with_suffix(".tsv")
HEADER = """\
# Every operation, tried by everyone while the moment stands in every status: `ok`, or the exit code and the sentence.
# `nekad` is the one sentence of NotPermitted (exit 4). Written by `python -m tests.store.access_table`.
# operation\tstatuses\twho\toutcome
"""


class OneTransaction:
    """A store whose transactions are all the same one, whoever acts in it: what is tried can be taken back."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work = work
        self.clock = clock
        self.access_log = AccessLog()

    @contextmanager
    def work(self, actor: Actor) -> Iterator[Work]:
        before, self._work.actor = self._work.actor, actor
        try:
            yield self._work
        finally:
            self._work.actor = before

    read = work

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        yield self._work.db


@contextmanager
def taken_back(work: Work) -> Iterator[None]:
    """Undo what is written here."""
    work.db.run("SAVEPOINT tried")
    try:
        yield
    finally:
        work.db.run("ROLLBACK TO tried")
        work.db.run("RELEASE tried")


def maintain(world: World) -> None:
    with world.clinic.store.work(world.clinic.clinician) as work:
        maintain_moment(work, world.moment)


def end(world: World) -> None:
    with world.clinic.store.work(world.clinic.clinician) as work:
        end_moment(work, world.moment, "Klart", confirmed=True)


def offer(world: World) -> None:
    with world.clinic.store.work(world.clinic.clinician) as work:
        open_there(work, world.moment)
        offer_handover(work, world.moment, THERE, "x", confirmed=True)


def handed(state: str, *, to_here: bool) -> Callable[[World], None]:
    def put(world: World) -> None:
        with world.clinic.store.work(world.clinic.clinician) as work:
            hand_over(state, to_here=to_here)(work, world.moment)

    return put


STATUSES: Mapping[str, tuple[Callable[[World], None], ...]] = {
    "pågående": (),
    "pågående bevakat": (raise_priority,),
    "vidmakthållande": (maintain,),
    "vidmakthållande bevakat": (raise_priority, maintain),
    "avslutat": (end,),
    "erbjudet": (offer,),
    "erbjudet bevakat": (raise_priority, offer),
    "erbjudet vidmakthållande": (maintain, offer),
    "erbjudet hit": (handed("erbjuden", to_here=True),),
    "överlämnat": (handed("mottagen", to_here=False),),
}
# What an example brings about by itself is here one of the statuses.
PUT_THERE_BY_THE_STATUS = (
    "begin_purge",
    "purge_moment",
    "resume_moment",
    "accept_handover",
    "decline_handover",
    "reveal_offered",
    "where_it_went",
    "withdraw_handover",
)


def lines() -> Iterator[str]:
    """Yield the lines of the table, in the order of names."""
    with tempfile.TemporaryDirectory() as folder:
        store = create_store(f"sqlite:///{folder}/tabell.db", kind="practice", clock=Clock())
        begin(store)
        clinic = enter(store, Clock())
        with store.work(clinic.clinician) as work:
            yield from _lines(work, replace(clinic, store=cast(Store, OneTransaction(work, clinic.clock))))
        store.close()


def _lines(work: Work, clinic: Clinic) -> Iterator[str]:
    (here,), (there,) = clinic.rows("SELECT id FROM moment ORDER BY id")
    world = World(clinic, here, there)
    actors = [(somebody.name, somebody.actor(clinic)) for somebody in CAST if not somebody.watches]
    for name in sorted(EXAMPLES):
        statuses: defaultdict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
        example = EXAMPLES[name]
        with taken_back(work):
            prepare(world, replace(example, before=None) if name in PUT_THERE_BY_THE_STATUS else example)
            for status in STATUSES:
                statuses[tuple(_outcomes(work, world, name, status, actors))].append(status)
        for outcomes, where in statuses.items():
            shown = "alltid" if len(where) == len(STATUSES) else ", ".join(where)
            yield from ("\t".join((name, shown, who, outcome)) for outcome, who in outcomes)


def _outcomes(
    work: Work, world: World, name: str, status: str, actors: list[tuple[str, Actor]]
) -> Iterator[tuple[str, str]]:
    """Yield each thing that comes of it, with all to whom it happens."""
    whose: defaultdict[str, list[str]] = defaultdict(list)
    with taken_back(work):
        for put in STATUSES[status]:
            put(world)
        for who, actor in actors:
            whose[_outcome(work, world, name, actor)].append(who)
    refused = whose.pop("nekad", [])
    for outcome in sorted(whose):
        yield outcome, ", ".join(sorted(whose[outcome]))
    if refused:
        yield "nekad", "övriga" if whose else "alla"


def _outcome(work: Work, world: World, name: str, actor: Actor) -> str:
    """Try an operation; returns what comes of it, and checks that the log says so where it is refused."""
    work.actor = actor
    work.refused.clear()
    with taken_back(work):
        try:
            call(world, name, work)
        except DomainError as error:
            refusal = error
        else:
            assert work.refused == []
            return "ok"
    (row,) = work.refused
    assert (row.operation, row.actor_hsa_id, row.outcome) == (name, actor.hsa_id, "nekat")
    assert row.reason == refusal.kind
    return _refusal(refusal)


def _refusal(error: DomainError) -> str:
    if isinstance(error, NotPermitted):
        return "nekad" if error.message == NotPermitted.SENTENCE else f"{error.exit_code} {error.message}"
    if isinstance(error, NeedsConfirmation):
        return f"{error.exit_code} bekräfta: {error.message}"
    return f"{error.exit_code} {error.message}" + (f" [{error.field}]" if error.field else "")


def table() -> str:
    """Return the whole table as text."""
    return HEADER + "".join(f"{line}\n" for line in lines())


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
