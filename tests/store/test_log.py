"""The access log: what a row says, who has one, and that none can be written over (domain.md §8)."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass, replace
from typing import Any

import pytest

from store.care.flags import add_flag, handle_flag
from store.care.look_up import look_up_resident
from store.care.register import Correction, correct_resident
from store.care.starting import start_moment
from store.care.switching import switch_clinician
from store.foundation.access import (
    OPERATOR,
    Actor,
    DataCategory,
    Ground,
    Origin,
    Role,
    Standing,
    capacity,
)
from store.foundation.errors import DomainError, NeedsConfirmation, NotPermitted, Refused, StoreUnreachable
from store.foundation.log_reading import log_rows, of_number
from store.foundation.operation import OPERATIONS, check
from store.foundation.sqlite_engine import SqliteEngine
from store.people.sign_in import sign_in
from store.views.conversations import filled_templates
from store.views.form_pages import view_answer
from store.views.lists import Tab, list_headings, list_page, open_list
from store.views.message_search import search_messages
from store.views.moment import open_moment, refresh_moment
from store.views.search import search_again, search_list
from store.views.timeline import Span, open_timeline, timeline_page
from store.views.todo import count_todo, open_todo, todo_again
from tests.clinics import ADULT, CHILD, ELSEWHERE, GUARDIAN, HERE, HIDDEN, PREFIX, UNKNOWN, Clinic, Clock, hsa_id_of
from tests.conftest import Stores
from tests.forms import given
from tests.store.operations import CAST, EXAMPLES, World, call, prepare, writes
from tests.store.test_access import is_allowed, somebody_who_may

NAMES = {
    "Berg, Åsa": ADULT,
    "Berg, Ivar": CHILD,
    "Öst, Per": ELSEWHERE,
    "Dold, Dan": HIDDEN,
    "0701740605": ADULT,
    "Ulla Berg": GUARDIAN,
}
"""What tells that a resident is handed out, beside the number."""


@pytest.fixture
def world(begun: Clinic) -> World:
    """A moment here and one there."""
    (here,), (there,) = begun.rows("SELECT id FROM moment ORDER BY id")
    return World(begun, here, there)


@pytest.fixture
def crowded(database: str, stores: Stores, clock: Clock) -> Iterator[World]:
    """The same, with more residents in lists and queues than the one of the examples."""
    with stores.clinic(database, "crowded", clock) as clinic:
        here, there, *_ = (moment for (moment,) in clinic.rows("SELECT id FROM moment ORDER BY id"))
        yield World(clinic, here, there)


def newest(clinic: Clinic, columns: str, number: int = 1) -> list[tuple[Any, ...]]:
    """Return the newest rows of the log, the oldest of them first."""
    return clinic.log(f"SELECT {columns} FROM log ORDER BY id DESC LIMIT {number}")[::-1]


def texts_in(value: object) -> Iterator[str]:
    """Yield all text that stands somewhere in what an operation returned."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        yield from texts_in(list(vars(value).values()) if hasattr(value, "__dict__") else list(asdict(value).values()))
    elif isinstance(value, dict):
        yield from texts_in([*value, *value.values()])
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from texts_in(one)


def residents_in(value: object) -> set[str]:
    """Return the numbers of all residents who can be told from what an operation returned."""
    text = "\n".join(texts_in(value))
    named = {number for name, number in NAMES.items() if name in text}
    return named | {number for number in (ADULT, CHILD, GUARDIAN, ELSEWHERE, HIDDEN) if number in text}


@pytest.mark.parametrize("name", EXAMPLES)
def test_everyone_who_is_served_has_a_row(crowded: World, name: str) -> None:
    """Each resident who stands in what an operation returns, and whom it is done to, is in the log when it is out."""
    world, clinic = crowded, crowded.clinic
    prepare(world, EXAMPLES[name])
    actor = somebody_who_may(name).actor(clinic)
    before = clinic.value("SELECT count(*) FROM log")
    with clinic.store.work(actor) if writes(name) else clinic.store.read(actor) as work:
        served = residents_in(call(world, name, work))
    declared = OPERATIONS[name]
    if declared.on is not None and (declared.action is not None or declared.is_refresh):
        served.add(ADULT)
    rows = clinic.log("SELECT personnummer, outcome, session, origin, category FROM log ORDER BY id")[before:]
    assert served <= {number for number, *_ in rows}
    assert {outcome for _, outcome, *_ in rows} <= {"gjort"}
    assert {session for _, _, session, *_ in rows} <= {actor.session or clinic.store.access_log.session}
    assert all(origin for *_, origin, _ in rows)
    assert all(category in set(DataCategory) for number, *_, category in rows if number)


def test_the_walk_sees_who_is_served(crowded: World) -> None:
    with crowded.clinic.store.read(crowded.clinic.admin) as work:
        assert residents_in(list_page(work, Tab.ALL, "prov", "pagaende")) == {ADULT, CHILD, HIDDEN}
        assert residents_in(look_up_resident(work, ELSEWHERE)) == {ELSEWHERE}


def test_every_operation_on_a_resident_says_which_data() -> None:
    silent = {name for name, declared in OPERATIONS.items() if declared.on is not None and declared.category is None}
    # What there is to choose from; and whether a moment may be seen, of which nothing is told.
    assert silent == {"receiving_units", "requestable_forms", "see_moment"}
    assert {declared.category for declared in OPERATIONS.values()} == {None, *DataCategory}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_refusal_has_a_row(world: World, name: str) -> None:
    """The statuses' refusals are looked at where they are walked, in `access_table`."""
    clinic = world.clinic
    prepare(world, EXAMPLES[name])
    refused = [one for one in CAST if not is_allowed(name, one) and not (one.watches or one.stands_in)][:4]
    for somebody in refused:
        actor = somebody.actor(clinic)
        before = clinic.rows("SELECT id FROM log WHERE outcome = 'gjort'")
        with pytest.raises(NotPermitted):
            attempt(world, name, actor)
        columns = "operation, actor_kind, actor_hsa_id, outcome, reason, unit_id, session"
        ((*row, unit_id, session),) = newest(clinic, columns)
        assert row == [name, actor.kind, actor.hsa_id, "nekat", "behörighet"]
        assert actor.unit_id in (None, unit_id)
        assert session == actor.session or not actor.session
        assert clinic.rows("SELECT id FROM log WHERE outcome = 'gjort'") == before
    assert clinic.value("SELECT count(*) FROM log WHERE outcome = 'nekat'") == len(refused)


def attempt(world: World, name: str, actor: Actor) -> None:
    store = world.clinic.store
    with store.work(actor) if writes(name) else store.read(actor) as work:
        call(world, name, work)


# --- once a visit ---


def pages(clinic: Clinic, actor: Actor, *, opened: bool) -> list[tuple[Any, ...]]:
    """Read a list, opened or again; returns the rows that it leaves."""
    before = clinic.value("SELECT count(*) FROM log")
    with clinic.store.read(actor) as work:
        headings = (open_list if opened else list_headings)(work, Tab.ALL)
    for heading in headings:
        with clinic.store.read(actor) as work:
            list_page(work, Tab.ALL, heading.program, heading.status)
    return clinic.log("SELECT action, operation, personnummer, moment_id FROM log ORDER BY id")[before:]


def test_a_list_is_logged_once_an_opening(clinic: Clinic) -> None:
    one, other, second = clinic.start(program="prov"), clinic.start(CHILD, "prov"), clinic.start()
    assert pages(clinic, clinic.admin, opened=True) == [
        ("listade", "open_list", None, None),
        ("listade", "list_page", ADULT, second),
        ("listade", "list_page", CHILD, other),
    ]
    assert pages(clinic, clinic.admin, opened=False) == []
    third = clinic.start(ELSEWHERE, "prov")
    assert pages(clinic, clinic.admin, opened=False) == [("listade", "list_page", ELSEWHERE, third)]
    assert len(pages(clinic, clinic.admin, opened=True)) == 4
    assert one


def test_who_has_signed_in_anew_is_served_anew(clinic: Clinic) -> None:
    clinic.start()
    again = sign_in(clinic.store, hsa_id_of(Role.RESIDENT_ADMIN))
    assert len(pages(clinic, clinic.admin, opened=True)) == 2
    assert len(pages(clinic, again, opened=False)) == 1
    sessions = clinic.rows("SELECT DISTINCT session FROM log WHERE operation = 'list_page'")
    assert {session for (session,) in sessions} == {clinic.admin.session, again.session}


def test_one_resident_with_two_moments_has_one_row(clinic: Clinic) -> None:
    first, second = clinic.start(program="prov"), clinic.start()
    with clinic.store.read(clinic.admin) as work:
        search_list(work, Tab.ALL, "berg")
    rows = clinic.log(
        "SELECT personnummer, details FROM log WHERE operation = 'search_list' AND moment_id = :m", m=second
    )
    assert rows == [(ADULT, f"även moment {first}")]
    with clinic.store.read(clinic.admin) as work:
        search_again(work, Tab.ALL, "berg")
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'search_again'") == 0


def test_a_failed_reading_serves_nobody(clinic: Clinic) -> None:
    """What was not handed out is logged when it is."""
    moment = clinic.start()
    clinic.run("ALTER TABLE log RENAME TO elsewhere")
    with pytest.raises(Exception, match="log"):
        pages(clinic, clinic.admin, opened=True)
    clinic.run("ALTER TABLE elsewhere RENAME TO log")
    assert [row[3] for row in pages(clinic, clinic.admin, opened=False)] == [moment]


def test_a_page_that_was_opened_is_read_again_in_silence(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.read(clinic.clinician) as work:
        open_moment(work, moment)
    before = clinic.value("SELECT count(*) FROM log")
    with clinic.store.read(clinic.clinician) as work:
        refresh_moment(work, moment)
    assert clinic.value("SELECT count(*) FROM log") == before
    with clinic.store.read(clinic.clinician) as work:  # another tab's content, that nobody has opened
        timeline_page(work, moment, Span())
        open_timeline(work, moment, Span())
        timeline_page(work, moment, Span())
    assert newest(clinic, "operation, category", 2) == [("timeline_page", "tidslinje"), ("open_timeline", "tidslinje")]
    assert clinic.value("SELECT count(*) FROM log") == before + 2


def test_the_queue_counts_in_silence_and_serves_with_a_row(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.work(clinic.clinician) as work:
        flag = add_flag(work, moment, "Ring.")
    before = clinic.value("SELECT count(*) FROM log")
    with clinic.store.read(clinic.clinician) as work:
        assert count_todo(work).number == 1
    assert clinic.value("SELECT count(*) FROM log") == before
    with clinic.store.read(clinic.clinician) as work:
        todo_again(work)
        open_todo(work)
        todo_again(work)
    assert flag
    assert newest(clinic, "operation, personnummer, ground", 3) == [
        ("todo_again", ADULT, "eget moment"),
        ("open_todo", ADULT, "eget moment"),
        ("open_todo", None, "administration"),
    ]


def test_a_search_in_messages_and_the_templates_name_the_resident(world: World) -> None:
    prepare(world, replace(EXAMPLES["open_messages"], written=True))
    clinic = world.clinic
    with clinic.store.read(clinic.clinician) as work:
        search_messages(work, "hej")
        filled_templates(work, world.moment)
    assert newest(clinic, "operation, action, personnummer, moment_id, category", 3) == [
        ("search_messages", "listade", ADULT, world.moment, "meddelanden"),
        ("search_messages", "listade", None, None, "meddelanden"),
        ("filled_templates", "läste", ADULT, world.moment, "meddelanden"),
    ]


def test_who_may_be_ombud_has_a_row_where_a_start_names_one_and_where_a_page_shows_one(clinic: Clinic) -> None:
    child = clinic.start(CHILD, "prov")
    adult = clinic.start(ADULT, "prov")
    ombud = "SELECT operation, action, moment_id FROM log WHERE personnummer = :number ORDER BY id"
    assert clinic.log(ombud, number=GUARDIAN) == [("start_moment", "listade", child)]
    for moment in (child, adult):
        with clinic.store.read(clinic.clinician) as work:
            open_moment(work, moment)
        with clinic.store.read(clinic.clinician) as work:
            refresh_moment(work, moment)
    assert clinic.log(ombud, number=GUARDIAN)[1:] == [("open_moment", "listade", child)]
    assert clinic.log(ombud, number=CHILD)[1:] == [("open_moment", "läste", child)]
    with clinic.store.read(clinic.clinician) as work:
        open_moment(work, child)
    assert clinic.log(ombud, number=GUARDIAN)[2:] == [("open_moment", "listade", child)]


# --- what a row says ---

SAYS = "unit_hsa_id, provider_hsa_id, acted_as, ground, category, thing_kind, thing_id, origin, outcome, reason"


def test_a_row_says_all_that_it_must(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    answer = clinic.answer(moment, given(1, 1, 0))
    assert newest(clinic, SAYS) == [
        (
            HERE,
            f"{PREFIX}P",
            "invånaren",
            "eget moment",
            "formulär",
            "formulär",
            "maende",
            "invånarens sida",
            "gjort",
            "",
        )
    ]
    with clinic.store.read(clinic.clinician) as work:
        view_answer(work, moment, answer)
    own = ("ansvarig behandlare", "eget moment", "formulär", "svar", str(answer), "kommandoraden", "gjort", "")
    assert newest(clinic, SAYS) == [(HERE, f"{PREFIX}P", *own)]
    with clinic.store.read(clinic.admin) as work:
        open_moment(work, moment)
    admins = (
        "invånaradministratör",
        "administration",
        "uppgifter",
        "moment",
        str(moment),
        "kommandoraden",
        "gjort",
        "",
    )
    assert newest(clinic, SAYS) == [(HERE, f"{PREFIX}P", *admins)]


def test_a_flag_that_opens_the_moment_is_the_ground(world: World) -> None:
    clinic = world.clinic
    prepare(world, EXAMPLES["handle_flag"])
    clinic.run("UPDATE flag SET severity = 'prioriterad'")
    clinic.run("UPDATE moment SET priority_flags = 1, severity_rank = 0 WHERE id = :id", id=world.moment)
    with clinic.store.work(clinic.colleague) as work:
        handle_flag(work, world.flag, "Ringde.")
    columns = "acted_as, ground, category, thing_kind, thing_id"
    watching = "behandlare på enheten, vid ohanterad prioriterad flagga"
    assert newest(clinic, columns) == [(watching, "prioriterad flagga", "flaggor", "flagga", str(world.flag))]


def test_who_has_a_role_that_may_has_done_it_by_that_and_not_by_the_flag() -> None:
    watching = {Role.CLINICIAN, Standing.WATCHING}
    may = frozenset({Role.RESIDENT_ADMIN, Standing.RESPONSIBLE, Standing.WATCHING})
    for held, told in (
        (watching, (Standing.WATCHING.value, Ground.PRIORITY)),
        ({*watching, Role.RESIDENT_ADMIN}, (Role.RESIDENT_ADMIN.value, Ground.ADMINISTRATION)),
        ({*watching, Role.ACCESS_ADMIN}, (Standing.WATCHING.value, Ground.PRIORITY)),
        ({Role.CLINICIAN, Role.RESIDENT_ADMIN, Standing.RESPONSIBLE}, (Standing.RESPONSIBLE.value, Ground.OWN)),
        ({Role.ACCESS_ADMIN}, ("", None)),
    ):
        assert capacity(frozenset(held), may) == told
    both = frozenset({Role.RESIDENT_ADMIN, Role.CLINICIAN})
    assert capacity(both, both) == ("behandlare, invånaradministratör", Ground.ADMINISTRATION)
    assert capacity(both | {Standing.WATCHING}, both) == ("invånaradministratör", Ground.ADMINISTRATION)


def test_who_stands_above_the_units_has_a_provider(clinic: Clinic) -> None:
    with pytest.raises(NotPermitted), clinic.store.read(clinic.provider_admin) as work:
        open_moment(work, 1)
    above = ("", f"{PREFIX}P", "vårdgivaradministratör", "")
    assert newest(clinic, "unit_hsa_id, provider_hsa_id, acted_as, ground") == [above]


def test_the_app_is_another_origin(clinic: Clinic) -> None:
    moment = clinic.start()
    clinic.store.access_log.origin = Origin.TERMINAL
    with clinic.store.read(clinic.clinician) as work:
        open_moment(work, moment)
    assert newest(clinic, "origin") == [("terminalen",)]


def test_the_operator_is_named_in_the_log_alone(clinic: Clinic) -> None:
    clinic.start()
    with clinic.store.work(replace(OPERATOR, person="Kim Ek")) as work:
        correct_resident(work, ADULT, Correction(given_name="Asa"))
    assert newest(clinic, "actor_kind, actor_name, acted_as") == [("drift", "Kim Ek", "driften")]
    assert clinic.value("SELECT actor_name FROM event WHERE kind = 'invanare-rattad'") == "Driften"


# --- refusals ---

ASKED = "operation, personnummer, moment_id, thing_kind, thing_id, outcome, reason"


def refused(clinic: Clinic, act: Callable[[Any], object], actor: Actor, *, writes: bool = False) -> DomainError:
    with pytest.raises(DomainError) as error, clinic.store.work(actor) if writes else clinic.store.read(actor) as work:
        act(work)
    return error.value


def test_a_moment_that_is_nobodys_is_logged_as_typed(clinic: Clinic) -> None:
    refused(clinic, lambda work: open_moment(work, 4711), clinic.clinician)
    assert newest(clinic, ASKED) == [("open_moment", None, None, "moment", "4711", "nekat", "behörighet")]


def test_another_units_moment_is_logged_with_whose_it_is(clinic: Clinic) -> None:
    theirs = clinic.start(GUARDIAN, by=clinic.stranger, confirmed=True)
    refused(clinic, lambda work: open_moment(work, theirs), clinic.clinician)
    assert newest(clinic, ASKED) == [("open_moment", GUARDIAN, theirs, "moment", str(theirs), "nekat", "behörighet")]
    assert newest(clinic, "unit_id") == [(clinic.here,)]


def test_a_rule_that_says_no_is_logged_with_whom_it_was_about(clinic: Clinic) -> None:
    moment = clinic.start()
    refused(clinic, lambda work: switch_clinician(work, moment, "SE1-x"), clinic.clinician, writes=True)
    assert newest(clinic, ASKED) == [("switch_clinician", ADULT, moment, "moment", str(moment), "nekat", "regel")]
    error = refused(clinic, lambda work: start_moment(work, ADULT, "komigang-online"), clinic.clinician, writes=True)
    assert isinstance(error, NeedsConfirmation)
    assert newest(clinic, ASKED) == [("start_moment", ADULT, None, "program", "komigang-online", "nekat", "varning")]


def test_a_number_that_is_nobodys_is_logged_as_typed(clinic: Clinic) -> None:
    refused(clinic, lambda work: look_up_resident(work, "19800102-\x1b2387"), clinic.clinician)
    assert newest(clinic, ASKED) == [("look_up_resident", "19800102-2387", None, "", "", "nekat", "regel")]
    refused(clinic, lambda work: correct_resident(work, UNKNOWN, Correction(given_name="A")), clinic.admin, writes=True)
    assert newest(clinic, ASKED) == [("correct_resident", UNKNOWN, None, "", "", "nekat", "behörighet")]
    refused(clinic, lambda work: correct_resident(work, ADULT, Correction()), OPERATOR, writes=True)
    assert newest(clinic, ASKED) == [("correct_resident", ADULT, None, "", "", "nekat", "regel")]


def test_asking_beforehand_is_logged_as_trying(clinic: Clinic) -> None:
    refused(clinic, lambda work: check(open_moment, work, 4711), clinic.clinician)
    assert newest(clinic, ASKED) == [("open_moment", None, None, "moment", "4711", "nekat", "behörighet")]
    before = clinic.value("SELECT count(*) FROM log")
    moment = clinic.start()
    with clinic.store.read(clinic.clinician) as work:
        check(open_moment, work, moment)
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'open_moment'") == 1
    assert before


def test_who_cannot_sign_in_is_logged_as_typed(clinic: Clinic) -> None:
    with pytest.raises(NotPermitted):
        sign_in(clinic.store, f"{PREFIX}nobody")
    columns = "actor_kind, actor_hsa_id, operation, outcome, reason"
    assert newest(clinic, columns) == [("okänd", f"{PREFIX}nobody", "sign_in", "nekat", "behörighet")]


def test_who_may_act_no_more_is_logged(clinic: Clinic) -> None:
    who = clinic.clinician
    clinic.run("UPDATE assignment SET active = 0 WHERE staff_id = :staff", staff=who.staff_id)
    for enter in (clinic.store.read, clinic.store.work):
        with pytest.raises(NotPermitted), enter(who):
            pytest.fail("let in")
        assert newest(clinic, "actor_hsa_id, operation, outcome, reason") == [(who.hsa_id, "act", "nekat", "uppdrag")]
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'act'") == 2


def test_what_is_handed_on_to_another_operation_is_refused_once(clinic: Clinic) -> None:
    refused(clinic, lambda work: correct_resident(work, ADULT, Correction(email="@")), clinic.admin, writes=True)
    assert clinic.log("SELECT operation, personnummer FROM log WHERE outcome = 'nekat'") == [
        ("correct_resident", ADULT)
    ]


def test_a_refusal_is_told_also_where_it_cannot_be_logged(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_: object) -> None:
        raise StoreUnreachable

    monkeypatch.setattr(clinic.store, "_write_log", lose)
    assert isinstance(refused(clinic, _start_nothing, clinic.clinician, writes=True), Refused)


def test_what_is_lost_is_no_refusal(clinic: Clinic) -> None:
    def lose(_work: object) -> None:
        raise StoreUnreachable

    before = clinic.value("SELECT count(*) FROM log")
    refused(clinic, lose, clinic.clinician, writes=True)
    assert clinic.value("SELECT count(*) FROM log") == before


def _start_nothing(work: Any) -> None:
    start_moment(work, ADULT, "finns-inte")


# --- append-only ---


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT OR REPLACE INTO log ({columns}) SELECT {values} FROM log WHERE id = 1",
        "REPLACE INTO log ({columns}) SELECT {values} FROM log WHERE id = 1",
        "INSERT INTO log ({columns}) SELECT {values} FROM log WHERE id = 1 ON CONFLICT (id) DO UPDATE SET at = 0",
        "INSERT OR IGNORE INTO log ({columns}) SELECT {values} FROM log WHERE id = 1",
        "UPDATE OR REPLACE log SET id = 2 WHERE id = 1",
        "UPDATE log SET details = 'x'",
        "DELETE FROM log",
        "INSERT INTO log ({columns}) SELECT {nowhere} FROM log WHERE id = 1",
    ],
)
def test_a_foreign_program_cannot_write_over_a_row(clinic: Clinic, sql: str) -> None:
    if not isinstance(clinic.store.engine, SqliteEngine):
        return  # a server has no REPLACE; its own words are refused below
    clinic.start()
    columns = [name for (name,) in clinic.rows("SELECT name FROM pragma_table_info('log')")]
    before = clinic.rows("SELECT * FROM log ORDER BY id")
    others = [name if name != "details" else "'x'" for name in columns]
    nowhere = ", ".join("-1" if name == "id" else name for name in others)
    statement = sql.format(columns=", ".join(columns), values=", ".join(others), nowhere=nowhere)
    foreign = sqlite3.connect(clinic.store.engine.path)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            foreign.execute(statement)
        foreign.rollback()
    finally:
        foreign.close()
    assert clinic.rows("SELECT * FROM log ORDER BY id") == before
    clinic.start(CHILD)
    assert clinic.value("SELECT count(*) FROM log") > len(before)


def test_a_server_refuses_to_change_a_row_by_inserting(clinic: Clinic) -> None:
    if isinstance(clinic.store.engine, SqliteEngine):
        return  # see above
    clinic.start()
    columns = "id, at, wall_at, actor_kind, actor_name, action, operation, details"
    with pytest.raises(Exception, match="append-only"):
        clinic.run(
            f"INSERT INTO log ({columns}) SELECT {columns} FROM log WHERE id = 1"
            " ON CONFLICT (id) DO UPDATE SET details = 'x'"
        )


def test_without_keys_a_row_is_sealed_with_its_chains_own(clinic: Clinic) -> None:
    moment = clinic.start()
    sealed = clinic.rows("SELECT DISTINCT personnummer, resident_name, details FROM log WHERE sealed <> ''")
    assert sealed == [(None, None, "")]
    assert clinic.value("SELECT count(*) FROM log WHERE sealed = ''") == 0
    clinic.run(
        "INSERT INTO log (at, wall_at, actor_kind, actor_name, action, operation, personnummer, details)"
        " VALUES (0, 0, 'personal', 'Jag', 'läste', 'as_it_was', :number, '')",
        number=ADULT,
    )
    with clinic.store.lend() as db:
        found = log_rows(db, None, of_number(db, None, ADULT))
    assert [(row.operation, row.moment_id, row.personnummer) for row in found] == [
        ("start_moment", moment, ADULT),
        ("as_it_was", None, ADULT),
    ]
    clinic.run("UPDATE loghead SET own_key = :other", other="0" * 64)
    with clinic.store.lend() as db:
        assert log_rows(db, None, of_number(db, None, ADULT)) == found[1:]
        assert {row.is_unreadable for row in log_rows(db, None)} == {True, False}
