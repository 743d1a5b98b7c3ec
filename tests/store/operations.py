"""An example of every operation, everyone who may try it, and a world in which there is something to do."""

import importlib
import inspect
import json
import pkgutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import store as package
from store.care.activity_plans import NewActivity, NewPlan, PlanChange, make_plan
from store.care.contacts import ContactSort
from store.care.conversations import mark_conversation_read
from store.care.day_rules import RULES, Group, Stretch
from store.care.duties import DutyKind
from store.care.export_choice import Choice, Count, Identity, Life
from store.care.flags import add_flag
from store.care.form_answers import mark_answer_read
from store.care.installed_forms import InstalledForm, form_to_install
from store.care.log_draw import DrawKind, Period
from store.care.log_drawing import Draw, DrawChoice
from store.care.maintenance import maintain_moment
from store.care.messages import write_message
from store.care.modules import hide_module
from store.care.moments import load_moment
from store.care.month_counting import Month
from store.care.program_shape import FlagRules, program_to_json
from store.care.purge_stops import PurgeStop
from store.care.register import Correction
from store.care.resident_import import read_residents
from store.care.safety_plan_text import SafetyTexts
from store.care.substituting import set_substitute
from store.export.audit_events import Between
from store.foundation.access import OPERATOR, SYSTEM, Action, Actor, Role, Standing, Who
from store.foundation.checkpoint import Checkpoint
from store.foundation.clock import local_day
from store.foundation.errors import NotPermitted, Refused
from store.foundation.flag_kinds import Severity
from store.foundation.operation import OPERATIONS
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.channels import CHANNELS
from store.people.first_unit import First
from store.people.one_time_codes import code_hash
from store.people.sign_in import StaffActor
from store.people.signed_training import Passed, sign_training
from store.people.staff_import import read_staff
from store.people.staff_placing import read_placed
from store.people.trainer_key import make_trainer_key
from store.people.ways_in import PassphraseAlone, Visitor
from store.views.access_log import Wanted
from store.views.lists import Tab
from store.views.residents_page import Part
from tests.clinics import (
    ADULT,
    CHILD,
    COLLEAGUE,
    ELSEWHERE,
    GUARDIAN,
    HERE,
    MONDAY,
    SMALL,
    THERE,
    Clinic,
    hsa_id_of,
    staff,
)
from tests.forms import MAENDE, given
from tests.signing_in import KEPT, PASSPHRASE, give_account, open_one


def operations() -> dict[str, Callable[..., Any]]:
    """Return every operation that the packages hold, by name."""
    found = {}
    for module in pkgutil.walk_packages(package.__path__, "store."):
        if ".migrations" not in module.name:
            for name, value in vars(importlib.import_module(module.name)).items():
                if name in OPERATIONS and hasattr(value, "__wrapped__"):
                    found[name] = value
    return found


FUNCTIONS = operations()
DAY = date(2026, 3, 1)
TARGETED = DrawChoice(Period(2026, 3), DrawKind.TARGETED, person=ADULT, reason="Anmälan")
EXPORT = Choice("prov", Life.RUNNING, Identity.FULL, "Forskargruppen", "Utvärdering")


def writes(name: str) -> bool:
    """Whether the operation asks for a writing transaction."""
    return next(iter(inspect.signature(FUNCTIONS[name]).parameters.values())).annotation is Work


@dataclass(frozen=True)
class World:
    """A clinic in which the operations have something to do. The resident's moment is `prov`, on `here`."""

    clinic: Clinic
    moment: int
    elsewhere: int
    """Another resident's moment on the other unit."""

    @property
    def answer(self) -> int:
        """The resident's answer, 0 where there is none."""
        return int(self.clinic.value("SELECT coalesce(max(id), 0) FROM formanswer"))

    @property
    def plan(self) -> int:
        """The moment's activity plan, 0 where there is none."""
        return int(self.clinic.value("SELECT coalesce(max(id), 0) FROM activityplan"))

    @property
    def activity(self) -> int:
        """Its activity."""
        return int(self.clinic.value("SELECT coalesce(max(id), 0) FROM activity"))

    @property
    def flag(self) -> int:
        """The latest flag, 0 where there is none."""
        return int(self.clinic.value("SELECT coalesce(max(id), 0) FROM flag"))

    def matter_of(self, actor: Actor) -> str:
        """Return what waits for a clinician, or for one of the actor's unit."""
        flag = self.clinic.value(
            "SELECT min(f.id) FROM flag f JOIN moment m ON m.id = f.moment_id JOIN staff s ON s.id = m.responsible_id"
            " WHERE s.hsa_id = :who",
            who=self.clinician_of(actor) or actor.hsa_id,
        )
        return f"flagga-{flag}"

    @property
    def conversation(self) -> int:
        """The resident's conversation, 0 where there is none."""
        return int(self.clinic.value("SELECT coalesce(max(id), 0) FROM conversation"))

    @property
    def notice(self) -> int:
        """A notice to the resident."""
        return int(self.clinic.value("SELECT min(id) FROM notice WHERE moment_id = :moment", moment=self.moment))

    def template(self, actor: Actor, *, is_own: bool) -> int:
        """Return a template of the actor's, or of its unit; 0 where there is none."""
        sql = "SELECT coalesce(max(id), 0) FROM messagetemplate WHERE unit_id = :unit AND coalesce(staff_id, 0) = :who"
        staff = actor.staff_id if isinstance(actor, StaffActor) else -1
        return int(self.clinic.value(sql, unit=actor.unit_id or 0, who=staff if is_own else 0))

    def purge_of(self, actor: Actor) -> int:
        """Return a purge of the actor's unit, 0 where there is none."""
        sql = "SELECT coalesce(max(id), 0) FROM purge WHERE unit_id = :unit"
        return int(self.clinic.value(sql, unit=actor.unit_id or 0))

    def unit_of(self, actor: Actor) -> str:
        """Return the HSA-id of the actor's unit."""
        return THERE if actor.unit_id == self.clinic.there else HERE

    def clinician_of(self, actor: Actor) -> str | None:
        """Return a clinician on the actor's unit, None where the actor is one."""
        if isinstance(actor, StaffActor) and Role.CLINICIAN in actor.roles:
            return None
        return hsa_id_of(Role.CLINICIAN, HERE if actor.unit_id == self.clinic.here else THERE)


@dataclass(frozen=True)
class Example:
    """How an operation is called so that it succeeds for who may."""

    arguments: Callable[[World, Actor], tuple[Any, ...]]
    options: Callable[[World, Actor], dict[str, Any]] = lambda _world, _actor: {}
    before: Callable[[Work, int], Any] | None = None
    """What the responsible clinician has done with the moment."""
    concerns: bool = False
    """Whether it concerns the resident though the table names no subject."""
    number: str | None = ADULT
    """Whom the log row names."""
    answered: bool = False
    """Whether the resident has answered a form."""
    ready: Callable[[World], None] | None = None
    """What else must have been done."""
    written: bool = False
    """Whether the resident has written a message."""
    logs: Action | None = None
    """What it logs by itself, where the table says nothing of that."""


def on_moment(*rest: Any, before: Callable[[Work, int], Any] | None = None, **options: Any) -> Example:
    return Example(lambda world, _: (world.moment, *rest), lambda _world, _actor: options, before=before)


def given_by_all(work: Work, moment: int) -> None:
    """Let each of the staff have given the moment, once the colleague's, to the clinician: all may take it back."""
    facts = json.dumps({"before": COLLEAGUE, "to": load_moment(work, moment).responsible_id, "told": False})
    work.db.run(
        "INSERT INTO act (staff_id, unit_id, resident_id, moment_id, kind, at, facts)"
        " SELECT s.id, m.unit_id, m.resident_id, m.id, 'byte', :now, :facts FROM staff s, moment m"
        " WHERE m.id = :moment",
        now=work.now,
        facts=facts,
        moment=moment,
    )


def on_answer(before: Callable[[Work, int], Any] | None = None) -> Example:
    return Example(lambda world, _: (world.moment, world.answer), before=before, answered=True)


def on_plan(*rest: Any) -> Example:
    return Example(lambda world, _: (world.plan, *rest), before=plan)


def plan(work: Work, moment: int) -> None:
    make_plan(work, moment, PLAN)


def install_everywhere(work: Work, _moment: int) -> None:
    """Let every unit have a form."""
    work.add(InstalledForm(form="enkat", title="Enkät", questionnaire=MAENDE, scales="[]", installed_at=work.now))


def on_conversation(before: Callable[[Work, int], Any] | None = None) -> Example:
    return Example(lambda world, _: (world.moment, world.conversation), before=before, written=True)


def on_notice(*rest: Any) -> Example:
    return Example(lambda world, _: (world.notice, *rest))


def on_template(*, is_own: bool) -> Example:
    return Example(lambda world, actor: (world.template(actor, is_own=is_own),), before=write_templates, number=None)


def write_templates(work: Work, _moment: int) -> None:
    """Give everyone a template, and each unit one."""
    columns = "INSERT INTO messagetemplate (unit_id, staff_id, title, text) SELECT"
    work.db.run(f"{columns} unit_id, staff_id, 'Hälsning', 'Hej!' FROM assignment")
    work.db.run(f"{columns} id, NULL, 'Hälsning', 'Hej!' FROM unit")


def delegate_everywhere(work: Work, _moment: int) -> None:
    """Let the loggranskare of each unit have the log review."""
    work.db.run(
        "INSERT INTO duty (unit_id, kind, months, delegate_id, decided_by, decided_on, begins_on) SELECT a.unit_id,"
        " 'logguppfoljning', 1, a.staff_id, 'Eva Chef', '2026-01-02', '2026-01-02' FROM assignmentrole a"
        " WHERE a.role = 'loggranskare'"
    )


def review_everywhere(work: Work, moment: int, verdict: str = "utan", signed: str = "NULL") -> None:
    """Let each unit have a review, with a row about what is in the log of the moment."""
    work.db.run(
        "INSERT INTO logreview (unit_id, period, kind, seed, asked, drawn, reason, listed, drawn_at, drawn_by,"
        " drawn_hsa_id, signed_at, signed_by, signed_hsa_id) SELECT id, '2026-02', 'antal', 'frö', '', '', '', 0, 1,"
        " '',"
        f" '', {signed}, '', '' FROM unit"
    )
    work.db.run(
        "INSERT INTO logreviewrow (review_id, number, log_ids, actor_hsa_id, day, why, verdict, comment, judged_by,"
        " judged_hsa_id) SELECT w.id, 1, CAST((SELECT min(id) FROM log WHERE moment_id = :moment) AS text), 'SE1-x',"
        " '2026-02-01', 'draget', :verdict, '', '', '' FROM logreview w",
        moment=moment,
        verdict=verdict,
    )


def sign_everywhere(work: Work, moment: int) -> None:
    """Let each unit have a signed review, with a remark."""
    review_everywhere(work, moment, "med", "1")


def judge_everywhere(work: Work, moment: int) -> None:
    """Let each unit have a review whose row is not judged."""
    review_everywhere(work, moment, "")


def on_review(*rest: Any, before: Callable[[Work, int], Any] = judge_everywhere) -> Example:
    sql = "SELECT coalesce(max(id), 0) FROM logreview WHERE unit_id = :unit"
    return Example(
        lambda world, actor: (world.clinic.value(sql, unit=actor.unit_id or 0), *rest), before=before, number=None
    )


def begin_exports(work: Work, _moment: int) -> None:
    """Let everybody have an export under way."""
    work.db.run(
        "INSERT INTO dataexport (unit_id, actor_hsa_id, actor_name, begun_at, recipient, purpose, program, identity,"
        " format, file, key_id, moments) SELECT a.unit_id, s.hsa_id, '', 1, 'R', 'P', 'prov', 'full', 'xml', 'x', '', 0"
        " FROM assignment a JOIN staff s ON s.id = a.staff_id"
    )


def on_export(*rest: Any) -> Example:
    """The actor's own export; that of somebody else's where the actor has none."""
    sql = "SELECT coalesce(max(id), 0) FROM dataexport WHERE actor_hsa_id = :who"
    return Example(
        lambda world, actor: (world.clinic.value(sql, who=actor.hsa_id or ""), *rest), before=begin_exports, number=None
    )


def end_all(work: Work, _moment: int) -> None:
    """Let all moments have ended."""
    work.db.run("UPDATE moment SET status = 'avslutat', ended_at = started_at")


def decide_to_purge(world: World) -> None:
    """Let the care provider have a gallringsbeslut."""
    world.clinic.run("UPDATE careprovider SET purge_decision = 'Gallras.'")


def stop_all(work: Work, _moment: int) -> None:
    """Let every moment have a gallringsstopp."""
    for resident, moment in work.db.rows("SELECT resident_id, id FROM moment"):
        work.add(
            PurgeStop(
                resident_id=resident,
                moment_id=moment,
                ground="x",
                until="2999-01-01",
                actor_hsa_id="x",
                actor_name="x",
                set_at=1,
            )
        )


def begin_purges_of_none(world: World) -> None:
    """Let each unit have a purge under way that has nothing left to do."""
    world.clinic.run(
        "INSERT INTO purge (unit_id, actor_hsa_id, actor_name, begun_at, decision, reference, decided_on, chosen,"
        " residents, certificate) SELECT id, 'x', 'x', 1, 'x', '', '', 1, 0, '' FROM unit"
    )


def begin_purges(world: World) -> None:
    """Let each unit have a purge under way that has chosen its moments."""
    begin_purges_of_none(world)
    world.clinic.run(
        "INSERT INTO purgedmoment (purge_id, moment_id, uuid, program, started_in, state, in_ledger)"
        " SELECT p.id, m.id, 'x', m.program, '2026-03', 'vald', 0 FROM purge p JOIN moment m ON m.unit_id = p.unit_id"
    )


def begin_purges_of_residents(world: World) -> None:
    """Let each unit have a purge under way that has chosen a resident without any moment, long in the register."""
    begin_purges_of_none(world)
    world.clinic.run("UPDATE resident SET registered_on = '2020-01-01'")
    world.clinic.run(
        "INSERT INTO purgedresident (purge_id, resident_id, uuid, state, in_ledger)"
        " SELECT p.id, r.id, 'x', 'vald', 0 FROM purge p JOIN resident r ON r.personnummer = :number",
        number=ELSEWHERE,
    )


def finish_a_purge(world: World) -> None:
    """Let each unit have a purge that is finished."""
    begin_purges_of_none(world)
    world.clinic.run("UPDATE purge SET finished_at = 1, certificate = 'x'")


def end_here(world: World) -> None:
    """Let the resident's moment be the unit's only one that is due."""
    world.clinic.run("UPDATE moment SET purge_by = '2026-01-01' WHERE id = :id", id=world.moment)


def on_purge(*rest: Any, ready: Callable[[World], None] = begin_purges) -> Example:
    return Example(lambda world, actor: (world.purge_of(actor), *rest), ready=ready, number=None)


def plain(*arguments: Any, **options: Any) -> Example:
    return Example(lambda _world, _actor: arguments, lambda _world, _actor: options, number=None)


def only_conversation(work: Work) -> int:
    row = work.db.row("SELECT id FROM conversation")
    assert row is not None
    return int(row[0])


def only_answer(work: Work) -> int:
    row = work.db.row("SELECT id FROM formanswer")
    assert row is not None
    return int(row[0])


def on_staff(*rest: Any, **options: Any) -> Example:
    """Somebody on the actor's own unit, who has one role that isn't needed."""
    return Example(
        lambda world, actor: (hsa_id_of(Role.DATA_ADMIN, world.unit_of(actor)), *rest),
        lambda _world, _actor: options,
        number=None,
    )


def hand_over(state: str, *, to_here: bool) -> Callable[[Work, int], Any]:
    """Let the moment be offered by one unit to the other, or have gone over."""

    def before(work: Work, moment: int) -> None:
        units = {hsa_id: unit for hsa_id, unit in work.db.rows("SELECT hsa_id, id FROM unit")}
        giver, taker = (units[THERE], units[HERE]) if to_here else (units[HERE], units[THERE])
        is_offered = state == "erbjuden"
        work.db.run(
            "UPDATE moment SET unit_id = :unit, offered_to = :to WHERE id = :id",
            unit=giver if is_offered else taker,
            to=taker if is_offered else None,
            id=moment,
        )
        work.db.run(
            "INSERT INTO handover (resident_id, moment_id, from_unit_id, to_unit_id, note, tell_resident, state,"
            " offered_at, offered_by, answered_by, reason) SELECT resident_id, id, :giver, :taker, 'x', 0, :state, 1,"
            " 'x', '', '' FROM moment WHERE id = :id",
            giver=giver,
            taker=taker,
            state=state,
            id=moment,
        )

    return before


def open_there(work: Work, _moment: int) -> None:
    work.db.run(
        "INSERT INTO openprogram (unit_id, program) SELECT id, 'prov' FROM unit WHERE hsa_id = :id"
        " ON CONFLICT DO NOTHING",
        id=THERE,
    )


def someone_gone(work: Work, _moment: int) -> None:
    """Add somebody inactive to each unit."""
    for unit, hsa_id in work.db.rows("SELECT id, hsa_id FROM unit"):
        staff(work, unit, f"{hsa_id}gone", active=0)


VISITOR = Visitor("okänd", "Kim T1colleague", COLLEAGUE, session="besök")
INVITATION = "ABCDE-FGHJK"


def open_the_door(world: World) -> None:
    """Let the visitor have an account, and the session."""
    with world.clinic.store.work(OPERATOR) as work:
        give_account(work, COLLEAGUE)
        open_one(work, VISITOR.session, world.clinic.colleague.staff_id)


def give_the_visitor_an_account(world: World) -> None:
    with world.clinic.store.work(OPERATOR) as work:
        give_account(work, COLLEAGUE)


def invite_the_visitor(world: World) -> None:
    world.clinic.run(
        "INSERT INTO invitation (code_hash, staff_id, made_at, is_used) VALUES (:hash, :staff, :now, 0)",
        hash=code_hash(INVITATION),
        staff=world.clinic.colleague.staff_id,
        now=world.clinic.clock.now,
    )


OFFERED = hand_over("erbjuden", to_here=True)
STAFF_ROWS = read_staff(f"hsa-id;efternamn;fornamn\n{COLLEAGUE};Berg;Kim\n".encode())
PLACED_ROWS = read_placed(f"hsa-id;efternamn;fornamn\n{COLLEAGUE};Berg;Kim\n".encode())
SIGNING_KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
_CHECKPOINTS = tempfile.TemporaryDirectory()  # gone with the process
with tempfile.TemporaryDirectory() as _folder:
    make_trainer_key(Path(_folder, "nyckel"))
    SIGNED = {
        unit: sign_training(
            Passed(hsa_id_of(Role.DATA_ADMIN, unit), ("prov",), "", date(2026, 3, 2), 0), Path(_folder, "nyckel")
        )
        for unit in (HERE, THERE)
    }
OF_THE_UNIT = {
    "accept_handover": on_moment(COLLEAGUE, before=OFFERED),
    "begin_sign_in": plain(COLLEAGUE, "här"),
    "open_session": replace(
        plain(COLLEAGUE, "här", PassphraseAlone(PASSPHRASE), is_right=True), ready=give_the_visitor_an_account
    ),
    "unlock_session": replace(
        plain(COLLEAGUE, "här", PassphraseAlone(PASSPHRASE), is_right=True), ready=open_the_door, logs=Action.CHANGED
    ),
    "change_passphrase": replace(
        plain(COLLEAGUE, "här", PassphraseAlone(PASSPHRASE), KEPT, is_right=True), ready=open_the_door
    ),
    "renew_backup_codes": replace(
        plain(COLLEAGUE, "här", PassphraseAlone(PASSPHRASE), is_right=True), ready=open_the_door
    ),
    "end_session": plain(),
    "see_invitation": replace(plain(COLLEAGUE, INVITATION), ready=invite_the_visitor),
    "enrol": replace(plain(COLLEAGUE, "här", INVITATION, KEPT, "A" * 32), ready=invite_the_visitor),
    "invite": on_staff(),
    "reset_account": on_staff("Beslut"),
    "activate_staff": Example(lambda world, actor: (f"{world.unit_of(actor)}gone",), before=someone_gone, number=None),
    "look_up_staff": plain("SE2321000040-NEW1"),
    "add_staff": plain("SE2321000040-NEW1", family_name="Ek", given_name="Bo"),
    "begin_store": plain(First("SE2321000040-V9", "V", "SE2321000040-U9", "U", "05", "SE2321000040-F9", "Ek", "Bo")),
    "note_backup": plain(1),
    "note_data_key": plain("1f", "2e"),
    "replace_log_key": plain("1f"),
    "note_restored": plain(1, 0, 1),
    "note_move": plain(1, "ab"),
    "note_upgrade": plain("0001", "0002"),
    "may_check": plain(),
    "may_verify_log": plain(),
    "show_log": plain(Wanted("Rutin")),
    "extract_log": plain(ADULT),
    "export_log": plain(Between(None, Checkpoint("db", MONDAY, ())), "x"),
    "prove_log": plain(ADULT, SIGNING_KEY),
    "sign_checkpoint": plain(SIGNING_KEY, Path(_CHECKPOINTS.name, "kontrollpunkter")),
    "expire_log": plain(SIGNING_KEY, Path(_CHECKPOINTS.name, "kontrollpunkter")),
    "note_drill": plain(1, 1),
    "held_notices": plain(),
    "release_notices": plain(),
    "note_recovered_keys": plain(),
    "appoint_admin": plain(COLLEAGUE, HERE, "Beslut"),
    "change_unit": plain(collect_hour=10),
    "change_unit_program": plain("komigang-online", training="ja"),
    "decline_handover": on_moment("Fullt", before=OFFERED),
    "give_role": on_staff(Role.LOG_REVIEWER, "x", confirmed=True),
    "count_export": Example(
        lambda world, actor: (EXPORT if world.unit_of(actor) == HERE else replace(EXPORT, program="komigang-online"),),
        number=None,
    ),
    "unit_duties": plain(),
    "role_analyses": plain(),
    "write_analysis": plain(Role.CLINICIAN, "Behöver läsa det som invånaren skriver."),
    "duty_people": plain(),
    "decide_duty": Example(
        lambda world, actor: (
            DutyKind.LOG_REVIEW,
            1,
            hsa_id_of(Role.LOG_REVIEWER, world.unit_of(actor)),
            "Eva Chef",
            DAY,
        ),
        number=None,
    ),
    "finish_duty": replace(plain(DutyKind.LOG_REVIEW, "Gjord"), before=delegate_everywhere),
    "list_exports": plain(),
    "exportable_programs": plain(),
    "draw_from_log": Example(
        lambda world, actor: (replace(TARGETED, person=ADULT if world.unit_of(actor) == HERE else GUARDIAN),),
        number=None,
    ),
    "begin_review": plain(Draw(TARGETED, "riktad kontroll", (), 0, ())),
    "log_reviews": plain(),
    "open_review": on_review(),
    "review_again": replace(on_review(), logs=Action.LISTED),
    "judge_rows": on_review((1,), "utan"),
    "sign_review": on_review(before=review_everywhere),
    "print_review": on_review(before=sign_everywhere),
    "begin_export": plain(EXPORT, "xml", "x.xml"),
    "export_moments": on_export(()),
    "finish_export": on_export(0),
    "read_export": plain(1, EXPORT, Count("Prov", 1, 1, 0)),
    "count_month": plain(),
    "keep_month": plain(Month(2026, 2), {}),
    "counted_programs": plain(),
    "see_statistics": plain("prov", Month(2026, 1), Month(2026, 2)),
    "check_pseudonyms": plain("Forskargruppen", "ab"),
    "open_purges": plain(),
    "purge_list": replace(plain(), ready=end_here, logs=Action.LISTED, number=ADULT),
    "purgeable": plain(date(2026, 3, 2)),
    "purgeable_residents": plain(),
    "stop_purge": on_moment("Tvist", date(2999, 1, 1)),
    "lift_stop": on_moment(before=stop_all),
    "begin_purge": Example(
        lambda world, actor: ([world.moment if world.unit_of(actor) == HERE else world.elsewhere], 1),
        lambda _world, _actor: {"confirmed": True},
        before=end_all,
        number=None,
        ready=decide_to_purge,
    ),
    "purge_moment": Example(
        lambda world, actor: (world.moment, world.purge_of(actor)), before=end_all, ready=begin_purges
    ),
    "leave_moment": on_purge(1),
    "purge_resident": Example(
        lambda world, actor: (
            world.clinic.value("SELECT id FROM resident WHERE personnummer = :number", number=ELSEWHERE),
            world.purge_of(actor),
        ),
        ready=begin_purges_of_residents,
        number=None,
    ),
    "leave_resident": Example(
        lambda world, actor: (
            world.purge_of(actor),
            world.clinic.value("SELECT id FROM resident WHERE personnummer = :number", number=ELSEWHERE),
        ),
        ready=begin_purges_of_residents,
        number=None,
    ),
    "purge_facts": on_purge(),
    "finish_purge": on_purge("x", ready=begin_purges_of_none),
    "purge_under_way": plain(),
    "purge_certificate": replace(plain(), ready=finish_a_purge),
    "empty_results": plain(),
    "handovers_again": plain(),
    "add_unit": plain("SE2321000040-NEW2", "Enhet Tre"),
    "change_provider": plain(backup_days=30),
    "name_unit": plain(HERE, name="Enhet Fyra"),
    "provided": plain(),
    "provider_settings": plain(),
    "close_program": plain("prov", HERE),
    "open_program": plain("prov", THERE),
    "import_staff": plain(STAFF_ROWS),
    "place_staff": plain(PLACED_ROWS),
    "inactivate_staff": on_staff(),
    "moments_left_by": on_staff(),
    "offer_handover": on_moment(THERE, "x", before=open_there),
    "open_handovers": plain(),
    "receiving_units": on_moment(),
    "permissions": plain(),
    "personnel": plain(),
    "record_training": on_staff("prov"),
    "record_signed_training": Example(
        lambda world, actor: (SIGNED[world.unit_of(actor)],), lambda _world, _actor: {"confirmed": True}, number=None
    ),
    "reveal_offered": on_moment(before=OFFERED),
    "staff_history": on_staff(),
    "staff_line": on_staff(),
    "staff_offset": plain(active=True, key=("a", 1)),
    "staff_page": plain(active=True),
    "staff_page_at": plain(active=True, skip=1),
    "program_catalog": plain(),
    "support_of": plain(),
    "take_role": on_staff(Role.DATA_ADMIN, "x"),
    "unit_settings": plain(),
    "where_it_went": on_moment(before=hand_over("mottagen", to_here=False)),
    "withdraw_handover": on_moment(before=hand_over("erbjuden", to_here=False)),
}

LIST = (Tab.ALL, "prov", "pagaende")
SAFETY = SafetyTexts(what_helps="Gå ut")
PLAN = NewPlan("Rörelse", (NewActivity("Promenad"),))
RESIDENT_ROWS = read_residents(
    f"personnummer;efternamn;fornamn\n{ADULT};Berg;Åsa\n".encode(), date(2026, 3, 2), is_practice=True
)
SOON = date(2026, 3, 20)
RISK = "Ring."
ANOTHER = f"{THERE}another"
HELPER = f"{HERE}helper"
NEXT_WEEK = date(2026, 3, 9)


def raise_priority(world: World) -> None:
    """Let every clinician of the unit see the moment."""
    # Nobody here watches a moment that is another unit's, and one that has ended gets no flag.
    with suppress(NotPermitted, Refused), world.clinic.store.work(world.clinic.clinician) as work:
        add_flag(work, world.moment, RISK, severity=Severity.PRIORITY)


def give_a_helper(world: World) -> None:
    """Let the unit have a third clinician, and the other unit a second."""
    give_the_other_unit_a_second(world)
    with world.clinic.store.work(OPERATOR) as work:
        staff(work, world.clinic.here, HELPER, Role.CLINICIAN, trained=True)


def give_each_a_substitute(world: World) -> None:
    """Let each clinician have somebody who is to stand in next week."""
    give_a_helper(world)
    for unit, helper in ((world.clinic.here, HELPER), (world.clinic.there, ANOTHER)):
        world.clinic.run(
            "INSERT INTO substitution (unit_id, staff_id, substitute_id, first_day, last_day, set_by, set_at)"
            " SELECT r.unit_id, r.staff_id, (SELECT id FROM staff WHERE hsa_id = :helper), :day, :day, '', 0"
            " FROM assignmentrole r WHERE r.unit_id = :unit AND r.role = 'behandlare'",
            unit=unit,
            helper=helper,
            day=NEXT_WEEK.isoformat(),
        )


def stand_in(world: World) -> None:
    """Let the colleague stand in for the clinician today."""
    with world.clinic.store.work(world.clinic.clinician) as work:
        set_substitute(work, hsa_id_of(Role.CLINICIAN), COLLEAGUE, work.today, work.today, confirmed=True)


def give_each_something(world: World) -> None:
    """Let a flag wait for each clinician that the cast has."""
    clinic = world.clinic
    theirs = clinic.start(ELSEWHERE, by=clinic.colleague, confirmed=True)
    for clinician, moment in (
        (clinic.clinician, world.moment),
        (clinic.colleague, theirs),
        (clinic.stranger, world.elsewhere),
    ):
        with clinic.store.work(clinician) as work:
            add_flag(work, moment, "Ring.")


def give_the_other_unit_a_second(world: World) -> None:
    """Let the other unit have another clinician too."""
    with world.clinic.store.work(OPERATOR) as work:
        staff(work, world.clinic.there, ANOTHER, Role.CLINICIAN, trained=True)


def on_flag(*rest: Any) -> Example:
    """Return an example on a flag that is not priority: the colleague may do nothing with it."""
    return Example(lambda world, _: (world.flag, *rest), before=lambda work, moment: add_flag(work, moment, "Ring."))


def show_scores(world: World) -> None:
    """Let the program show residents their scores."""
    text = program_to_json(replace(SMALL, shows_scores=True))
    world.clinic.run("UPDATE programversion SET content = :text WHERE program = 'prov'", text=text)


TODAYS = Group(1, 1, SMALL, FlagRules({"silent_days": 14}))
EXAMPLES = {
    "add_flag": on_moment("Ring."),
    "add_time": on_moment(60),
    "begin_day": plain(),
    "count_since": plain(),
    "count_todo": plain(),
    "correct_time": on_moment("2026-v09", 15),
    "end_day": plain(0),
    "flags_page": on_moment(),
    "handle_flag": on_flag("Ringde."),
    "take_flag": on_flag(),
    "release_flag": on_flag(),
    "release_claims": plain(),
    "last_day": plain(),
    "open_flags": on_moment(),
    "open_overview": plain(),
    "open_todo": plain(),
    "overview_again": plain(),
    "raise_batch": plain(RULES[0], TODAYS, 0, Stretch(0, 9)),
    "due_releases": plain(),
    "note_release": on_moment(),
    "undo_act": on_moment(before=lambda work, moment: given_by_all(work, moment)),
    "undoable": replace(
        plain(), before=lambda work, moment: given_by_all(work, moment), number=ADULT, logs=Action.LISTED
    ),
    "set_substitute": Example(
        lambda world, actor: (
            world.clinician_of(actor) or actor.hsa_id,
            ANOTHER if actor.unit_id == world.clinic.there else HELPER,
            NEXT_WEEK,
            NEXT_WEEK,
        ),
        lambda _world, _actor: {"confirmed": True},
        number=None,
        ready=give_a_helper,
    ),
    "end_substitute": Example(
        lambda world, actor: (world.clinician_of(actor) or actor.hsa_id,),
        number=None,
        ready=give_each_a_substitute,
    ),
    "my_stand_ins": plain(),
    "see_lost_stand_ins": plain(),
    "end_lost_substitutes": plain(),
    "forget_expired_access": plain(),
    "set_aside": on_moment("meddelande-1", SOON, "Semester"),
    "set_matter_aside": Example(
        lambda world, actor: (world.matter_of(actor), SOON, "Semester"),
        lambda world, actor: {"of": world.clinician_of(actor)},
        number=None,
        ready=give_each_something,
        logs=Action.CHANGED,
    ),
    "todo_again": plain(),
    "view_flags": on_moment(),
    "time_again": on_moment(),
    "urgent_moments_of": Example(lambda world, actor: (world.clinician_of(actor),), number=None),
    "view_time": on_moment(),
    **OF_THE_UNIT,
    "answer_form": on_moment("maende", given(1, 1, 1)),
    "form_to_answer": on_moment("maende"),
    "answer_page": on_answer(),
    "change_safety_plan": on_moment(SAFETY, 0),
    "change_own_safety_plan": on_moment(SAFETY, 0),
    "copy_safety_plan": on_moment(),
    "open_safety_plan": on_moment(),
    "read_own_safety_plan": on_moment(),
    "open_residents_side": on_moment(Part.START),
    "own_programs": Example(lambda world, _: (world.clinic.adult,)),
    "residents_activities": on_moment(),
    "residents_form": on_moment("maende"),
    "residents_messages": on_moment(),
    "residents_page": on_moment(),
    "residents_safety_plan": on_moment(),
    "residents_scores": replace(on_moment(), ready=lambda world: show_scores(world)),
    "residents_step": on_moment("hej"),
    "safety_plan_page": on_moment(),
    "units_of_resident": Example(lambda world, _: (world.clinic.adult,)),
    "view_safety_plan": on_moment(),
    "change_plan": on_plan(PlanChange(title="Mer rörelse")),
    "copy_journal": on_moment(),
    "confirm_journal": Example(lambda world, _: (world.moment, world.clinic.clock.now)),
    "note_contact": on_moment(ContactSort.PHONE, 12, "Pratade om sömnen."),
    "diaries_of": on_moment(),
    "end_plan": on_plan(),
    "follow_up_plan": on_plan("Går bra."),
    "claim_notice": replace(plain(frozenset(CHANNELS.values())), logs=Action.READ, number=ADULT),
    "conversation_page": on_conversation(),
    "copy_draft": on_moment(4711),
    "discard_draft": on_moment(4711, 1),
    "filled_templates": on_moment(),
    "form_risks": plain(),
    "install_form": plain(form_to_install("enkat", MAENDE.encode())),
    "name_form_risks": replace(plain("enkat", ("1=3",)), before=install_everywhere),
    "make_plan": on_moment(PLAN),
    "mark_activity": Example(
        lambda world, _: (world.moment, world.activity, local_day(world.clinic.clock())),
        lambda _world, _actor: {"done": True},
        before=plan,
    ),
    "mark_answer_read": on_answer(),
    "mark_answer_unread": on_answer(before=lambda work, moment: mark_answer_read(work, moment, only_answer(work))),
    "mark_conversation_read": on_conversation(),
    "mark_conversation_unread": on_conversation(
        before=lambda work, moment: mark_conversation_read(work, moment, only_conversation(work))
    ),
    "messages_page": on_moment(),
    "my_profile": plain(),
    "notice_failed": on_notice((), "adressen finns inte"),
    "notice_postponed": on_notice((), "e-postservern svarar inte"),
    "notice_released": on_notice((), 1),
    "notice_sent": on_notice(),
    "open_answer": on_answer(),
    "open_conversation": on_conversation(),
    "open_diary": on_moment(),
    "open_glance": on_moment(),
    "open_graph": on_moment(),
    "open_plans": on_moment(),
    "open_messages": on_moment(),
    "open_timeline": on_moment(),
    "own_activities": on_moment(),
    "plans_page": on_moment(),
    "next_module": on_moment(),
    "preview_matter": Example(
        lambda world, _: (world.moment, "att göra"),
        lambda world, _actor: {"conversation": world.conversation},
        written=True,
    ),
    "preview_moment": on_moment("mina"),
    "read_journal": on_moment(),
    "read_own_messages": on_moment(),
    "refresh_glance": on_moment(),
    "refresh_graph": on_moment(),
    "remove_own_template": on_template(is_own=True),
    "remove_unit_template": on_template(is_own=False),
    "request_form": on_moment("dagbok"),
    "requestable_forms": on_moment(),
    "save_draft": replace(on_moment("Hej!"), logs=Action.CHANGED),
    "save_own_template": plain("Hälsning", "Hej {förnamn}!"),
    "save_profile": plain("0701740606", {"epost": True, "sms": True}),
    "save_unit_template": plain("Hälsning", "Hej {förnamn}!"),
    "search_messages": plain("hej"),
    "send_message": on_moment("Hej!"),
    "templates": plain(),
    "timeline_page": on_moment(),
    "week_of_plans": on_moment(date(2026, 3, 2)),
    "view_answer": on_answer(),
    "view_conversation": on_conversation(),
    "view_diary": on_moment(),
    "view_messages": on_moment(),
    "unusable_addresses": plain(),
    "waiting_notices": plain(),
    "write_message": on_moment("Hej!"),
    "correct_person": Example(lambda world, _: (world.clinic.adult, Correction(given_name="Asa"))),
    "correct_resident": Example(
        lambda _world, _actor: (ADULT, Correction(given_name="Asa")), concerns=True, logs=Action.CHANGED
    ),
    "end_moment": on_moment("Klart", message="Hej då!"),
    "hide_module": on_moment("start"),
    "import_residents": plain(RESIDENT_ROWS),
    "install_program": plain(replace(SMALL, version="2")),
    "list_headings": plain(Tab.ALL),
    "list_offset": plain(*LIST, (3, "a", 1)),
    "list_page": replace(plain(*LIST), logs=Action.LISTED, number=ADULT),
    "list_page_at": plain(*LIST, skip=1),
    "list_place": plain(Tab.ALL, 1),
    "list_recent": replace(plain((1,)), logs=Action.LISTED, number=ADULT),
    "look_up_resident": replace(plain(ADULT), logs=Action.READ),
    "maintain_moment": on_moment(),
    "moments_of_resident": Example(lambda world, _: (world.clinic.adult, "prov")),
    "open_list": plain(Tab.ALL),
    "open_module": on_moment("mer"),
    "open_moment": on_moment(),
    "open_programs": plain(),
    "read_step": on_moment("hej"),
    "refresh_moment": on_moment(),
    "see_moment": on_moment(),
    "resume_moment": on_moment(before=maintain_moment),
    "reveal_protected": on_moment(),
    "search_again": replace(plain(Tab.ALL, "berg"), logs=Action.LISTED, number=ADULT),
    "search_list": plain(Tab.ALL, "berg"),
    "show_module": on_moment("start", before=lambda work, moment: hide_module(work, moment, "start")),
    "start_moment": Example(
        lambda _world, _actor: (ADULT, "komigang-online"),
        lambda world, actor: {"responsible": world.clinician_of(actor), "confirmed": True},
    ),
    "movable_moments": Example(
        lambda world, actor: (hsa_id_of(Role.CLINICIAN, THERE if actor.unit_id == world.clinic.there else HERE),),
        number=None,
    ),
    "switch_all": Example(
        lambda world, actor: (
            (hsa_id_of(Role.CLINICIAN, THERE), ANOTHER)
            if actor.unit_id == world.clinic.there
            else (hsa_id_of(Role.CLINICIAN), COLLEAGUE)
        ),
        lambda _world, _actor: {"message": "Hej!"},
        number=None,
        ready=give_the_other_unit_a_second,
        logs=Action.CHANGED,
    ),
    "switch_clinician": on_moment(COLLEAGUE, message="Hej!"),
    "unit_clinicians": plain(),
    "unit_notices": plain(),
    "unit_region": plain(),
}


@dataclass(frozen=True)
class Somebody:
    """Who tries: the standings to the resident's moment, and to what concerns no one."""

    name: str
    actor: Callable[[Clinic], Actor]
    concerned: frozenset[Who] = frozenset()
    general: frozenset[Who] = field(default=frozenset())
    watches: bool = False
    """Whether a prioriterad flagga must stand open for it."""
    stands_in: bool = False
    """Whether the colleague must be the clinician's ställföreträdare for it."""


def _standing_in(clinic: Clinic) -> Actor:
    return replace(clinic.colleague, covers=frozenset({clinic.clinician.staff_id}))


def cast() -> Iterator[Somebody]:
    """Yield everyone there is: the standings are written out here, not asked of the actors."""
    for role in set(Role) - {Role.PROVIDER_ADMIN, Role.CLINICIAN}:
        held = frozenset({role})
        yield Somebody(f"{role} here", lambda clinic, role=role: clinic.someone(role), held, held)  # type: ignore[misc]
        yield Somebody(f"{role} there", lambda clinic, role=role: clinic.someone(role, THERE), general=held)  # type: ignore[misc]
    clinician = frozenset({Role.CLINICIAN})
    yield Somebody("responsible", lambda clinic: clinic.clinician, clinician | {Standing.RESPONSIBLE}, clinician)
    yield Somebody("colleague", lambda clinic: clinic.colleague, clinician, clinician)
    watching = clinician | {Standing.WATCHING}
    yield Somebody("watcher", lambda clinic: clinic.colleague, watching, clinician, watches=True)
    standing_in = clinician | {Standing.SUBSTITUTE}
    yield Somebody("substitute", _standing_in, standing_in, clinician, stands_in=True)
    yield Somebody("stranger", lambda clinic: clinic.stranger, general=clinician)
    above = frozenset({Role.PROVIDER_ADMIN})
    yield Somebody("provider admin", lambda clinic: clinic.provider_admin, general=above)
    yield Somebody("resident", lambda clinic: clinic.resident(), frozenset({Standing.RESIDENT}))
    yield Somebody("another resident", lambda clinic: clinic.resident(GUARDIAN))
    yield Somebody("ombud of another", lambda clinic: clinic.resident(CHILD))
    at_the_door: frozenset[Who] = frozenset({Standing.AT_THE_DOOR})
    yield Somebody("visitor", lambda _clinic: VISITOR, at_the_door, at_the_door)
    for machine, standing in ((OPERATOR, Standing.OPERATOR), (SYSTEM, Standing.SYSTEM)):
        its_own: frozenset[Who] = frozenset({standing})
        yield Somebody(machine.name, lambda _clinic, machine=machine: machine, its_own, its_own)  # type: ignore[misc]


CAST = tuple(cast())


def prepare(world: World, example: Example) -> None:
    if example.answered:
        world.clinic.answer(world.moment, given(1, 1, 0))
    if example.written:
        with world.clinic.store.work(world.clinic.resident()) as work:
            write_message(work, world.moment, "Hej!")
    if example.before:
        with world.clinic.store.work(world.clinic.clinician) as work:
            example.before(work, world.moment)
    if example.ready:
        example.ready(world)


def call(world: World, name: str, work: ReadTransaction) -> Any:
    example = EXAMPLES[name]
    return FUNCTIONS[name](work, *example.arguments(world, work.actor), **example.options(world, work.actor))
