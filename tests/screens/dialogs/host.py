"""A tiny app that opens one dialog, and what the tests ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

import pytest
from textual.app import ComposeResult
from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from screens.commands import commands_of
from screens.dialogs.box import Box
from screens.safe_app import SafeApp
from screens.themes import DARK
from screens.whom import Whom
from store.care.look_up import Echo
from store.foundation.errors import DomainError, Refused
from store.foundation.identity import PersonalNumber
from store.people.staff import Colleague

WHOM = Whom("Ahlberg, Sara", "KomIgång online")
TODAY = date(2026, 11, 22)
SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["narrow", "wide"])
HOSTILE = "[/x] [@click=app.quit]Åsa[/] $name [bold"
PROGRAMS = (("komigang-online", "KomIgång online"), ("nedstamdhet", "Nedstämdhet"), ("sov-gott", "Sov gott"))
COLLEAGUES = (
    Colleague(1, "SE2321000040-OV01", "Karin", "Lind"),
    Colleague(2, "SE2321000040-OV02", "Per", "Ek"),
    Colleague(3, "SE2321000040-OV12", "Åsa", "Öberg"),
)
REASONS = ("Avslutat enligt plan", "Avbrutet av invånaren", "Startat av misstag", "Övrigt")
UNDONE = ("1 ohanterad prioriterad flagga", "2 olästa meddelanden", "1 oläst formulär")
ADULT = "200001012384"
_HOPS = 3
"""How many pauses a message may need on its way: from widget to widget, and what they send on."""
_CHARACTERS = {"space": " "}
_FRAME = str.maketrans("│▌", "  ")


class Host(SafeApp[None]):
    """Opens a dialog over an empty page, and keeps what it gives."""

    def __init__(self, dialog: Box[Any], *, theme: str = DARK.name) -> None:
        super().__init__(theme=theme)
        self.dialog = dialog
        self.given: list[object] = []

    def get_default_screen(self) -> Screen[None]:
        return _Page()

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.given.append)

    @property
    def is_open(self) -> bool:
        return self.screen is self.dialog


class _Page(Screen[None]):
    AUTO_FOCUS: ClassVar[str | None] = ""

    def compose(self) -> ComposeResult:
        yield Static("Sidan under dialogen", id="page")


@asynccontextmanager
async def opened(dialog: Box[Any], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """The dialog open in an app of this size."""
    async with Host(dialog).run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Let every message, and what comes of it, be taken care of: on a busy machine a pause alone is too short."""
    await _hop(pilot)
    await pilot.app.workers.wait_for_complete()
    await _hop(pilot)


async def _hop(pilot: Pilot[None]) -> None:
    for _ in range(_HOPS):
        await pilot.pause(0)


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys while something may be under way that is not waited for."""
    for key in keys:
        character = _CHARACTERS.get(key, key if len(key) == 1 else None)
        event = Key(_character_to_key(key) if len(key) == 1 else key, character)
        event.set_sender(pilot.app)
        pilot.app.post_message(event)
        await _hop(pilot)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for what comes of each."""
    for key in keys:
        await pressed(pilot, key)
        await pilot.app.workers.wait_for_complete()
    await _hop(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Put a text where the focus is, as a terminal does with what is pasted."""
    pilot.app.post_message(Paste(text))
    await settled(pilot)


def host(pilot: Pilot[None]) -> Host:
    assert isinstance(pilot.app, Host)
    return pilot.app


def given(pilot: Pilot[None]) -> list[object]:
    return host(pilot).given


def focus(pilot: Pilot[None]) -> str | None:
    """The id of what has the focus."""
    return pilot.app.focused.id if pilot.app.focused else None


def lines(pilot: Pilot[None]) -> list[str]:
    """The lines as they stand on the screen."""
    return [strip.text for strip in pilot.app.screen._compositor.render_strips()]


def shown(pilot: Pilot[None]) -> str:
    """All that stands on the screen, line breaks, frames and the bar of the focus made one space."""
    return " ".join(" ".join(lines(pilot)).translate(_FRAME).split())


def keys(pilot: Pilot[None]) -> dict[str, str]:
    """What the key bar is made from: a key and its words."""
    return {
        command.keys[0]: command.label.replace("\xa0", " ")
        for command in commands_of(pilot.app.screen)
        if command.on_key_bar
    }


async def tabbed(pilot: Pilot[None], times: int) -> list[str | None]:
    """Where the focus goes, Tab after Tab."""
    stops = []
    for _ in range(times):
        await press(pilot, "tab")
        stops.append(focus(pilot))
    return stops


@dataclass
class Performed:
    """A made-up `perform`: keeps what it was asked, and answers with what is in `answers`, one after the other."""

    answers: list[object] = field(default_factory=list)
    asked: list[tuple[Any, bool]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """Where it waits, if anywhere."""

    async def __call__(self, value: object, confirmed: bool) -> Any:
        self.asked.append((value, confirmed))
        if self.gate is not None:
            await self.gate.wait()
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Register:
    """A made-up `look_up`: knows one adult, and a number waits where there is a gate for it."""

    echoes: dict[str, Echo | DomainError] = field(default_factory=dict)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, text: str) -> Echo:
        self.asked.append(text)
        if text in self.gates:
            await self.gates[text].wait()
        answer = self.echoes.get(text)
        if isinstance(answer, DomainError):
            raise answer
        return answer or echo_of(text)


def echo_of(text: str, name: str | None = "Berg, Olle", *, protected: bool = False, said: Sequence[str] = ()) -> Echo:
    number = PersonalNumber.parse(text, TODAY)
    return Echo(number, number.display(TODAY), number.age(TODAY), number.sex, name, protected, tuple(said))


def refusal(sentence: str, name: str) -> Refused:
    return Refused(sentence, field=name)
