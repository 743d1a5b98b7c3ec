"""The whole app on a clinic's store, for what stands on a tab or is reached from one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from textual.events import Paste

from screens.commands import commands_of
from store.foundation.access import OPERATOR, Role
from tests.app.driver import Driver, move, running
from tests.clinics import HERE, MONDAY, PROVIDER_ADMIN, Clinic, hsa_id_of
from tests.signing_in import code_now, give_account

SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["narrow", "wide"])
LOST = "Ingen kontakt med databasen."
STANDS = "Ingen kontakt med databasen. Det du har skrivit står kvar här."


@asynccontextmanager
async def at_work(
    clinic: Clinic, role: Role = Role.CLINICIAN, *, size: tuple[int, int] = (80, 24), practice: bool = True
) -> AsyncIterator[Driver]:
    """The app, with somebody at work who has that role alone."""
    who = PROVIDER_ADMIN if role is Role.PROVIDER_ADMIN else hsa_id_of(role, HERE)
    async with running(clinic.store.engine.url, who, size=size, now=MONDAY, practice=practice) as driver:
        if not practice:
            with clinic.store.work(OPERATOR) as work:
                secret, _ = give_account(work, who)
            await driver.come_in(code_now(clinic.store, secret))
        yield driver


async def open_tab(driver: Driver, label: str) -> None:
    """Open a tab by the key that is shown beside it."""
    key = re.compile(rf"(\d) {label}")
    await driver.until(lambda: key.search(driver.text) is not None, label)
    await driver.press(key.findall(driver.text)[0])


@contextmanager
def taken_away(clinic: Clinic) -> Iterator[None]:
    """The database is gone meanwhile."""
    path = Path(clinic.store.engine.url.removeprefix("sqlite:///"))
    away = move(path, "borta.sqlite")
    yield
    move(away, path.name)


async def paste(driver: Driver, text: str) -> None:
    """Put a text where the focus is, as a terminal does with what is pasted."""
    driver.app.post_message(Paste(text))
    await driver.pilot.pause()


def said(driver: Driver) -> str:
    """All that stands on the screen, line breaks, frames and the ends of a scroll bar made one space."""
    return " ".join(driver.text.translate(str.maketrans("│▌▁▂▃▄▅▆▇", "         ")).split())


def keys(driver: Driver) -> dict[str, str]:
    """What the key bar is made from, the app's own left out."""
    return {
        command.keys[0]: command.label.replace("\xa0", " ")
        for command in commands_of(driver.app.screen)
        if command.on_key_bar and not command.everywhere
    }


def focus(driver: Driver) -> str | None:
    """The id of what has the focus."""
    return driver.app.focused.id if driver.app.focused else None
