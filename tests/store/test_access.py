"""The access table, walked: every operation, every role, own and other unit; and what each must leave behind."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, cast

import pytest

from store.care.endings import end_moment
from store.care.moments import MomentSubject, moment_subject
from store.foundation.access import OPERATOR, Action, Actor, Role, Standing
from store.foundation.errors import InvariantBroken, NotPermitted
from store.foundation.operation import OPERATIONS, Operation, operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.sign_in import StaffActor
from store.views.timeline import Span, open_timeline
from tests.clinics import ADULT, CHILD, Clinic
from tests.conftest import Stores
from tests.store.access_table import OneTransaction, taken_back
from tests.store.operations import (
    CAST,
    EXAMPLES,
    FUNCTIONS,
    Somebody,
    World,
    call,
    prepare,
    raise_priority,
    stand_in,
    writes,
)


@pytest.fixture
def world(begun: Clinic) -> World:
    """A moment here and one there."""
    (here,), (there,) = begun.rows("SELECT id FROM moment ORDER BY id")
    return World(begun, here, there)


@pytest.fixture
def shared(database: str, stores: Stores) -> World:
    """The same, for tests that undo all they do: it is made once in a process."""
    clinic = stores.shared(database, "begun")
    (here,), (there,) = clinic.rows("SELECT id FROM moment ORDER BY id")
    return World(clinic, here, there)


class Undo(Exception):
    """Ends a transaction without a trace."""


@contextmanager
def undone(world: World, name: str, actor: Actor) -> Iterator[ReadTransaction]:
    """Open the transaction that the operation asks for; what it writes is undone."""
    if not writes(name):
        with world.clinic.store.read(actor) as work:
            yield work
        return
    with suppress(Undo), world.clinic.store.work(actor) as work:
        yield work
        raise Undo


@contextmanager
def in_one_transaction(world: World) -> Iterator[tuple[World, Work]]:
    """Lend the world in one transaction, in which whoever acts there acts; all of it is undone."""
    clinic = world.clinic
    with suppress(Undo), clinic.store.work(OPERATOR) as work:
        store = cast(Store, OneTransaction(work, clinic.clock))
        yield replace(world, clinic=replace(clinic, store=store)), work
        raise Undo


@contextmanager
def acting(work: Work, actor: Actor) -> Iterator[None]:
    """Let somebody act in the transaction, as in one of its own; what is done is undone."""
    work.actor = actor
    work.see_who_acts()
    with taken_back(work):
        yield


def is_allowed(name: str, somebody: Somebody) -> bool:
    declared = OPERATIONS[name]
    concerned = declared.on is not None or EXAMPLES[name].concerns
    return bool(declared.may & (somebody.concerned if concerned else somebody.general))


def test_every_operation_has_an_example() -> None:
    """Add one to EXAMPLES for an operation of yours: all that follows then looks at it too."""
    assert sorted(FUNCTIONS) == sorted(EXAMPLES)


def test_the_cast_stands_in_every_relation_that_the_table_knows() -> None:
    assert frozenset().union(*(somebody.concerned | somebody.general for somebody in CAST)) == {
        *Role,
        *(set(Standing) - {Standing.PROXY}),  # see test_an_ombud_acts_for_a_child
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_who_may_do_it_and_who_may_not(shared: World, name: str) -> None:
    with in_one_transaction(shared) as (world, work):
        prepare(world, EXAMPLES[name])
        for somebody in sorted(CAST, key=lambda one: (one.stands_in, one.watches)):
            if somebody.watches:
                raise_priority(world)
            if somebody.stands_in:
                stand_in(world)
            may = True
            with acting(work, somebody.actor(world.clinic)):
                try:
                    call(world, name, work)
                except NotPermitted:
                    may = False
            assert may == is_allowed(name, somebody), f"{name} by {somebody.name}"


@pytest.mark.parametrize("database", ["sqlite"])  # decided before the operation says anything to either
@pytest.mark.parametrize("name", EXAMPLES)
def test_permission_is_asked_before_any_rule(shared: World, name: str) -> None:
    """Whoever may not learns nothing of what is wrong with the moment or the values."""
    with in_one_transaction(shared) as (world, work):
        clinic = world.clinic
        with clinic.store.work(clinic.clinician):
            end_moment(work, world.moment, "Klart")
        arguments = EXAMPLES[name].arguments(world, clinic.clinician)
        subject, rest = (arguments[:1], arguments[1:]) if OPERATIONS[name].on else ((), arguments)
        for somebody in CAST:
            if not OPERATIONS[name].may & (somebody.concerned | somebody.general):
                with acting(work, somebody.actor(clinic)), pytest.raises(NotPermitted):
                    FUNCTIONS[name](work, *subject, *("nonsense" for _ in rest))


def of_a_moment() -> list[str]:
    return [name for name, declared in OPERATIONS.items() if declared.on is moment_subject]


@pytest.mark.parametrize("name", of_a_moment())
def test_an_unknown_moment_and_another_units_are_the_same_to_the_one_who_asks(shared: World, name: str) -> None:
    said = set()
    for actor in (shared.clinic.clinician, shared.clinic.admin, shared.clinic.resident()):
        rest = ["nonsense" for _ in EXAMPLES[name].arguments(shared, actor)[1:]]
        with undone(shared, name, actor) as work:
            for moment in (shared.elsewhere, 4711, 0, -1, 2**63, 10**30, None, "1", 1.0):
                with pytest.raises(NotPermitted) as error:
                    FUNCTIONS[name](work, moment, *rest)
                said.add((error.value.message, error.value.field))
    assert said == {(NotPermitted.SENTENCE, None)}


def somebody_who_may(name: str) -> Somebody:
    """Return a staff member where one may: a log row then names the unit."""
    allowed = [somebody for somebody in CAST if is_allowed(name, somebody)]
    return min(allowed, key=lambda somebody: " here" not in somebody.name and somebody.name != "responsible")


def count(world: World, table: str) -> int:
    return int(world.clinic.value(f"SELECT count(*) FROM {table}"))


TOLD = {
    "accept_handover": ["Överlämning mottagen, ny behandlare: Kim T1colleague"],
    "add_flag": ["Flagga (varning): egen"],
    "answer_form": ["Besvarat: Mående", "Flagga (prioriterad): Svar ”B” på fråga 3 i Mående (1 av 3) – Fråga 3"],
    "change_plan": ["Aktivitetsplan ändrad: Mer rörelse"],
    "confirm_journal": ["Journalunderlag infört i journalen: 2026-03-02–2026-03-02"],
    "note_contact": ["Kontakt, telefon, 12 min: Pratade om sömnen."],
    "decline_handover": ["Flagga (varning): Enhet Ett tar inte emot momentet: Fullt", "Överlämning avvisad: Fullt"],
    "change_own_safety_plan": [
        "Flagga (upplysning): Invånaren har ändrat säkerhetsplanen",
        "Säkerhetsplanen ändrades (version 1)",
    ],
    "change_safety_plan": ["Säkerhetsplanen ändrades (version 1)"],
    "end_moment": ["Meddelande skickat", "Momentet avslutades: Klart"],
    "end_plan": ["Aktivitetsplan avslutad: Rörelse"],
    "follow_up_plan": ["Aktivitetsplan uppföljd: Rörelse"],
    "handle_flag": ["Flagga hanterad (varning)"],
    "take_flag": ["Tar flaggan"],
    "hide_module": ["Dolt för invånaren: Börja här"],
    "maintain_moment": ["Momentet sattes i vidmakthållande läge"],
    "make_plan": ["Aktivitetsplan gjord: Rörelse"],
    "mark_activity": ["Promenad 2026-03-02: utförd"],
    "mark_answer_read": ["Läst av behandlare: Mående"],
    "mark_answer_unread": ["Oläst igen: Mående"],
    "mark_conversation_read": ["Meddelande läst av behandlare"],
    "mark_conversation_unread": ["Meddelande oläst igen"],
    "offer_handover": ["Överlämning erbjuden: Enhet Två"],
    "open_module": ["Modul öppnad: Mer"],
    "read_step": ["Steg läst: Hej"],
    "request_form": ["Mätning begärd: Dagbok"],
    "resume_moment": ["Momentet återupptogs"],
    "send_message": ["Meddelande skickat"],
    "undo_act": ["Ny ansvarig behandlare: Kim T1colleague", "Ångrat: byte av behandlare"],
    "set_aside": ["Ärende uppskjutet till 2026-03-20"],
    "show_module": ["Visas igen för invånaren: Börja här"],
    "start_moment": ["Momentet startade"],
    "switch_clinician": ["Meddelande skickat", "Ny ansvarig behandlare: Kim T1colleague"],
    "withdraw_handover": ["Överlämning återkallad"],
    "write_message": ["Meddelande skickat"],
}
"""What the timeline says of each operation that must leave an event."""


def told_of(world: World) -> Counter[str]:
    """Return what the timelines of all moments say."""
    told = Counter[str]()
    for moment, unit in world.clinic.rows("SELECT id, unit_id FROM moment"):
        actor = world.clinic.admin if unit == world.clinic.here else world.clinic.strange_admin
        with world.clinic.store.read(actor) as work:
            told.update(row.text for row in open_timeline(work, moment, Span(), 100).rows)
    return told


def test_what_must_leave_an_event_is_told_of() -> None:
    assert TOLD.keys() == {name for name, declared in OPERATIONS.items() if declared.event}


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_leaves_its_log_row_and_its_event(world: World, name: str) -> None:
    clinic, example, declared = world.clinic, EXAMPLES[name], OPERATIONS[name]
    prepare(world, example)
    actor = somebody_who_may(name).actor(clinic)
    told = told_of(world) if declared.event else Counter[str]()
    logged, events, changes = count(world, "log"), count(world, "event"), clinic.store.change_no(clinic.here)
    with clinic.store.work(actor) if writes(name) else clinic.store.read(actor) as work:
        call(world, name, work)
    rows = clinic.log(
        "SELECT action, personnummer, resident_name, actor_name, actor_hsa_id, unit_id FROM log ORDER BY id"
    )[logged:]
    is_opening = declared.is_refresh and declared.on is not None  # without one it is logged itself
    action = declared.action or example.logs or (Action.READ if is_opening else None)
    if action is None:
        assert rows == []
    else:
        of_it = [row for row in rows if row[0] == action]
        assert [row[3:5] for row in of_it] == [(actor.name, actor.hsa_id)] * len(of_it)
        assert len({row[5] for row in of_it}) == (2 if name == "accept_handover" else 1)  # both units' logs say so
        if isinstance(actor, StaffActor):
            added = clinic.value("SELECT max(id) FROM unit")  # these are by one who stands above the units
            meant = {"open_program": clinic.there, "close_program": clinic.here, "add_unit": added}
            meant["name_unit"] = clinic.here
            assert of_it[0][5] == meant.get(name, actor.unit_id)
        if example.number or action is Action.READ:
            units = 2 if name == "accept_handover" else 1
            assert [row[1:3] for row in of_it] == [(ADULT, "Berg, Åsa")] * units
    assert not declared.event or sorted((told_of(world) - told).elements()) == TOLD[name]
    if not declared.writes and name not in {"correct_resident", "set_matter_aside", "switch_all"}:
        assert count(world, "event") == events
        assert clinic.store.change_no(clinic.here) == changes
    elif actor.unit_id == clinic.here:
        assert clinic.store.change_no(clinic.here) == changes + 1


def test_what_says_nothing_of_a_log_row_is_a_refresh_or_has_its_reason() -> None:
    silent = {name for name, declared in OPERATIONS.items() if declared.action is None}
    assert silent == {
        "answer_page",
        "begin_sign_in",  # what comes of it is logged
        "see_invitation",  # so it is
        "unlock_session",  # says so in the log itself; the unit sees nothing of it
        "add_time",  # nobody else's business
        "begin_day",
        "count_since",  # serves nobody
        "count_todo",  # serves nobody
        "count_export",  # serves nobody
        "list_exports",  # tells of nobody in them
        "exportable_programs",  # concerns no resident
        "count_month",  # tells of nobody
        "keep_month",  # of months, in which nobody is
        "see_statistics",  # so it is
        "counted_programs",  # concerns no resident
        "check_pseudonyms",  # concerns no resident
        "purgeable",  # serves nobody
        "purgeable_residents",  # nor does it
        "purge_list",  # each whom it hands out has a row
        "purge_facts",  # concerns no resident
        "purge_under_way",  # nor does it, by name
        "purge_certificate",  # nor does it
        "empty_results",  # nor does it
        "read_export",  # whose moments they are is logged by `export_moments`, before they are in a file
        "claim_notice",  # logs whose address it is
        "conversation_page",
        "correct_resident",  # its inner operation does
        "end_day",
        "flags_page",
        "refresh_glance",
        "form_risks",  # concerns no resident
        "last_day",
        "expire_log",  # says so where something went
        "may_verify_log",  # what is told of it names nobody
        "due_releases",  # serves nobody
        "note_release",  # writes down what went by itself
        "undoable",  # names what one did oneself
        "overview_again",
        "own_programs",
        "residents_activities",
        "residents_form",
        "residents_messages",
        "residents_page",
        "residents_safety_plan",
        "residents_scores",
        "residents_step",
        "raise_batch",  # the day's rules
        "receiving_units",
        "release_claims",  # a row for each flag that is given up
        "see_moment",  # tells nothing
        "set_matter_aside",  # its inner operation does
        "switch_all",  # its inner operation does
        "time_again",
        "urgent_moments_of",  # each whom it hands out has a row
        "todo_again",
        "log_reviews",  # serves nobody
        "role_analyses",  # concerns no resident
        "review_again",
        "duty_people",  # concerns no resident
        "unit_duties",  # concerns no resident
        "diaries_of",
        "discard_draft",
        "handovers_again",
        "held_notices",
        "may_check",  # tells nothing of anybody
        "list_headings",
        "list_offset",
        "list_page",
        "list_page_at",
        "list_place",
        "list_recent",  # each whom it hands out has a row
        "look_up_resident",  # logs an exact hit
        "messages_page",
        "moments_left_by",
        "my_profile",
        "my_stand_ins",
        "see_lost_stand_ins",  # concerns no resident
        "end_lost_substitutes",  # a row for each moment and person
        "forget_expired_access",  # the rows of signing in stay
        "notice_postponed",
        "notice_released",
        "open_programs",
        "plans_page",
        "permissions",
        "personnel",
        "program_catalog",
        "provided",
        "provider_settings",
        "refresh_graph",
        "safety_plan_page",
        "refresh_moment",
        "requestable_forms",
        "save_draft",  # logs the first time
        "search_again",
        "staff_history",
        "staff_line",
        "staff_offset",
        "staff_page",
        "staff_page_at",
        "support_of",
        "templates",
        "timeline_page",
        "unit_clinicians",
        "unusable_addresses",
        "unit_notices",
        "unit_region",
        "week_of_plans",
        "unit_settings",
        "waiting_notices",
        "where_it_went",
    }


def test_an_ombud_acts_for_a_child(clinic: Clinic) -> None:
    moment = clinic.start(CHILD, "prov")
    ombud = clinic.resident(CHILD)
    assert (ombud.is_proxy, ombud.name, ombud.kind) == (True, "Ulla Berg", "ombud")
    for name in of_a_moment():
        if Standing.PROXY in OPERATIONS[name].may:
            world = World(clinic, moment, 0)
            prepare(world, EXAMPLES[name])
            with undone(world, name, ombud) as work:
                call(world, name, work)


def test_an_ombud_for_a_child_has_nothing_to_do_with_another(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with pytest.raises(NotPermitted), clinic.store.work(clinic.resident(CHILD)) as work:
        FUNCTIONS["read_step"](work, moment, "hej")


def test_the_table_can_be_shown() -> None:
    texts = [declared.text for declared in OPERATIONS.values()]
    assert len(set(texts)) == len(texts)
    assert all(text[0].isupper() and not text.endswith(".") for text in texts)
    assert all(declared.may for declared in OPERATIONS.values())


@pytest.fixture
def declare() -> Iterator[Callable[..., Callable[..., Any]]]:
    """Declares operations of the test's own, which are gone afterwards."""
    before = set(OPERATIONS)
    yield operation
    for name in set(OPERATIONS) - before:
        del OPERATIONS[name]


def test_an_operation_that_forgets_its_event_fails(
    clinic: Clinic, declare: Callable[..., Callable[[Callable[..., None]], Callable[..., None]]]
) -> None:
    @declare("Glömma", may={Standing.RESPONSIBLE}, action=Action.CHANGED, event=True, on=moment_subject)
    def forget(_work: Work, _moment: MomentSubject) -> None:
        pass

    moment = clinic.start()
    with pytest.raises(InvariantBroken, match="forget left no event"), clinic.store.work(clinic.clinician) as work:
        forget(work, moment)


def test_an_operation_that_forgets_its_log_row_gets_one_or_fails(
    clinic: Clinic, declare: Callable[..., Callable[[Callable[..., None]], Callable[..., None]]]
) -> None:
    @declare("Läsa", may={Role.CLINICIAN}, action=Action.READ, on=moment_subject)
    def look(_work: ReadTransaction, _moment: MomentSubject) -> None:
        pass

    @declare("Läsa alla", may={Role.CLINICIAN}, action=Action.READ)
    def look_at_all(_work: ReadTransaction) -> None:
        pass

    moment = clinic.start()
    with clinic.store.read(clinic.clinician) as work:
        look(work, moment)
    assert clinic.log("SELECT operation, personnummer FROM log WHERE action = 'läste'") == [("look", ADULT)]
    with pytest.raises(InvariantBroken, match="look_at_all"), clinic.store.read(clinic.clinician) as work:
        look_at_all(work)


def test_what_is_not_declared_is_refused_to_all(
    clinic: Clinic, declare: Callable[..., Callable[[Callable[..., None]], Callable[..., None]]]
) -> None:
    @declare("Ingen", may=(), action=None)
    def nobody(work: ReadTransaction) -> None:
        pytest.fail(f"let in {work.actor}")

    for somebody in CAST:
        with clinic.store.read(somebody.actor(clinic)) as work, pytest.raises(NotPermitted):
            nobody(work)


def test_a_declaration_knows_whether_others_should_see_it() -> None:
    def declared(action: Action | None) -> Operation:
        return Operation("x", "X", frozenset(), action, event=False, on=None)

    assert {action for action in (None, *Action) if declared(action).writes} == {
        Action.CHANGED,
        Action.SENT,
        Action.IMPORTED,
        Action.PURGED,
    }
