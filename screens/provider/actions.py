"""What can be done above the units: each opens its dialog, and returns what is said once it is done.

An empty string says that nothing was done.
"""

from typing import Any

from textual.app import App

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.provider import CloseProgramDialog, NewUnit, ProviderDialog, SettingsText, UnitDialog, changes
from screens.provider.rows import Line, ProviderSource
from screens.store_client import StoreClient
from screens.widgets.cells import clean
from store.care.program_opening import close_program, open_program
from store.people.provider_settings import ProviderSettings, change_provider
from store.people.provider_units import add_unit, name_unit
from store.views.provider import ProviderUnit, UnitsProgram

NOT_OPEN = "inte öppet"


async def add(app: App[Any], client: StoreClient) -> str:
    """Add a unit."""

    async def perform(new: NewUnit, _confirmed: bool) -> str:
        await client.write(add_unit, new.hsa_id, new.name, region=new.region, contact=new.contact)
        return new.name

    done = await app.push_screen_wait(UnitDialog(perform))
    return f"{clean(done.value)} är tillagd. Driften utser dess första behörighetsadministratör." if done else ""


async def describe_unit(app: App[Any], client: StoreClient, unit: ProviderUnit) -> str:
    """Change what a unit is called, and whom the care provider turns to there."""

    async def perform(new: NewUnit, _confirmed: bool) -> str:
        await client.write(name_unit, unit.hsa_id, name=new.name, contact=new.contact)
        return new.name

    done = await app.push_screen_wait(UnitDialog(perform, unit))
    return f"Uppgifterna om {clean(done.value)} är sparade." if done else ""


async def settings(app: App[Any], client: StoreClient, held: ProviderSettings) -> str:
    """Change what is decided for all units."""

    async def perform(typed: SettingsText, confirmed: bool) -> None:
        await client.write(change_provider, **changes(typed, held), seen=held, confirmed=confirmed)

    done = await app.push_screen_wait(ProviderDialog(held, perform))
    return "Vårdgivarens inställningar är sparade." if done else ""


async def switch_program(app: App[Any], client: StoreClient, source: ProviderSource, line: Line | None) -> str:
    """Choose a program for the cursor's unit, or a unit for the cursor's program, and open or close it there."""
    if line is None:
        return ""
    chosen = await app.push_screen_wait(ChoiceDialog(*_choices(source, line), whom=None))
    if chosen is None:
        return ""
    unit, program, title = chosen
    used = _used(unit, program)
    if used is not None and used.is_open:
        return await _close(app, client, unit, used)
    await client.write(open_program, program, unit.hsa_id)
    return clean(f"{title} är öppet för {unit.name}.")


Place = tuple[ProviderUnit, str, str]
"""A unit, and a program's id and title."""


def _choices(source: ProviderSource, line: Line) -> tuple[str, list[Choice[Place]]]:
    """Return the heading, and what there is to choose."""
    if isinstance(line, ProviderUnit):
        heading = f"Öppna eller stäng program · {line.name}"
        return heading, [
            Choice((line, program, title), title, _state(line, program)) for program, title in source.provided.programs
        ]
    heading = f"Öppna eller stäng {line.title}"
    units = source.provided.units
    return heading, [Choice((unit, line.program, line.title), unit.name, _state(unit, line.program)) for unit in units]


def _state(unit: ProviderUnit, program: str) -> str:
    used = _used(unit, program)
    return used.said if used else NOT_OPEN


def _used(unit: ProviderUnit, program: str) -> UnitsProgram | None:
    return next((one for one in unit.programs if one.program == program), None)


async def _close(app: App[Any], client: StoreClient, unit: ProviderUnit, used: UnitsProgram) -> str:
    async def perform(_value: bool, _confirmed: bool) -> None:
        await client.write(close_program, used.program, unit.hsa_id)

    done = await app.push_screen_wait(CloseProgramDialog(unit, used, perform))
    return clean(f"{used.title} är stängt för {unit.name}.") if done else ""
