"""What can be done with the unit's staff: each opens its dialog, and returns what is said once it is done.

An empty string says that nothing was done.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from textual.app import App

from screens.dialogs.import_staff import ImportStaffDialog
from screens.dialogs.info import InfoDialog
from screens.dialogs.reset_account import ResetAccountDialog
from screens.dialogs.roles import RoleChange, RoleDialog, TrainingChange, TrainingDialog
from screens.dialogs.staff import ActivateDialog, AddStaffDialog, InactivateDialog, NewStaff, TakeOver
from screens.shown_keys import key_of
from screens.staff.rows import changes_told, full_name, role_words
from screens.stand_ins import ask_for_substitute
from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.wording import long_day, plural, short_day
from store.care.role_analyses import role_analyses
from store.care.staffing import inactivate_staff, take_role
from store.foundation.access import Role
from store.foundation.clock import Instant
from store.foundation.csv_file import MOST_BYTES
from store.foundation.errors import DomainError, Refused
from store.foundation.files import file_content
from store.people.assignments import activate_staff, add_staff, give_role, record_training
from store.people.invitations import DAYS, invite, reset_account
from store.people.newcomers import Newcomer, look_up_staff
from store.people.personnel import StaffLine, moments_left_by, staff_history, staff_line
from store.people.sign_in import StaffActor
from store.people.staff import Colleague
from store.people.staff_placing import PLACED, place_staff, read_placed
from store.views.choices import open_programs, unit_clinicians

INVITED = (
    "{code}\n\nKoden gäller en gång, i {days} dagar, och visas bara nu. Lämna den till personen själv, som skapar sitt "
    "konto med den när appen frågar efter inloggning: Jag har en inbjudan."
)

Action = Callable[[App[Any], StoreClient, StaffLine], Awaitable[str]]
"""Does something with a person, after a dialog; returns what is said then, empty where nothing was done."""


async def add(app: App[Any], client: StoreClient) -> tuple[str, StaffLine | None]:
    """Add somebody, or activate who is there already; returns what is said then, and who it is."""
    try:
        programs = await client.read(open_programs)
        analyses = {one.role: one.said for one in await client.read(role_analyses)}
    except DomainError as refusal:
        release_keys(app)
        return refusal.message, None

    async def look_up(hsa_id: str) -> Newcomer | None:
        return await client.read(look_up_staff, hsa_id)

    async def perform(new: NewStaff, confirmed: bool) -> NewStaff:
        if new.activate:
            await client.write(activate_staff, new.hsa_id)
        else:
            await client.write(
                add_staff,
                new.hsa_id,
                family_name=new.family_name,
                given_name=new.given_name,
                email=new.email,
                roles=new.roles,
                reason=new.reason,
                trainings=new.trainings,
                confirmed=confirmed,
            )
        return new

    dialog = AddStaffDialog(perform, look_up, roles=_roles(client), programs=programs, analyses=analyses)
    done = await app.push_screen_wait(dialog)
    if done is None:
        return "", None
    try:
        line = await client.read(staff_line, done.value.hsa_id.strip())
    except DomainError:  # somebody has gone on with it meanwhile
        return f"{done.value.hsa_id} är tillagd på enheten.", None
    name = full_name(line)
    if done.value.activate:
        return f"{name} är aktiv på enheten igen.", line
    if not line.roles:
        return f"{name} är tillagd på enheten, utan roller. Ge roller med {key_of('personnel.role')}.", line
    return f"{name} är tillagd på enheten, med {', '.join(_held(line))}.", line


async def activate(app: App[Any], client: StoreClient, line: StaffLine) -> str:
    """Activate somebody again."""

    async def perform(_value: bool, _confirmed: bool) -> None:
        await client.write(activate_staff, line.hsa_id)

    name = full_name(line)
    done = await app.push_screen_wait(ActivateDialog(name, _held(line), perform))
    return f"{name} är aktiv på enheten igen, {'med sina' if line.roles else 'utan'} roller." if done else ""


async def inactivate(app: App[Any], client: StoreClient, line: StaffLine) -> str:
    """Inactivate somebody; running moments go to others."""
    left = await client.read(moments_left_by, line.hsa_id)
    takers = await _takers(client, line) if left else ()
    moments = [(one.id, f"{one.title}, startat {long_day(Instant(one.started_at))}") for one in left]
    urgent = [
        f"Ohanterad prioriterad flagga sedan {short_day(Instant(one.priority_since))}: {words}"
        for one, (_, words) in zip(left, moments, strict=True)
        if one.priority_since is not None
    ]

    async def perform(who: TakeOver, confirmed: bool) -> int:
        return await client.write(inactivate_staff, line.hsa_id, to=who.to, each=dict(who.each), confirmed=confirmed)

    name = full_name(line)
    done = await app.push_screen_wait(InactivateDialog(name, moments, takers, perform, urgent=urgent))
    return _said(f"{name} är inaktiv på enheten.", done.value) if done else ""


async def import_file(app: App[Any], client: StoreClient) -> str:
    """Read staff from a CSV file, and place them on the unit."""

    async def perform(path: Path, confirmed: bool) -> tuple[int, list[int]]:
        content = await client.run(lambda: file_content(path, most=MOST_BYTES + 1))
        rows = await client.run(lambda: read_placed(content))
        return len(rows), await client.write(place_staff, rows, confirmed=confirmed)

    done = await app.push_screen_wait(ImportStaffDialog(perform))
    if done is None:
        return ""
    number, left = done.value
    said = f"{plural(number, 'person är placerad', 'personer är placerade')} på enheten."
    return f"{said} Rad {', '.join(map(str, left))}: {PLACED}." if left else said


async def change_role(app: App[Any], client: StoreClient, line: StaffLine) -> str:
    """Give somebody a role, or take one."""
    takers = await _takers(client, line) if line.moments else ()
    analyses = {one.role: one.said for one in await client.read(role_analyses)}
    said = ""

    async def perform(change: RoleChange, confirmed: bool) -> int:
        nonlocal said
        if not change.gives:
            said = f"{name} har inte längre rollen {change.role}."
            return await client.write(
                take_role, line.hsa_id, change.role, change.reason, to=change.to, confirmed=confirmed
            )
        said = f"{name} har rollen {change.role}{f' till och med {change.until}' if change.until else ''}."
        what = (line.hsa_id, change.role, change.reason)
        await client.write(give_role, *what, until=change.until, confirmed=confirmed)
        return 0

    name = full_name(line)
    dialog = RoleDialog(
        name, _held(line), _roles(client), perform, takers=takers, moments=line.moments, analyses=analyses
    )
    done = await app.push_screen_wait(dialog)
    return _said(said, done.value) if done else ""


async def show_history(app: App[Any], client: StoreClient, line: StaffLine) -> str:
    """Show what was done with somebody: added, roles given and taken, inactivated, activated, trainings."""
    text = changes_told(await client.read(staff_history, line.hsa_id))
    await app.push_screen_wait(InfoDialog(f"Historik · {full_name(line)}", text, whom=None))
    return ""


async def choose_substitute(app: App[Any], client: StoreClient, line: StaffLine) -> str:
    """Appoint who stands in for somebody, or end it."""
    actor = client.actor
    is_own = isinstance(actor, StaffActor) and actor.staff_id == line.id
    is_admin = isinstance(actor, StaffActor) and Role.RESIDENT_ADMIN in actor.roles
    return await ask_for_substitute(
        app, client, line.hsa_id, full_name(line), line.substitutes, may_write=is_own or is_admin, is_own=is_own
    )


async def invite_person(app: App[Any], client: StoreClient, line: StaffLine) -> str:
    """Invite somebody to make an account, or reset the one there is, and show the code: it can't be seen again.

    It is no command that is sent once more by its UUID: what a command returns is kept in the store.
    """

    async def reset(decision: str, _confirmed: bool) -> str:
        return await client.open(reset_account, line.hsa_id, decision)

    name = full_name(line)
    try:
        code = await client.open(invite, line.hsa_id)
    except Refused as refusal:
        if reset_account.__name__ not in refusal.helps:
            raise
        done = await app.push_screen_wait(ResetAccountDialog(name, reset))
        if done is None:
            return ""
        code = done.value
    await app.push_screen_wait(InfoDialog(f"Inbjudan · {name}", INVITED.format(code=code, days=DAYS), whom=None))
    return ""


async def record_trainings(app: App[Any], client: StoreClient, line: StaffLine) -> str:
    """Record trainings, or take records away."""
    programs = await client.read(open_programs)

    async def perform(change: TrainingChange, _confirmed: bool) -> None:
        for is_done, subjects in ((True, change.done), (False, change.undone)):
            for subject in subjects:  # once more is as good as once
                await client.write(record_training, line.hsa_id, subject, done=is_done)

    name = full_name(line)
    done = await app.push_screen_wait(TrainingDialog(name, _roles(client), programs, line.trainings, perform))
    return f"Utbildningarna är sparade för {name}." if done else ""


async def _takers(client: StoreClient, line: StaffLine) -> Sequence[Colleague]:
    return [who for who in await client.read(unit_clinicians) if who.hsa_id != line.hsa_id]


def _roles(client: StoreClient) -> list[Role]:
    """Return the roles on a unit; whether one can be given, the store says."""
    absent = {Role.PROVIDER_ADMIN, *(() if client.practice else (Role.TRAINER,))}
    return [role for role in Role if role not in absent]


def _held(line: StaffLine) -> list[str]:
    return [role_words(role) for role in line.roles]


def _said(what: str, moved: int) -> str:
    if not moved:
        return what
    return f"{what} {plural(moved, 'moment', 'moment')} har fått en ny ansvarig behandlare."
