"""Starting a moment from a list: the dialog, and the store's part of it. Loaded after the first rows are on screen."""

from typing import Any

from textual.app import App

from screens.dialogs.start import Outcome, StartDialog, StartRequest
from screens.store_client import StoreClient
from store.care.look_up import Echo, look_up_resident
from store.care.starting import start_moment
from store.foundation.access import Role
from store.foundation.errors import NotPermitted
from store.people.sign_in import StaffActor
from store.views.choices import open_programs, unit_clinicians, unit_region


async def ask_for_start(
    app: App[Any], client: StoreClient, program: str | None, *, names_clinician: bool
) -> Outcome | None:
    """Let the person start a moment; returns the moment to go on with, None where nothing was started.

    Args:
        app: where the dialog is shown.
        client: the way to the store.
        program: the one to begin with.
        names_clinician: whether ansvarig behandlare is asked for, as from *Alla*.

    Raises:
        DomainError: what there is to choose from could not be read.
    """
    actor = client.actor
    if not isinstance(actor, StaffActor):
        raise NotPermitted()
    asks = names_clinician and Role.RESIDENT_ADMIN in actor.roles
    programs = await client.read(open_programs)
    clinicians = await client.read(unit_clinicians) if asks else None
    region = await client.read(unit_region)

    async def look_up(typed: str) -> Echo:
        return await client.read(look_up_resident, typed)

    async def perform(request: StartRequest, confirmed: bool) -> int:
        return await client.write(
            start_moment,
            request.identity,
            request.program,
            responsible=request.responsible,
            new_resident=request.new_resident,
            confirmed=confirmed,
        )

    dialog = StartDialog(
        programs,
        look_up,
        perform,
        program=program,
        clinicians=clinicians,
        responsible=actor.hsa_id if asks and Role.CLINICIAN in actor.roles else None,
        region=region,
    )
    done = await app.push_screen_wait(dialog)
    return done.value if done else None
