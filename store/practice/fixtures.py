"""What stands before anything happens: programs, units, staff; and the residents as they come into the register."""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from store.care.notices import NoticeState
from store.care.program_files import Program, read_program
from store.care.programs import install_program
from store.care.resident_import import import_residents, read_residents
from store.care.templates import MessageTemplate
from store.foundation.access import Role
from store.foundation.connection import Connection
from store.foundation.csv_file import FaultyFile
from store.foundation.errors import Refused
from store.foundation.hsa_id import hsa_key, same_hsa_id
from store.foundation.tables import StoreInfo
from store.foundation.text import sort_name
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.residents import Guardian
from store.people.staff import Assignment, AssignmentRole, ProviderAdmin, Staff
from store.people.units import CareProvider, OpenProgram, Unit
from store.practice.cast import Cast, CastResident, CastStaff, CastUnit
from store.practice.toml_table import placed


def read_programs(folder: Path) -> tuple[Program, ...]:
    """Return all programs in the folder.

    Raises:
        Refused: one of them has a fault.
    """
    found = []
    for path in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        program, faults = read_program(path)
        if program is None:
            first = faults[0]
            line = f", rad {first.line}" if first.line else ""
            raise Refused(f"Programmet {path.name} har ett fel i {first.file}{line}: {first.message} {first.mend}")
        found.append(program)
    return tuple(found)


def lay_ground(work: Work, cast: Cast, programs: Iterable[Program]) -> None:
    """Write what kind of store this is, and install the programs, the units and the staff."""
    work.add(StoreInfo(kind="practice", created_at=work.now))
    titles = tuple(program.id for program in programs if install_program(work, program))
    provider_hsa_id, provider_name = cast.provider
    _add_workplaces(work, cast, work.add(CareProvider(hsa_id=provider_hsa_id, name=provider_name)), titles)


def add_workplaces(work: Work, cast: Cast) -> None:
    """Add units, staff and templates to the provider that is there, with the programs that are installed.

    Staff who are there already get the assignments.
    """
    provider = work.db.value("SELECT min(id) FROM careprovider")
    programs = work.db.values("SELECT DISTINCT program FROM programversion ORDER BY program")
    _add_workplaces(work, cast, int(provider), tuple(map(str, programs)))


def _add_workplaces(work: Work, cast: Cast, provider: int, titles: tuple[str, ...]) -> None:
    units = {hsa_key(unit.hsa_id): _add_unit(work, unit, provider, titles) for unit in cast.units}
    staff = {hsa_key(one.hsa_id): _add_staff(work, one, provider, units, titles) for one in cast.staff}
    for template in cast.templates:
        staff_id = staff.get(hsa_key(template.staff))
        unit_id = units[hsa_key(template.unit)]
        work.add(MessageTemplate(unit_id=unit_id, staff_id=staff_id, title=template.title, text=template.text))


def register(work: Work, resident: CastResident) -> None:
    """Import the resident: a practice store too checks the number, and logs who came into the register."""
    file = StringIO()
    writer = csv.DictWriter(file, list(resident.columns), delimiter=";")
    writer.writeheader()
    writer.writerow(resident.columns)
    try:
        rows = read_residents(file.getvalue().encode(), work.today, is_practice=work.is_practice)
    except FaultyFile as error:
        raise Refused(error.faults[0].message) from error
    import_residents(work, rows)


def add_guardians(work: Work, child: CastResident) -> None:
    """Write who the child's guardians are; all of them are in the register."""
    child_id = resident_id(work.db, child.number)
    for guardian in child.guardians:
        work.add(Guardian(child_id=child_id, guardian_id=resident_id(work.db, guardian)))


def resident_id(db: Connection, number: str) -> int:
    """Return the id of a resident who is in the register."""
    return int(db.value("SELECT id FROM resident WHERE personnummer = :number", number=number))


def settle_past(work: Work) -> None:
    """Let what should have gone out by now be sent: on the days that were played `sob avisera` would have run."""
    work.db.run(
        "UPDATE notice SET state = :sent, done_at = due_at WHERE state = :waiting AND due_at <= :now",
        sent=NoticeState.SENT.value,
        waiting=NoticeState.WAITING.value,
        now=work.now,
    )


def _add_unit(work: Work, unit: CastUnit, provider: int, programs: tuple[str, ...]) -> int:
    unit_id = work.add(
        Unit(
            hsa_id=unit.hsa_id,
            provider_id=provider,
            name=unit.name,
            region=unit.region,
            service_area=unit.service_area,
            risk_instruction=unit.risk_instruction,
        )
    )
    for program in _chosen(unit.where, unit.programs, programs):
        work.add(OpenProgram(unit_id=unit_id, program=program))
    return unit_id


def _add_staff(work: Work, one: CastStaff, provider: int, units: dict[str, int], programs: tuple[str, ...]) -> int:
    """Add a staff member with the assignments and trainings; a role is given after its training (FAQ)."""
    known = work.db.value(f"SELECT id FROM staff WHERE {same_hsa_id('hsa_id')}", hsa_id=one.hsa_id)
    staff_id = (
        int(known)
        if known is not None
        else work.add(
            Staff(
                hsa_id=one.hsa_id,
                family_name=one.family_name,
                given_name=one.given_name,
                sort_name=sort_name(one.family_name, one.given_name),
                email=one.email,
                mobile=one.mobile,
            )
        )
    )
    roles = [role for post in one.posts for role in post.roles]
    for post in one.posts:
        unit_id = units[hsa_key(post.unit)]
        active, name = int(post.active), sort_name(one.family_name, one.given_name)
        work.add(Assignment(staff_id=staff_id, unit_id=unit_id, active=active, sort_name=name))
        for role in post.roles:
            work.add(AssignmentRole(staff_id=staff_id, unit_id=unit_id, role=role.value))
    if one.provider_admin:
        work.add(ProviderAdmin(staff_id=staff_id, provider_id=provider))
        roles.append(Role.PROVIDER_ADMIN)
    for subject in dict.fromkeys((*roles, *_chosen(one.where, one.trained_programs, programs))):
        work.db.run(upsert("training", ["staff_id", "subject"]), staff_id=staff_id, subject=str(subject))
    return staff_id


def _chosen(where: str, named: tuple[str, ...] | None, programs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the programs that are named, or all."""
    if named is None:
        return programs
    with placed(where):
        for program in named:
            if program not in programs:
                raise Refused(f"programmet {program} finns inte. Programmen är {', '.join(programs)}.")
    return named
