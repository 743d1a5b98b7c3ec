"""Keys that are typed while the next screen is on its way come to it as they were typed."""

import pytest
from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from screens.type_ahead import TypeAhead


class Host(TypeAhead):
    """A field."""

    def compose(self) -> ComposeResult:
        yield Input()


def typed(app: Host, character: str, at: float) -> None:
    """Type as the driver does."""
    key = events.Key(character, character)
    key.time = at
    app.post_message(key.set_sender(app))


async def field(app: Host, pilot: Pilot[None], wanted: str) -> str:
    """Return what stands in the field when as much is there as is wanted."""
    value = app.query_one(Input)
    for _ in range(100):
        await pilot.pause()
        if len(value.value) >= len(wanted):
            break
    return value.value


async def test_a_key_that_comes_while_the_kept_are_given_stands_after_them() -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.hold_keys()
        typed(app, "1", 1)
        app.call_later(app.release_keys)
        typed(app, "2", 2)
        typed(app, "3", 3)
        assert await field(app, pilot, "123") == "123"


@pytest.mark.parametrize("order", ["132", "321"])
async def test_a_key_that_was_long_on_its_way_stands_where_it_was_typed(order: str) -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.hold_keys()
        for character in order:
            typed(app, character, float(character))
        app.call_later(app.release_keys)
        assert await field(app, pilot, "123") == "123"


async def test_keys_held_again_before_they_are_given_are_given_once() -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.hold_keys()
        typed(app, "1", 1)
        await pilot.pause()
        app.release_keys()
        app.hold_keys()
        typed(app, "2", 2)
        await pilot.pause()
        assert app.query_one(Input).value == ""
        app.release_keys()
        assert await field(app, pilot, "12") == "12"
