"""A purge as it is carried out: a transaction for each moment, and what comes after the last (domain.md §3.7)."""

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.care.purge_facts import purge_facts
from store.care.purge_record import moments_left, residents_left
from store.care.purges import empty_results, finish_purge, leave_moment, purge_moment
from store.care.statistics import count_whole_months
from store.care.unused_residents import leave_resident, purge_resident
from store.foundation.access import SYSTEM, Actor
from store.foundation.errors import NotPermitted, Refused
from store.foundation.progress import Progress, untold
from store.foundation.sqlite_engine import SqliteEngine
from store.foundation.store import Store
from store.purge.certificate import certificate_of, write_certificate
from store.purge.ledger import bring_up
from store.purge.scan import Scan, numbers_in, rows_left
from store.purge.traces import clean

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signer(NamedTuple):
    """What signs certificates and the ledger, and where the ledger is."""

    key: "Ed25519PrivateKey"
    ledger: Path | None
    """None where the ledger is somebody else's to write: the store knows what it lacks."""

    def bring_up(self, store: Store) -> None:
        """Add to the ledger what it lacks."""
        if self.ledger is not None:
            bring_up(store, self.ledger, self.key)


_AT_ONCE = 100
"""Moments between two times that the ledger is brought up."""


def carry_out_purge(
    store: Store,
    actor: Actor,
    purge: int,
    signer: Signer,
    progress: Progress = untold,
    *,
    forget_drafts: Callable[[Store], None] = lambda _store: None,
) -> str:
    """Purge what is left of a purge that was begun, and return its certificate.

    Each moment, and each resident without any, is a transaction of its own: wherever it is cut off, the same call goes
    on from there. A moment that has been stopped since, or has left the unit, stays and is counted, as does a resident
    who has one by now. Months that have ended are counted first for the statistics: none of them is changed by what is
    gone.

    Args:
        store: the store.
        actor: who purges.
        purge: its number (`store.care.purges.begin_purge`).
        signer: signs.
        progress: told of those that are done, and how many were left.
        forget_drafts: removes what this workstation keeps of purged moments outside the store.

    Raises:
        DomainError: it may not be done, the store is out of reach, or somebody reads it as it was before the purge.
    """
    if not store.engine.is_fenced:  # behind a fence the operator's day's run counts alone, and has (`begin_purge`)
        count_whole_months(store, SYSTEM)
    with store.lend() as db:
        moments, residents = moments_left(db, purge), residents_left(db, purge)
    steps = [(_purge_one, one) for one in moments] + [(_purge_resident, one) for one in residents]
    numbers: set[str] = set()
    for done, (step, one) in enumerate(steps, 1):
        numbers.update(step(store, actor, purge, one))
        if not done % _AT_ONCE:
            signer.bring_up(store)
        progress(done, len(steps))
    signer.bring_up(store)
    forget_drafts(store)
    return _finish(store, actor, purge, numbers, signer)


def _purge_one(store: Store, actor: Actor, purge: int, moment: int) -> list[str]:
    with suppress(Refused, NotPermitted), store.work(actor) as work:
        return purge_moment(work, moment, purge)
    with store.work(actor) as work:
        leave_moment(work, purge, moment)
    return []


def _purge_resident(store: Store, actor: Actor, purge: int, resident: int) -> list[str]:
    with suppress(Refused, NotPermitted), store.work(actor) as work:
        return purge_resident(work, resident, purge)
    with store.work(actor) as work:
        leave_resident(work, purge, resident)
    return []


def _finish(store: Store, actor: Actor, purge: int, numbers: Collection[str], signer: Signer) -> str:
    with store.work(actor) as work:
        empty_results(work)
    with store.read(actor) as reading:
        facts = purge_facts(reading, purge)
        rows = rows_left(reading.db, purge)
    cleaned = clean(store.engine, key_gone=store.keys is not None and facts.purge.residents > 0)
    scan = _scanned(store, numbers, rows)
    with store.work(actor) as work:
        fields = certificate_of(facts, cleaned, scan, work.now, has_keys=store.keys is not None)
        certificate = write_certificate(fields, signer.key)
        finish_purge(work, purge, certificate)
    return certificate


def _scanned(store: Store, numbers: Collection[str], rows: int) -> Scan:
    """Look through the pages of a file; a practice store's exercises name residents there, as did its log before."""
    if store.is_practice or not isinstance(store.engine, SqliteEngine):
        return Scan(0, 0, 0, rows)
    pages, found = numbers_in(store.engine.path, numbers, store.keys.cipher if store.keys else "")
    return Scan(pages, len(numbers), found, rows)
