"""An app with one resident's page in it, and what the tests do to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from screens.commands import commands_of
from screens.moment.document_screen import Document, DocumentScreen
from screens.moment.modules.module_list import ModuleList
from screens.moment.moment_screen import MomentScreen
from screens.safe_app import SafeApp
from screens.store_client import StoreClient
from store.foundation.access import Actor
from store.foundation.operation import OPERATIONS
from store.people.sign_in import StaffActor
from tests import waits
from tests.clinics import Clinic
from tests.screens.painted import lines

SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["narrow", "wide"])


class Host(SafeApp[None]):
    """Opens a page over an empty one, and keeps what it gives."""

    def __init__(self, clinic: Clinic, moment: int, actor: StaffActor) -> None:
        super().__init__()
        self.client = StoreClient(clinic.store.engine.url, practice=True, clock=clinic.clock)
        self.client.actor = actor
        self.page = MomentScreen(self.client, moment, "Mina")
        self.given: list[str | None] = []

    def get_default_screen(self) -> Screen[None]:
        return _Beneath()

    def on_mount(self) -> None:
        self.push_screen(self.page, self.given.append)


class _Beneath(Screen[None]):
    def compose(self) -> ComposeResult:
        yield Static("Listan under sidan")


@asynccontextmanager
async def opened(
    clinic: Clinic, moment: int, by: StaffActor | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    """The page open and read, by its clinician unless said."""
    app = Host(clinic, moment, by or clinic.clinician)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield pilot
    app.client.close()


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is being read or done; a worker that waits for an open dialog is let be."""
    await pilot.pause()
    await waits.threads_done()
    await pilot.pause()
    while short := [worker for worker in pilot.app.workers if worker.group != "dialog" and not worker.is_finished]:
        await pilot.app.workers.wait_for_complete(short)
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each after what came of the one before."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait, without sleeping, until something holds."""
    await waits.until(pilot, holds, lambda: shown(pilot))
    await settled(pilot)


async def told(pilot: Pilot[None]) -> None:
    """Let the page know that something on the unit has changed, as the app does."""
    await host(pilot).page.changed()
    await settled(pilot)


def do(clinic: Clinic, by: Actor, operation: Callable[..., Any], *args: object, **options: object) -> Any:
    """Do something as somebody else, at another terminal."""
    with clinic.store.work(by) as work:
        return operation(work, *args, **options)


def host(pilot: Pilot[None]) -> Host:
    assert isinstance(pilot.app, Host)
    return pilot.app


def page(pilot: Pilot[None]) -> MomentScreen:
    return host(pilot).page


def document(pilot: Pilot[None]) -> Document:
    """What is shown on the page over the moment's."""
    screen = host(pilot).screen
    assert isinstance(screen, DocumentScreen)
    return screen.document


def modules(pilot: Pilot[None]) -> ModuleList:
    return page(pilot).query_one(ModuleList)


def shown(pilot: Pilot[None]) -> str:
    """All that stands on the screen."""
    return "\n".join(lines(pilot.app))


def banner(pilot: Pilot[None]) -> str:
    """What the page says over its content."""
    found = [str(static.render()) for static in page(pilot).query("#banner").results(Static) if static.display]
    return "".join(found)


def keys(pilot: Pilot[None]) -> dict[str, str]:
    """What the key bar is made from: a key and its words."""
    return {
        command.keys[0]: command.label.replace("\xa0", " ")
        for command in commands_of(pilot.app.screen)
        if command.on_key_bar and not command.everywhere
    }


def focus(pilot: Pilot[None]) -> str | None:
    """The id of what has the focus."""
    return pilot.app.focused.id if pilot.app.focused else None


def notices(pilot: Pilot[None]) -> list[str]:
    """What the notifications say; those of the page's moment without whom they are about."""
    whom = page(pilot).reader.whom.says("")
    return [notification.message.removeprefix(whom) for notification in pilot.app._notifications]


def path_of(clinic: Clinic) -> Path:
    """The file that the store lies in."""
    return Path(clinic.store.engine.url.removeprefix("sqlite:///"))


def read_log(clinic: Clinic, operation: str) -> int:
    """How many log rows an operation has left."""
    assert operation in OPERATIONS
    return int(clinic.value("SELECT count(*) FROM log WHERE operation = :operation", operation=operation))
