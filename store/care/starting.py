"""Starting a moment (guide; domain.md §3.1): every refusal and every warning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.care.modules import open_from_start
from store.care.moments import PURGE_AFTER_YEARS, Moment, MomentStatus, count_moments, load_moment
from store.care.notices import NoticeKind, notify_resident
from store.care.programs import latest_version, program_of
from store.care.training import missing_training
from store.foundation.access import Action, DataCategory, Role
from store.foundation.clock import Instant, days_after, local_day, years_after
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.hsa_id import hsa_key
from store.foundation.identity import PersonalNumber
from store.foundation.operation import operation
from store.foundation.text import sort_name
from store.foundation.work import Work
from store.people.channels import channel_for
from store.people.new_resident import NewResident
from store.people.provider_settings import agreement_over
from store.people.residents import (
    Person,
    Resident,
    add_person,
    check_number,
    find_person,
    hold_register,
    known_person,
    serve_proxies,
)
from store.people.sign_in import StaffActor, as_staff
from store.people.staff import Colleague, hold_clinician
from store.people.units import is_open, serves, way_to_open


class AlreadyRunning(NeedsConfirmation):
    """The warnings, when one is that the program runs already; `moment` is its id, where the actor may open it."""

    def __init__(self, warnings: Sequence[str], moment: int | None) -> None:
        super().__init__(warnings)
        self.moment = moment


@dataclass(frozen=True)
class _Running:
    """A moment with the same program that has not ended."""

    moment: int
    responsible_id: int
    clinician: str
    started_at: int


@operation(
    "Starta ett moment",
    may={Role.CLINICIAN, Role.RESIDENT_ADMIN},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
)
def start_moment(
    work: Work,
    identity: str,
    program: str,
    *,
    responsible: str | None = None,
    new_resident: NewResident | None = None,
    confirmed: bool = False,
) -> int:
    """Start a program for a resident; returns the moment's id.

    Args:
        identity: the number as typed.
        program: the program's id.
        responsible: HSA-id of the clinician, else the one who starts it.
        new_resident: who it is, where the register does not know the number.
        confirmed: whether the warnings have been confirmed.

    Raises:
        NotPermitted: a clinician named another as responsible.
        Refused: a rule says no; `field` says where.
        NeedsConfirmation: all warnings; `AlreadyRunning` where the resident has the program running.
    """
    actor = as_staff(work.actor)
    unit_id = actor.unit_id
    if unit_id is None:
        raise NotPermitted
    own = actor.hsa_id or ""
    if hsa_key(responsible or own) != hsa_key(own) and Role.RESIDENT_ADMIN not in actor.roles:
        raise NotPermitted
    number = PersonalNumber.parse(identity, work.today)
    check_number(work, number)
    work.serialize(number.value)
    if over := agreement_over(work.db, unit_id, work.today):
        raise Refused(over)
    version_id = _program_for(work, unit_id, program)
    clinician = _responsible(work, actor, unit_id, responsible)
    someone = find_person(work, number)
    if someone is None:
        hold_register(work)
        someone = find_person(work, number)
    if someone is not None:
        work.concerns(someone.subject(unit_id))
    _check_region(work, unit_id, someone.region if someone else _entered(number, new_resident).region)
    if not confirmed:
        _warn(work, actor, someone, version_id, clinician)
    resident_id = someone.id if someone else add_person(work, _entered(number, new_resident))
    return _insert(work, resident_id, unit_id, clinician, program, version_id)


_OTHER_REGION = (
    "Invånaren är skriven i en annan region, och enheten har inte betjäningsområdet Hela landet. "
    "Den lokala administratören för Personalverktyget 1177 kan ändra enhetens betjäningsområde."
)
_UNKNOWN_REGION = (
    "Enheten tar bara emot invånare från den egna regionen, och det är inte känt var invånaren är skriven. "
    "Ange region med länets två siffror."
)
_UNKNOWN_RESIDENT = "Personnumret finns inte i registret. Ange efternamn och förnamn om invånaren ska läggas till."


def _program_for(work: Work, unit_id: int, program: str) -> int:
    version = latest_version(work.db, program)
    if version is None:
        raise Refused(
            f"Programmet {program} finns inte. Kontrollera programmets id.", field="program", helps=("unit_settings",)
        )
    if not is_open(work.db, unit_id, program):
        raise Refused(
            f"Programmet {version[1]} är inte öppet för enheten. {way_to_open(work.db, unit_id)}",
            field="program",
            helps=("open_program",),
        )
    return version[0]


def _responsible(work: Work, actor: StaffActor, unit_id: int, hsa_id: str | None) -> Colleague:
    if hsa_id is None and Role.CLINICIAN not in actor.roles:
        raise Refused("Välj ansvarig behandlare: du har inte själv rollen behandlare.", field="behandlare")
    found = hold_clinician(work, unit_id, hsa_id or actor.hsa_id or "")
    if found is None:
        raise Refused(
            f"{hsa_id} är inte aktiv behandlare på enheten. Välj en annan, eller be behörighetsadministratören "
            "aktivera personen under Personal.",
            field="behandlare",
            helps=("activate_staff",),
        )
    return found


def _warn(work: Work, actor: StaffActor, someone: Person | None, version_id: int, clinician: Colleague) -> None:
    """Raise `NeedsConfirmation` with all warnings, if there are any."""
    program = program_of(work.db, version_id)
    warnings = missing_training(work, actor.unit_id or 0, clinician, program)
    running = _running(work, someone, actor, program.id)
    if running:
        started = local_day(Instant(running.started_at))
        warnings.append(f"Invånaren har redan {program.title} pågående hos {running.clinician}, startat {started}.")
        may_open = Role.RESIDENT_ADMIN in actor.roles or running.responsible_id in {actor.staff_id, *actor.covers}
        raise AlreadyRunning(warnings, running.moment if may_open else None)
    if warnings:
        raise NeedsConfirmation(warnings)


def _running(work: Work, someone: Person | None, actor: StaffActor, program: str) -> _Running | None:
    """Return a moment of the unit with the same program that has not ended, rather one that the actor may open."""
    if someone is None:
        return None
    return work.db.one(
        _Running,
        "SELECT m.id AS moment, m.responsible_id, s.given_name || ' ' || s.family_name AS clinician,"
        " m.started_at FROM moment m JOIN staff s ON s.id = m.responsible_id"
        " WHERE m.resident_id = :resident AND m.unit_id = :unit AND m.program = :program AND m.status <> :ended"
        f" ORDER BY CASE WHEN {actor.own_moments} THEN 0 ELSE 1 END, m.id LIMIT 1",
        resident=someone.id,
        unit=actor.unit_id,
        program=program,
        ended=MomentStatus.ENDED.value,
    )


def _entered(number: PersonalNumber, typed: NewResident | None) -> Resident:
    """Return a resident as typed, marked as such; raises `Refused` at the field that is wrong."""
    if typed is None:
        raise Refused(_UNKNOWN_RESIDENT, field="efternamn")
    values: dict[str, Any] = typed.checked()
    return Resident(
        personnummer=number.value,
        sort_name=sort_name(values["family_name"], values["given_name"]),
        channel=channel_for(values),
        entered_by_hand=1,
        **values,
    )


def _check_region(work: Work, unit_id: int, region: str) -> None:
    if serves(work.db, unit_id, region):
        return
    if not region:
        raise Refused(_UNKNOWN_REGION, field="region")
    raise Refused(_OTHER_REGION, field="personnummer")


def _insert(work: Work, resident_id: int, unit_id: int, clinician: Colleague, program: str, version_id: int) -> int:
    """Write the moment with all that starting brings: modules, notices, counts, event and log row."""
    content = program_of(work.db, version_id)
    someone = known_person(work.db, resident_id)
    moment = Moment(
        resident_id=resident_id,
        unit_id=unit_id,
        program=program,
        version_id=version_id,
        responsible_id=clinician.staff_id,
        status=MomentStatus.RUNNING.value,
        started_at=work.now,
        forms_look_at=work.now,
        purge_by=years_after(local_day(work.now), PURGE_AFTER_YEARS).isoformat(),
        sort_name=someone.list_name,
    )
    moment_id = work.add(moment)
    here = load_moment(work, moment_id)
    count_moments(work, here, +1)
    open_from_start(work, here, content)
    notify_resident(work, here, NoticeKind.PROGRAM_STARTED, work.now)
    for days in content.reminders:
        notify_resident(work, here, NoticeKind.REMINDER, days_after(work.now, days))
    work.event(here, EventKind.STARTED, responsible=clinician.name)
    work.log(Action.CHANGED, here)
    serve_proxies(work, here)
    return moment_id
