"""A transaction that changes nothing but the log: one actor, one clock reading, who is handed what (domain.md §11)."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from store.foundation.access import READING, Action, Actor, DataCategory, Declaration, Origin, Subject, capacity
from store.foundation.clock import Instant, local_day, wall_clock
from store.foundation.connection import Connection
from store.foundation.errors import DomainError, InvariantBroken, NotPermitted, StoreUnreachable
from store.foundation.keys import StoreKeys
from store.foundation.log import DENIED, AccessLog, LogEntry, as_typed
from store.foundation.operation_in_progress import OperationInProgress

PRACTICE = "practice"
"""The kind of a store that is a practice environment."""


class ReadTransaction:
    """A transaction that changes nothing but the log."""

    def __init__(
        self,
        kind: str,
        actor: Actor,
        now: Instant,
        db: Connection,
        access_log: AccessLog,
        keys: StoreKeys | None = None,
        *,
        is_fenced: bool = False,
    ) -> None:
        self.kind = kind
        self.is_fenced = is_fenced
        """Whether the database keeps the units apart in this transaction."""
        self.keys = keys
        """The store's, where it has any."""
        self.actor = actor
        self.now = now
        self.db = db
        self.logged: list[LogEntry] = []
        self.refused: list[LogEntry] = []
        """The rows of what was refused: they are written whatever becomes of the transaction."""
        self.events = 0
        self._access_log = access_log
        self._running: list[OperationInProgress] = []
        self._opened: set[str] = set()
        self._served: dict[tuple[str, Hashable], None] = {}
        self._refused_about: Subject | None = None

    @property
    def is_practice(self) -> bool:
        """Whether the store is a practice environment (domain.md §9)."""
        return self.kind == PRACTICE

    @property
    def today(self) -> date:
        """The day in Stockholm."""
        return local_day(self.now)

    def catch_up(self, _subject: Subject | None) -> None:
        """Let a writing transaction's time be no earlier than the moment's newest event; a reading one's stays."""

    def for_update(self, _table: str) -> str:
        """Return the clause that a query of the table's rows ends with, where they are to be changed."""
        return ""

    def serialize(self, _name: str) -> None:
        """Let no other transaction past the same call with the same name until this one ends; a reader may pass."""

    def past_fence(self, way: str, about: object) -> None:
        """Let the transaction see more than the unit's own, by a way past the fence, where there is one.

        Args:
            way: the way's name in the database (`store.fence.rules.WAYS`); it decides whether there is a reason.
            about: the resident, the moment or the numbers that it is about.
        """
        if self.is_fenced:
            self.db.value(f"SELECT {way}(:about)", about=about)

    def asked_past_fence(self, way: str, query: str) -> str:
        """Return what a query reads from: a way past the fence, where there is one, else the query itself."""
        return way if self.is_fenced else query

    def see_who_acts(self) -> None:
        """Replace the actor with its current state: roles, unit and session, read from the database.

        Raises:
            NotPermitted: the actor may act no more, or is not signed in; the refusal is logged.
        """
        try:
            if not self.is_practice:
                self.actor.require_session(self.db, self.now)
            self.actor = self.actor.current(self.db, self.now)
        except NotPermitted as refusal:
            self._note_refusal(OperationInProgress(_ACT, {}), refusal)
            raise

    # The log

    def log(
        self,
        action: Action,
        subject: Subject | None = None,
        details: str = "",
        *,
        unit_id: int | None = None,
        denied: str = "",
    ) -> None:
        """Say in the log what the running operation did.

        Args:
            action: what it did.
            subject: to whom.
            details: more of it.
            unit_id: where that is another unit's matter too.
            denied: the kind of refusal, where it did all but this.
        """
        row = self._entry(self._running[-1], action, subject, details)
        if denied:
            row.outcome, row.reason = DENIED, denied
        if unit_id is not None:
            row.unit_id = unit_id
        self.logged.append(row)

    def concerns(self, subject: Subject) -> None:
        """Say whom the running operation turned out to be about, in case it is refused."""
        self._refused_about = subject

    def open_visit(self, place: str) -> None:
        """Begin a visit: what is served at the place from now on is logged, though it was before."""
        self._opened.add(place)
        for served in [one for one in self._served if one[0] == place]:
            del self._served[served]

    def serve(self, place: str, subjects: Iterable[Subject], action: Action = Action.LISTED) -> None:
        """Say in the log whom the running operation hands out: a row on each resident, once a visit to the place.

        Args:
            place: the list, the queue or the search; see `open_visit`.
            subjects: the residents; one who stands there with several moments has one row.
            action: what the rows say.
        """
        moments: dict[str, list[Subject]] = {}
        for subject in subjects:
            moments.setdefault(subject.personnummer, []).append(subject)
            self._is_new(place, subject.moment_id)
        for number, (first, *others) in moments.items():
            if self._is_new(place, number):
                also = ", ".join(str(one.moment_id) for one in others if one.moment_id != first.moment_id)
                self.log(action, first, f"även moment {also}" if also else "")

    def serve_once(self, place: str, subject: Subject, category: DataCategory | None = None) -> None:
        """Say in the log that the running operation hands out its thing: once a visit to the place, then no more.

        Args:
            place: where it is handed out; see `open_visit`.
            subject: whose it is.
            category: which data, where the operation's own word for it is too wide.
        """
        running = self._running[-1]
        running.is_seen_to = True
        if self._is_new(place, (category, *running.thing)):
            self.log(running.declared.action or Action.READ, subject)
            self.logged[-1].category = category or self.logged[-1].category

    def not_served(self, place: str, moments: Iterable[int]) -> list[int]:
        """Return those of the moments that the visit to a place has not been handed yet, each once."""
        return [moment for moment in dict.fromkeys(moments) if not self._is_served(place, moment)]

    def commit_served(self) -> None:
        """Remember what the session was shown, to be logged once a visit; called when the log rows are committed."""
        if self._opened or self._served:
            self._access_log.serve(self._session, self._opened, self._served)

    def _is_new(self, place: str, key: Hashable) -> bool:
        """Note that something is served at a place; returns whether it is for the first time in the visit."""
        is_new = not self._is_served(place, key)
        self._served.setdefault((place, key))
        return is_new

    def _is_served(self, place: str, key: Hashable) -> bool:
        if (place, key) in self._served:
            return True
        return place not in self._opened and self._access_log.is_served(self._session, place, key)

    @property
    def _session(self) -> str:
        return self.actor.session or self._access_log.session

    def _entry(
        self, running: OperationInProgress, action: Action | None, subject: Subject | None, details: str
    ) -> LogEntry:
        """Return a row on the running operation."""
        declared, actor = running.declared, self.actor
        about = running.subject or subject
        held = actor.standing(about) or actor.standing(None)
        acted_as, ground = capacity(held, declared.may)
        kind, thing = running.thing
        if running.subject is None and subject is not None and subject.moment_id is not None:
            kind, thing = "moment", str(subject.moment_id)
        origin = Origin.IMPORT_FILE if declared.action is Action.IMPORTED else declared.origin
        origin = origin or actor.origin or self._access_log.origin
        return LogEntry(
            at=self.now,
            wall_at=wall_clock(),
            unit_id=actor.unit_id if actor.unit_id is not None or subject is None else subject.unit_id,
            actor_kind=actor.kind,
            actor_hsa_id=actor.hsa_id,
            actor_name=actor.logged_name,
            action=action or declared.action or (Action.CHANGED if declared.is_writing else Action.READ),
            operation=declared.name,
            personnummer=subject.personnummer if subject else None,
            resident_name=subject.name if subject else None,
            moment_id=subject.moment_id if subject else None,
            details=details,
            acted_as=acted_as,
            ground=ground or "",
            category=declared.category or "",
            thing_kind=kind,
            thing_id=thing,
            origin=origin,
            session=self._session,
            provider_hsa_id=actor.provider_hsa_id,
        )

    # Operations

    @contextmanager
    def perform(self, declared: Declaration, asked: Mapping[str, object]) -> Iterator[OperationInProgress]:
        """Carry one operation through; when it returns, its log row and its event must be there.

        Args:
            declared: the operation.
            asked: what it is called with, by the parameters' names.

        Raises:
            InvariantBroken: they are not.
        """
        rows, events = len(self.logged), self.events
        with self.attempt(declared, asked) as running:
            self._begin(running)
            yield running
            if running.is_repeated:
                return
            self._see_to_log(running, self.logged[rows:])
            if declared.event and self.events == events:
                raise InvariantBroken(f"{declared.name} left no event")
            self._done(running)

    @contextmanager
    def attempt(self, declared: Declaration, asked: Mapping[str, object]) -> Iterator[OperationInProgress]:
        """Ask whether an operation may be done, or do it; a refusal is noted, and nothing counts as handed out."""
        running = OperationInProgress(declared, asked)
        rows, served = len(self.logged), len(self._served)
        if not self._running:
            self._refused_about = None
        self._running.append(running)
        try:
            yield running
        except BaseException as error:
            del self.logged[rows:]
            for one in list(self._served)[served:]:
                del self._served[one]
            if isinstance(error, DomainError) and not isinstance(error, StoreUnreachable):
                self._note_refusal(running, error)
            raise
        finally:
            self._running.pop()

    def _note_refusal(self, running: OperationInProgress, error: DomainError) -> None:
        """Note what was asked for and refused, once: by the operation that was asked for itself."""
        about = running.subject or self._refused_about
        if len(self._running) > 1:
            self._refused_about = about
            return
        row = self._entry(running, None, about, "")
        row.outcome, row.reason = DENIED, error.kind
        if not row.acted_as:  # nothing that may: what the one who asked is
            row.acted_as, _ = capacity(held := self.actor.standing(None), held)
        typed = running.asked.get("identity")
        if about is None and typed is not None:
            row.personnummer = as_typed(typed)
        self.refused.append(row)

    def _see_to_log(self, running: OperationInProgress, rows: list[LogEntry]) -> None:
        """Write the log row that the operation owes, where it has not done so by itself."""
        declared, subject = running.declared, running.subject
        if running.is_seen_to:
            return
        page = (f"sida {declared.category}", subject and (subject.moment_id or subject.personnummer))
        if declared.action is None:
            if declared.is_refresh and subject is not None and self._is_new(*page):
                self.log(Action.READ, subject)
            return
        if not any((row.operation, row.action) == (declared.name, declared.action) for row in rows):
            if subject is None:
                raise InvariantBroken(f"{declared.name} touched somebody and logged nothing")
            self.log(declared.action, subject)
        if declared.action in READING and subject is not None:
            self._is_new(*page)

    def _begin(self, running: OperationInProgress) -> None:
        """Hook of a writing transaction."""

    def _done(self, running: OperationInProgress) -> None:
        """Hook of a writing transaction."""


_ACT = Declaration("act", "Arbeta i databasen", frozenset(), None, event=False)
"""What is refused to one who may do nothing any longer, whatever it was to be."""
