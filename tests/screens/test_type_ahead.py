"""Keys that come faster than they can be dealt with: each is for what the one before it has led to."""

import asyncio
from collections.abc import Callable

import pytest
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Button, Input

from screens import type_ahead
from screens.type_ahead import PendingKey, TypeAhead
from tests import waits

NAMES = {"tab": None, "shift+tab": None}


class Lossy(Button):
    """Something that takes a key with it, as what is removed may do."""

    async def _dispatch_message(self, message: Message) -> None:
        """Lose a key."""
        if not isinstance(message, events.Key):
            await super()._dispatch_message(message)


class Host(TypeAhead):
    """Two fields, and a place whose keys lead to the second."""

    BINDINGS = [Binding("s", "second", "Till det andra"), Binding("q", "quit_it", "Bort")]
    went = 0

    def compose(self) -> ComposeResult:
        yield Input(id="first")
        with Vertical():
            yield Input(id="second")
        yield Button("Här")
        yield Lossy("Borta")

    def action_second(self) -> None:
        self.went += 1
        self.query_one("#second", Input).focus()

    def action_quit_it(self) -> None:
        self.went += 100

    def value(self, which: str) -> str:
        return self.query_one(f"#{which}", Input).value


class Slow(Host):
    """A place whose key is asked after while what it leads to is being made."""

    BINDINGS = [Binding("d", "make_second", "Gör det andra")]

    def __init__(self) -> None:
        super().__init__()
        self._begun, self._looked = asyncio.Event(), asyncio.Event()

    async def action_make_second(self) -> None:
        self._begun.set()
        await self._looked.wait()
        self.action_second()

    async def _look_at(self, pending: PendingKey) -> None:  # type: ignore[override]  # Textual awaits what it calls
        await self._begun.wait()
        super()._look_at(pending)
        self._looked.set()


def type_in(app: Host, *keys: str) -> None:
    """Let keys come in one go, as the driver brings them."""
    for key in keys:
        app.post_message(events.Key(key, NAMES.get(key, key)).set_sender(app))


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    await waits.until(pilot, holds, lambda: str([(field.id, field.value) for field in pilot.app.query(Input)]))


async def test_kept_keys_come_before_those_that_come_while_they_are_given() -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.hold_keys()
        type_in(app, "1")
        app.call_later(app.release_keys)
        type_in(app, "2", "3")
        await until(pilot, lambda: app.value("first") == "123")


@pytest.mark.parametrize("letters", ["åb", "x" * 300])
async def test_what_follows_tab_is_for_the_field_it_leads_to(letters: str) -> None:
    app = Host()
    async with app.run_test() as pilot:
        type_in(app, "a", "tab", *letters, "shift+tab", "z")
        await until(pilot, lambda: app.value("first") == "z")  # what stands there is marked, and replaced
        assert app.value("second") == letters


async def test_what_follows_a_key_that_leads_to_a_field_is_for_the_field() -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.query_one(Button).focus()
        await pilot.pause()
        type_in(app, "s", "s", "q", "s")
        await until(pilot, lambda: app.value("second") == "sqs")
        assert app.went == 1, "else a letter was a key of the place it was not typed for"


async def test_a_key_waits_while_the_one_before_it_is_carried_out() -> None:
    """A busy list took the digit after `/`, while the search field was being made."""
    app = Slow()
    async with app.run_test() as pilot:
        app.query_one(Button).focus()
        await pilot.pause()
        type_in(app, "d", "1", "2")
        await until(pilot, lambda: app.value("second") == "12")


@pytest.mark.parametrize("is_removed", [True, False])
async def test_a_key_that_was_lost_holds_up_nobody(is_removed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Host, "_look_at", lambda _app, _given: None)  # nor is anything told of it
    app = Host()
    async with app.run_test() as pilot:
        app.query_one(Lossy).focus()
        await pilot.pause()
        type_in(app, "x")
        await pilot.pause()
        app.query_one("#first").focus()
        await pilot.pause()
        if is_removed:
            await app.query_one(Lossy).remove()
        else:
            monkeypatch.setattr(type_ahead, "PATIENCE_SECONDS", 0.0)
        type_in(app, "1")
        await until(pilot, lambda: app.value("first") == "1")


async def test_keys_held_again_before_they_are_given_are_given_once() -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.hold_keys()
        type_in(app, "1")
        await pilot.pause()
        app.release_keys()
        app.hold_keys()
        type_in(app, "2")
        await pilot.pause()
        assert app.value("first") == ""
        app.release_keys()
        await until(pilot, lambda: app.value("first") == "12")


async def test_keys_that_nobody_releases_are_given_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type_ahead, "HOLD_SECONDS", 0.05)
    app = Host()
    async with app.run_test() as pilot:
        app.hold_keys()
        type_in(app, "1")
        await until(pilot, lambda: app.value("first") == "1")


async def test_a_key_on_its_way_when_keys_are_held_is_held_too() -> None:
    """It stands before those that came after it."""
    app = Host()
    async with app.run_test() as pilot:
        app.query_one(Button).focus()
        await pilot.pause()
        type_in(app, "q", "w")
        app.call_later(app.hold_keys)
        await pilot.pause()
        assert app.went == 0
        app.query_one("#first").focus()
        await pilot.pause()
        app.release_keys()
        await until(pilot, lambda: len(app.value("first")) == 2)
        assert app.value("first") == "qw"
