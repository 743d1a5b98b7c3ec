"""One run: whatever is due is leased, sent and recorded, each step in a transaction of its own.

A stop between sending and recording leaves the lease, and when it has passed the notice is sent again under the same
key: at least once, and told apart by the receiver.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Event

from screens.crash import record
from sob_tui import VERSION
from sob_tui.delivery.faults import ChannelDown, DeliveryFault, TryLater, Undeliverable
from sob_tui.delivery.transports import Transport
from sob_tui.settings import state_folder
from store.care.delivery import (
    Outgoing,
    Waiting,
    claim_notice,
    notice_failed,
    notice_postponed,
    notice_released,
    notice_sent,
    waiting_notices,
)
from store.care.held_messages import release_due
from store.foundation.access import OPERATOR, Actor
from store.foundation.store import Store


@dataclass(frozen=True)
class Report:
    """What became of the notices of a run, in the order they were tried, and what waits after it.

    `problems` are whole sentences that name nobody.
    """

    sent: tuple[Outgoing, ...]
    failed: tuple[Outgoing, ...]
    postponed: tuple[Outgoing, ...]
    problems: tuple[str, ...]
    is_down: bool
    """Whether a channel that is set up could not be used."""
    waiting: Waiting

    @property
    def is_news(self) -> bool:
        """Whether any notice was tried."""
        return bool(self.sent or self.failed or self.postponed)


def deliver(
    store: Store, transports: Iterable[Transport], actor: Actor = OPERATOR, stop: Event | None = None
) -> Report:
    """Send what is due by the channels, until nothing more is or `stop` is set.

    Before that it is written down which held messages have gone.

    Raises:
        NotPermitted: the actor is not the operator.
        StoreUnreachable: the database is gone.
    """
    release_due(store, actor)  # where that fails the moment is left, and `sob dygn` names it
    run = _Run(store, actor, transports)
    while not (stop and stop.is_set()) and (notice := run.claim()):
        run.attempt(notice)
    return run.report()


class _Run:
    """What has been done so far, and the channels that still work."""

    def __init__(self, store: Store, actor: Actor, transports: Iterable[Transport]) -> None:
        self._store = store
        self._actor = actor
        self._open = {transport.channel: transport for transport in transports}
        self._sent: list[Outgoing] = []
        self._failed: list[Outgoing] = []
        self._postponed: list[Outgoing] = []
        self._problems: list[str] = []
        self._is_down = False

    def claim(self) -> Outgoing | None:
        """Lease the next notice."""
        if not self._open:
            return None
        with self._store.work(self._actor) as work:
            return claim_notice(work, frozenset(self._open))

    def attempt(self, notice: Outgoing) -> None:
        """Send a notice, and record what became of it."""
        try:
            self._open[notice.channel].send(notice)
        except ChannelDown as fault:
            self._give_back(notice, fault)
        except DeliveryFault as fault:
            self._record_fault(notice, fault)
        except Exception as error:  # a fault of ours with this one: it counts as an attempt, and the others go
            code = record(error, state_folder(), version=VERSION)
            self._record_fault(notice, TryLater(f"programmet har ett fel, felkod {code}"))
        else:
            with self._store.work(self._actor) as work:
                notice_sent(work, notice.id, notice.others)
            self._sent.append(notice)

    def report(self) -> Report:
        """Return what was done."""
        with self._store.read(self._actor) as work:
            waiting = waiting_notices(work)
        return Report(
            tuple(self._sent),
            tuple(self._failed),
            tuple(self._postponed),
            tuple(self._problems),
            self._is_down,
            waiting,
        )

    def _give_back(self, notice: Outgoing, fault: ChannelDown) -> None:
        with self._store.work(self._actor) as work:
            notice_released(work, notice.id, notice.others, notice.due_at)
        del self._open[notice.channel]
        self._is_down = True
        word = notice.channel.word.capitalize()
        self._problems.append(f"{word} går inte att skicka nu: {fault.reason}. {fault.mend}")

    def _record_fault(self, notice: Outgoing, fault: DeliveryFault) -> None:
        is_final = isinstance(fault, Undeliverable)
        with self._store.work(self._actor) as work:
            record = notice_failed if is_final else notice_postponed
            record(work, notice.id, notice.others, fault.reason)
        (self._failed if is_final else self._postponed).append(notice)
        self._problems.append(_sentence(notice, fault, is_final=is_final))


def _sentence(notice: Outgoing, fault: DeliveryFault, *, is_final: bool) -> str:
    """Return what is told of a notice that was not accepted."""
    which = f"Avisering {notice.id} ({notice.channel.word})"
    if is_final:
        return (
            f"{which} går inte att leverera: {fault.reason}. Kontrollera mottagarens uppgifter; den skickas inte igen."
        )
    return f"{which} är inte bekräftad: {fault.reason}. Nya försök görs under ungefär ett dygn."
