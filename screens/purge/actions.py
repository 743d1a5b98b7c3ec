"""What can be done in *Gallring*: each opens its dialog, and returns what is said once it is done.

An empty string says that nothing was done.
"""

from pathlib import Path
from typing import Any

from textual.app import App

from screens.dialogs.info import InfoDialog
from screens.dialogs.purge import CertificateDialog, PurgeDialog, Stop, StopDialog
from screens.kept_drafts import forget_purged_drafts
from screens.purge.rows import PurgeSource
from screens.store_client import StoreClient
from screens.whom import Whom
from store.care.purge_facts import purge_certificate
from store.care.purge_stops import lift_stop, stop_purge
from store.care.purges import begin_purge, counted
from store.foundation.files import write_new
from store.foundation.progress import Progress
from store.views.purge_list import Line


async def stop(app: App[Any], client: StoreClient, line: Line) -> str:
    """Keep a moment from being purged."""

    async def perform(typed: Stop, _confirmed: bool) -> Stop:
        await client.write(stop_purge, line.id, typed.ground, typed.until, of_resident=typed.of_resident)
        return typed

    done = await app.push_screen_wait(StopDialog(perform, whom=whom_of(line)))
    return f"Gallringsstopp till och med {done.value.until.isoformat()}." if done else ""


async def lift(client: StoreClient, line: Line) -> str:
    """Lift what keeps a moment from being purged."""
    await client.write(lift_stop, line.id)
    return "Gallringsstoppet är hävt."


async def purge(app: App[Any], client: StoreClient, source: PurgeSource) -> str:
    """Purge what is chosen, once the count is typed, or go on with what was cut off; shows the certificate."""
    unfinished = source.found.unfinished if source.found else None
    moments, residents = source.chosen_ids

    async def perform(typed: int, confirmed: bool, progress: Progress) -> str:
        if unfinished:
            return await client.purge(unfinished.id, progress)
        begun = await client.write(begin_purge, moments, typed, residents, confirmed=confirmed)
        return await client.purge(begun, progress)

    number = unfinished.left if unfinished else len(moments) + len(residents)
    said = f"{number} av {unfinished.chosen}" if unfinished else counted(len(moments), len(residents))
    done = await app.push_screen_wait(PurgeDialog(number, said, perform, goes_on=unfinished is not None))
    if done is None:
        return ""
    source.chosen.clear()
    await client.run_on_files(lambda: forget_purged_drafts(client))
    await show_certificate(app, client, done.value)
    return f"Gallringen är klar: {said}."


async def certificate(app: App[Any], client: StoreClient) -> str:
    """Show the newest certificate."""
    await show_certificate(app, client, await client.read(purge_certificate))
    return ""


async def show_certificate(app: App[Any], client: StoreClient, content: str) -> None:
    """Show a certificate, and save it where somebody says."""

    async def perform(place: str, _confirmed: bool) -> str:
        return await client.run_on_files(lambda: _save(place, content))

    done = await app.push_screen_wait(CertificateDialog(content, perform))
    if done is not None:
        await app.push_screen_wait(InfoDialog("Intyget är sparat", done.value, whom=None))


def _save(place: str, content: str) -> str:
    """Write a certificate to a new file; returns where it is. Raises `Refused`."""
    path = Path(place).expanduser()
    write_new(path, content.encode())
    return str(path)


def whom_of(line: Line) -> Whom:
    """Return whom a dialog on a moment is about."""
    return Whom(line.name, line.program)
