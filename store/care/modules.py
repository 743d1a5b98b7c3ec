"""A moment's modules: which are opened, which are hidden, which steps are read (domain.md §4)."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.activity import mark_active
from store.care.flags import Cause, close_flags, raise_flag
from store.care.moments import UNTIL_ENDED, WHILE_RUNNING, MomentSubject, change_moment, load_moment, moment_subject
from store.care.program_files import Module, Program
from store.care.programs import program_of
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.flag_kinds import FlagKind, Severity
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import of_moment
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.crisis_numbers import confirmed_by, with_numbers


class MomentModule(SQLModel, table=True):
    """A module that is opened in a moment."""

    __table_args__ = {"sqlite_with_rowid": False}

    resident_id: int = Field(primary_key=True)
    moment_id: int = Field(primary_key=True)
    module: str = Field(primary_key=True)
    opened_at: int = Field(sa_type=BigInteger)
    unit_id: int = of_moment()


class HiddenPart(SQLModel, table=True):
    """A module, or a section of one, that the clinician has hidden from the resident."""

    __table_args__ = {"sqlite_with_rowid": False}

    resident_id: int = Field(primary_key=True)
    moment_id: int = Field(primary_key=True)
    part: str = Field(primary_key=True)
    """The id of a module or section; a program uses each id once."""
    unit_id: int = of_moment()


class StepRead(SQLModel, table=True):
    """A step that the resident has read."""

    __table_args__ = {"sqlite_with_rowid": False}

    resident_id: int = Field(primary_key=True)
    moment_id: int = Field(primary_key=True)
    step: str = Field(primary_key=True)
    read_at: int = Field(sa_type=BigInteger)
    unit_id: int = of_moment()


def open_from_start(work: Work, moment: MomentSubject, program: Program) -> None:
    """Open what the program opens when it starts; part of starting, so no events of its own."""
    work.db.run_many(
        "INSERT INTO momentmodule (resident_id, moment_id, module, opened_at)"
        " VALUES (:resident_id, :moment_id, :module, :at)",
        [{**_place(moment), "module": module, "at": work.now} for module in program.opens_from_start],
    )


@operation(
    "Öppna en modul för invånaren",
    may={Standing.RESPONSIBLE, Standing.SUBSTITUTE},
    action=Action.CHANGED,
    category=DataCategory.MODULES,
    event=True,
    on=moment_subject,
    statuses=WHILE_RUNNING,
)
def open_module(work: Work, moment: MomentSubject, module: str) -> None:
    """Open a module that the program does not open by itself.

    Raises:
        Refused: the module is not the program's, or is open already; the moment is not running.
    """
    found = _module(work, moment, module)
    if found.id in opened_modules(work, moment):
        raise Refused(f"Modulen {found.title} är redan öppnad.", field="modul")
    work.add(MomentModule(**_place(moment), module=found.id, opened_at=work.now))
    change_moment(work, moment, forms_look_at=work.now)
    close_flags(work, moment, FlagKind.MODULE, why=f"Modulen {found.title} är öppnad.")
    work.event(moment, EventKind.MODULE_OPENED, module=found.id)


@operation(
    "Se vilken modul som kommer näst",
    may={Standing.RESPONSIBLE, Standing.SUBSTITUTE},
    action=Action.READ,
    category=DataCategory.MODULES,
    on=moment_subject,
)
def next_module(work: ReadTransaction, moment: MomentSubject) -> tuple[str, str] | None:
    """Return id and title of the first module that is not opened; None where all are."""
    opened = opened_modules(work, moment)
    modules = program_of(work.db, moment.version_id).modules
    return next(((one.id, _numbered(one)) for one in modules if one.id not in opened), None)


def _numbered(module: Module) -> str:
    return module.title if module.number is None else f"{module.number} {module.title}"


@operation(
    "Dölja en modul eller ett avsnitt för invånaren",
    may={Standing.RESPONSIBLE, Standing.SUBSTITUTE},
    action=Action.CHANGED,
    category=DataCategory.MODULES,
    event=True,
    on=moment_subject,
    statuses=UNTIL_ENDED,
)
def hide_module(work: Work, moment: MomentSubject, part: str) -> None:
    """Hide an opened module, or a section of one, from the resident.

    Raises:
        Refused: the part is not the program's, is not open, or is hidden already; the moment is ended.
    """
    title = _title_to_change(work, moment, part)
    if part in hidden_parts(work, moment):
        raise Refused(f"{title} är redan dolt för invånaren.", field="modul")
    work.add(HiddenPart(**_place(moment), part=part))
    work.event(moment, EventKind.MODULE_HIDDEN, module=part)


@operation(
    "Visa en dold modul eller ett dolt avsnitt igen",
    may={Standing.RESPONSIBLE, Standing.SUBSTITUTE},
    action=Action.CHANGED,
    category=DataCategory.MODULES,
    event=True,
    on=moment_subject,
    statuses=UNTIL_ENDED,
)
def show_module(work: Work, moment: MomentSubject, part: str) -> None:
    """Show again what was hidden.

    Raises:
        Refused: the part is not the program's, is not open, or is not hidden; the moment is ended.
    """
    title = _title_to_change(work, moment, part)
    if part not in hidden_parts(work, moment):
        raise Refused(f"{title} visas redan för invånaren.", field="modul")
    work.db.run(
        "DELETE FROM hiddenpart WHERE resident_id = :resident_id AND moment_id = :moment_id AND part = :part",
        **_place(moment),
        part=part,
    )
    work.event(moment, EventKind.MODULE_SHOWN, module=part)


@operation(
    "Läsa ett steg som invånare",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.CHANGED,
    category=DataCategory.MODULES,
    event=True,
    on=moment_subject,
    statuses=UNTIL_ENDED,
)
def read_step(work: Work, moment: MomentSubject, step: str) -> str:
    """Note that the resident has read a step, and return its text, in Markdown.

    Again in maintenance is reading too, and is logged (domain.md §3.3).

    Raises:
        Refused: the step is not the program's, or its module is not open; the moment is ended.
    """
    program = program_of(work.db, moment.version_id)
    page = program.step(step)
    if page is None:
        raise Refused(f"Steget {step} finns inte i {program.title}.", field="steg")
    if step not in readable_steps(work, moment, program):
        raise Refused(f"Steget {step} är inte öppet för invånaren än.", field="steg")
    is_new = work.db.run(
        upsert("stepread", ["resident_id", "moment_id", "step"], kept=["read_at"]),
        **_place(moment),
        step=step,
        read_at=work.now,
    )
    mark_active(work, moment)
    work.event(moment, EventKind.STEP_READ, step=step)
    if is_new:
        _judge_module(work, moment, program, step)
    return with_numbers(page.text, confirmed_by(work.db, moment.unit_id))


def _judge_module(work: Work, moment: MomentSubject, program: Program, step: str) -> None:
    """Say that a module is finished by a new step, or that the resident has gone on from one that was."""
    module = next(module for module, one in program.steps() if one.id == step)
    here = load_moment(work, moment.moment_id)
    for other in program.modules:
        if other.id != module.id:
            close_flags(work, here, FlagKind.MODULE, about=other.id, why="Invånaren har gått vidare.")
    readable, read = readable_steps(work, moment, program), read_steps(work, moment)
    is_finished = all(one.id in read for one in module.steps if one.id in readable)
    if is_finished and module.number is not None and program.flags.module_finished:
        raise_flag(work, here, Cause(FlagKind.MODULE, Severity.NOTE, f"Modulen {module.title} är klar", module.id))


def opened_modules(work: ReadTransaction, moment: MomentSubject) -> dict[str, int]:
    """Return the opened modules with the instant each was opened."""
    return dict(work.db.pairs(f"SELECT module, opened_at FROM momentmodule{_HERE}", **_place(moment)))


def hidden_parts(work: ReadTransaction, moment: MomentSubject) -> set[str]:
    """Return the ids of the modules and sections that are hidden."""
    return set(work.db.values(f"SELECT part FROM hiddenpart{_HERE}", **_place(moment)))


def read_steps(work: ReadTransaction, moment: MomentSubject) -> dict[str, int]:
    """Return the read steps with the instant each was first read."""
    return dict(work.db.pairs(f"SELECT step, read_at FROM stepread{_HERE}", **_place(moment)))


def readable_steps(work: ReadTransaction, moment: MomentSubject, program: Program) -> list[str]:
    """Return the ids of the steps that the resident can open, in order."""
    opened, hidden = opened_modules(work, moment), hidden_parts(work, moment)
    return [
        step.id
        for module in program.modules
        if module.id in opened and module.id not in hidden
        for section in module.sections
        if section.id not in hidden
        for step in section.steps
    ]


_HERE = " WHERE resident_id = :resident_id AND moment_id = :moment_id"


def _place(moment: MomentSubject) -> dict[str, int]:
    return {"resident_id": moment.resident_id, "moment_id": moment.moment_id}


def _module(work: ReadTransaction, moment: MomentSubject, module: str) -> Module:
    program = program_of(work.db, moment.version_id)
    if found := program.module(module):
        return found
    known = ", ".join(candidate.id for candidate in program.modules)
    raise Refused(f"Modulen {module} finns inte i {program.title}. Modulerna är: {known}.", field="modul")


def _title_to_change(work: Work, moment: MomentSubject, part: str) -> str:
    """Return the title of a part that can be hidden or shown; refuse what is not open in the moment."""
    module, title = _part(work, moment, part)
    if module.id not in opened_modules(work, moment):
        raise Refused(f"Modulen {module.title} är inte öppnad än.", field="modul", helps=("open_module",))
    return title


def _part(work: Work, moment: MomentSubject, part: str) -> tuple[Module, str]:
    """Return the module that the part is or stands in, and the part's title."""
    for module in program_of(work.db, moment.version_id).modules:
        for section in module.sections:
            if part == section.id and section.title:
                return module, section.title
    module = _module(work, moment, part)
    return module, module.title
