"""Opening the practice environment, and who there is to be in it. Plain SQL: the cast's list is on screen early."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.foundation.access import Actor, Role
from store.foundation.clock import Instant, MovedClock, local_day, wall_clock
from store.foundation.engines import engine_for
from store.foundation.errors import FenceBroken, NotPermitted, Refused, StoreMissing
from store.foundation.identity import PersonalNumber
from store.foundation.progress import Show, unseen
from store.foundation.store import Store
from store.opening import open_store
from store.people.seats import own_names, seat_of
from store.practice.course_end import erased_on, forget_old_attempts, told_to_trainees
from store.practice.errors import NotPractice, StoreExists
from store.practice.size import Crowd


class CastMember(NamedTuple):
    """Somebody to sign in as, on one unit; who works on two stands there twice."""

    hsa_id: str
    name: str
    """Förnamn Efternamn."""
    unit_hsa_id: str | None
    """None above the units."""
    unit_name: str
    """The care provider's above the units."""
    roles: tuple[Role, ...]
    """In the order of `Role`."""
    protected: bool = False
    """Whether the person has skyddade personuppgifter."""


def open_practice(
    url: str | Path,
    *,
    fresh: bool = False,
    clock: Callable[[], Instant] = wall_clock,
    show: Show = unseen,
    confirmed: bool = False,
    crowd: Crowd | None = None,
) -> Store:
    """Open the practice store; make it where there is none, or where one held a course that is over by now.

    Args:
        url: a path or an address; on a server, of an empty database or a practice store.
        fresh: whether one that is there goes away first; in one transaction, so that who works in it sees the new one.
        clock: the store's clock.
        show: shows what takes long.
        confirmed: whether what a migration warns of is confirmed.
        crowd: how many moments it is made with besides the cast's; None for none.

    Raises:
        NotPractice: the store is a real one; it is left alone.
        Refused: something else is there, the store is a later program's, or the cast or a program has a fault; a crowd
            is wanted, and the store is there and shall not be made anew.
        StoreUnreachable: the database does not answer.
    """
    if not fresh:
        with suppress(StoreMissing):
            store = _without_crowd(_opened(url, clock, show, confirmed=confirmed), crowd)
            if not _is_over(store, clock):
                return store
            store.close()
            fresh = True
    with suppress(StoreExists):
        return _made(url, clock, None, erase=fresh, crowd=crowd, show=show)
    return _without_crowd(_opened(url, clock, show), crowd)  # another was quicker


def _is_over(store: Store, clock: Callable[[], Instant]) -> bool:
    """Whether the store holds a course that must be gone by now, by the machine's clock; who opens another is told.

    Attempts that are as old, of trainees without a course, are erased by themselves (domain.md §9).
    """
    forget_old_attempts(store, clock())
    with store.lend() as db:
        day = erased_on(db)
    if day is None:
        return False
    if local_day(clock()) < day:
        store.said = (*store.said, told_to_trainees(day))
        return False
    return True


def end_course(store: Store) -> bool:
    """Make a practice store anew where it holds a course that must be gone by now; returns whether it did.

    Who has it open sees the new one. A real store is left alone.
    """
    if not store.is_practice or not _is_over(store, store.machine_clock):
        return False
    from store.practice.seed import make

    make(store.engine, store.machine_clock, erase=True)
    return True


def _without_crowd(store: Store, crowd: Crowd | None) -> Store:
    """Return a store that was there; a crowd comes into a new one only, so that the same seed gives the same store."""
    if crowd is None:
        return store
    store.close()
    raise Refused(
        "Övningsmiljön finns redan. Lägg till --nollstall, så görs den om från början med momenten.", field="stor"
    )


def make_practice(
    url: str | Path, *, clock: Callable[[], Instant] = wall_clock, cast_file: Path | None = None
) -> Store:
    """Make a practice store and open it. The same day gives the same store.

    Args:
        url: a path that is free, or the address of an empty database.
        clock: the store's clock.
        cast_file: another cast than `data/practice/cast.toml`.

    Raises:
        StoreExists, NotPractice: there is a store already.
        Refused: something else is there, or the cast or a program has a fault.
        StoreUnreachable: the database does not answer.
    """
    return _made(url, clock, cast_file, erase=False)


def make_scenario(
    url: str | Path,
    scenario: str,
    *,
    own: Path | None = None,
    clock: Callable[[], Instant] = wall_clock,
    show: Show = unseen,
) -> Store:
    """Make the practice store anew with a scenario, or as it was saved, and open it; till then the old one stays.

    Args:
        url: a path or an address; on a server, of an empty database or a practice store.
        scenario: the name of a shipped one, or of a file in `own`, or the path of a file: a scenario (`.toml`), or a
            state that was saved.
        own: the folder of scenarios of the user's.
        clock: the store's clock.
        show: shows what takes long.

    Raises:
        NotPractice: the store is a real one; it is left alone.
        Refused: there is no such scenario, or it has a fault; something else is there.
        StoreUnreachable: the database does not answer, or is full or read-only.
    """
    from store.practice.saved import load_state
    from store.practice.scenarios import scenario_file

    file = scenario_file(scenario, own)
    with show("Gör övningsmiljön"):
        if file.suffix.lower() == ".toml":
            return _made(url, clock, None, erase=True, scenario=file)
        engine = engine_for(url)
        load_state(engine, file, clock)
        return Store(engine, "practice", MovedClock(clock))


def cast_of(store: Store) -> tuple[CastMember, ...]:
    """Return whom one can sign in as, in the order of the cast's file; a trainee of a course sees the own place's.

    Raises:
        NotPractice: in a real store nobody signs in by choice.
    """
    _require_practice(store)
    with store.lend() as db:
        rows = db.all(
            _CastRow,
            "SELECT s.id AS staff_id, s.hsa_id, s.given_name || ' ' || s.family_name AS name,"
            " u.hsa_id AS unit_hsa_id, u.name AS unit_name, r.role, s.protection <> '' AS protected FROM staff s"
            " JOIN assignment a ON a.staff_id = s.id AND a.active = 1 JOIN unit u ON u.id = a.unit_id"
            " LEFT JOIN assignmentrole r ON r.staff_id = s.id AND r.unit_id = u.id"
            " UNION ALL"
            " SELECT s.id, s.hsa_id, s.given_name || ' ' || s.family_name, NULL, c.name, :provider_admin,"
            " s.protection <> '' FROM staff s"
            " JOIN provideradmin p ON p.staff_id = s.id JOIN careprovider c ON c.id = p.provider_id",
            provider_admin=Role.PROVIDER_ADMIN.value,
        )
        seat = seat_of(db, store.access_log.trainee)
        own = set() if seat is None else set(own_names(db, seat.id).values())
    roles: dict[tuple[int, str, CastMember], set[Role | None]] = {}
    for row in rows:
        member = CastMember(row.hsa_id, row.name, row.unit_hsa_id, row.unit_name, (), bool(row.protected))
        if not own or row.unit_hsa_id in own:
            roles.setdefault((row.staff_id, row.unit_hsa_id or "", member), set()).add(row.role)
    return tuple(
        member._replace(roles=tuple(role for role in Role if role in held))
        for (_, _, member), held in sorted(roles.items(), key=lambda item: item[0][:2])
    )


class _CastRow(NamedTuple):
    staff_id: int
    hsa_id: str
    name: str
    unit_hsa_id: str | None
    unit_name: str
    role: Role | None
    protected: bool


def act_as_resident(store: Store, personnummer: str) -> Actor:
    """Return the actor at the resident's side: a child's first ombud where there is one, else the resident.

    Raises:
        NotPractice: the resident's side is played in a practice environment only (domain.md §9).
        NotPermitted: nobody in the register has the number.
        Refused: it is no personnummer.
    """
    from store.people.residents import as_resident, person

    _require_practice(store)
    today = local_day(store.clock())
    number = PersonalNumber.parse(personnummer, today)
    with store.lend() as db:
        known = db.value("SELECT id FROM resident WHERE personnummer = :number", number=number.value)
        someone = None if known is None else person(db, known)
        if someone is not None:
            return as_resident(db, someone, today)
    refusal = NotPermitted()
    store.note_refusal("act_as_resident", refusal, number=personnummer)
    raise refusal


def play_resident(store: Store, personnummer: str) -> Actor:
    """Return the actor at the resident's side, as `act_as_resident` does, but say of a number that it is nobody's.

    Raises:
        NotPractice: the resident's side is played in a practice environment only.
        Refused: it is no personnummer, not a fictional one, or nobody's.
    """
    from store.people.residents import check_fictional

    try:
        return act_as_resident(store, personnummer)
    except NotPermitted:
        check_fictional(PersonalNumber.parse(personnummer, local_day(store.clock())))
        sentence = f"Ingen invånare i övningsmiljön har personnumret {personnummer}. Kontrollera det."
        raise Refused(sentence, field="invanare") from None


def _opened(url: str | Path, clock: Callable[[], Instant], show: Show, *, confirmed: bool = False) -> Store:
    try:
        store = open_store(url, clock=clock, show=show, confirmed=confirmed)
    except FenceBroken:  # only a real one has a fence
        raise NotPractice from None
    try:
        _require_practice(store)
    except NotPractice:
        store.close()
        raise
    return store


def _made(
    url: str | Path,
    clock: Callable[[], Instant],
    cast_file: Path | None,
    *,
    erase: bool,
    crowd: Crowd | None = None,
    scenario: Path | None = None,
    show: Show = unseen,
) -> Store:
    from store.practice.seed import make

    engine = engine_for(url)
    with show("Gör övningsmiljön") if crowd else unseen("") as progress:
        make(engine, clock, cast_file=cast_file, erase=erase, crowd=crowd, scenario=scenario, progress=progress)
    return Store(engine, "practice", MovedClock(clock))


def _require_practice(store: Store) -> None:
    if not store.is_practice:
        raise NotPractice
