"""Nothing in the queue is read but on purpose: by Enter on its row, `m`, an answer, or handling (domain.md §4)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from itertools import count
from typing import Any, cast

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from screens.moment.forms.diary_screen import DiaryScreen
from screens.moment.forms.form_list import FormList
from screens.moment.forms.form_screen import FormScreen
from screens.moment.messages.conversation_list import ConversationList
from screens.moment.walk_pages import page_of
from screens.queue.queue_list import QueueList
from screens.queue.source import QueueFilter
from screens.queue.walk import Walk
from screens.store_client import StoreClient
from store.care.flags import handle_flag
from store.care.form_answers import mark_answer_read
from store.care.modules import open_module
from store.foundation.errors import DomainError
from store.views.matters import Matter
from store.views.todo import todo_again
from tests.app.driver import Driver
from tests.clinics import ADULT, GUARDIAN, HIDDEN, Clinic, Clock
from tests.conftest import Stores
from tests.forms import NIGHT
from tests.forms import given as answers
from tests.properties import MORE
from tests.screens.queue.test_tab import done
from tests.screens.queue.test_walk import settled
from tests.screens.whole import at_work, paste
from tests.store.letters import write


def with_matters(clinic: Clinic) -> None:
    """Let messages, homework, forms with and without a risk, and a diary wait."""
    first, second, third = (clinic.start(one, program="prov", confirmed=True) for one in (ADULT, GUARDIAN, HIDDEN))
    for given_ in (answers(1, 1, 0), answers(1, 1, 2)):
        clinic.answer(first, given_)
    write(clinic, first, "Fråga ett", heading="Ett")
    write(clinic, second, "Fråga två", number=GUARDIAN, heading="Två")
    done(clinic, open_module, second, "mer")
    clinic.answer(second, '{"text": "Gick bra."}', "uppgift", GUARDIAN)
    clinic.answer(third, json.dumps(NIGHT), "dagbok", HIDDEN)


def unread(clinic: Clinic) -> set[str]:
    """What nobody has read, by the ids of the queue's matters."""
    forms = clinic.rows("SELECT id FROM formanswer WHERE read_at IS NULL")
    places = clinic.rows("SELECT id FROM conversation WHERE unread > 0")
    return {f"formular-{id}" for (id,) in forms} | {f"meddelande-{id}" for (id,) in places}


class Client:
    """The way to a store without an app: each call at once."""

    practice = True

    def __init__(self, clinic: Clinic) -> None:
        self.actor = clinic.clinician
        self.clock = clinic.clock
        self._store = clinic.store

    async def read(self, operation: Callable[..., Any], *args: Any, **options: Any) -> Any:
        with self._store.read(self.actor) as work:
            return operation(work, *args, **options)

    async def write(self, operation: Callable[..., Any], *args: Any, **options: Any) -> Any:
        with self._store.work(self.actor) as work:
            return operation(work, *args, **options)


STEPS = st.lists(st.sampled_from(["next", "next", "turn", "back", "look", "mark", "handle"]), max_size=8)


@settings(max_examples=10 * MORE, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 5), STEPS)
def test_the_pages_of_a_walk_read_what_was_chosen_and_nothing_else(stores: Stores, at: int, steps: list[str]) -> None:
    """Of the forms and diaries that the pages show: the pages themselves, asked as their screens ask them."""
    with stores.clinic("sqlite", "clinic", Clock()) as clinic:
        with_matters(clinic)
        asyncio.run(walked(clinic, at, steps))


async def walked(clinic: Clinic, at: int, steps: list[str]) -> None:
    client = cast("StoreClient", Client(clinic))
    queue: list[Matter] = await client.read(todo_again)
    walk = Walk(client, queue, queue[at % len(queue)], QueueFilter(), None)
    allowed = {f"formular-{walk.current.answer}"}
    if walk.current.form:  # the row of a diary is all its rows
        allowed |= {one for one in unread(clinic) if is_diary(clinic, one)}
    page = await shown(client, walk)
    assert unread(clinic) >= _all(clinic) - allowed
    for step in steps:
        before, allowed = unread(clinic), set()
        if step == "next" and not walk.is_done:
            await walk.advance()
            page = await shown(client, walk)
        elif step == "look":
            await walk.look()
        elif step == "turn" and isinstance(page, FormScreen):
            for way in (-1, 1):
                if (other := page.form.beside(way)) is not None:
                    page.form.answer = other
                    await page.form.read()
        elif step == "mark" and isinstance(page, FormScreen):
            allowed = {f"formular-{page.form.answer}"}
            with_refusals(clinic, mark_answer_read, walk.current.moment, page.form.answer)
        elif step == "mark" and isinstance(page, DiaryScreen):
            allowed = {one for one in before if is_diary(clinic, one)}
            await page.diary.mark_read()
        elif step == "handle" and walk.current.flag is not None:
            allowed = {f"formular-{walk.current.answer}"}
            with_refusals(clinic, handle_flag, walk.current.flag, "Ringde.")
        assert before - unread(clinic) <= allowed, step


async def shown(client: StoreClient, walk: Walk) -> object:
    page = page_of(cast("Any", None), client, walk, "Att göra")
    if isinstance(page, FormScreen):
        await page.form.read()
    elif isinstance(page, DiaryScreen):
        await page.diary.read()
    return page


def with_refusals(clinic: Clinic, operation: Callable[..., Any], *args: Any) -> None:
    with contextlib.suppress(DomainError):
        done(clinic, operation, *args)


def is_diary(clinic: Clinic, matter: str) -> bool:
    kind, _, number = matter.partition("-")
    return kind == "formular" and clinic.value("SELECT form FROM formanswer WHERE id = :id", id=int(number)) == "dagbok"


def _all(clinic: Clinic) -> set[str]:
    return {f"formular-{id}" for (id,) in clinic.rows("SELECT id FROM formanswer")} | {
        f"meddelande-{id}" for (id,) in clinic.rows("SELECT id FROM conversation")
    }


KEYS = (
    "ctrl+n",
    "ctrl+n",
    "enter",
    "escape",
    "m",
    "p",
    "down",
    "up",
    "1",
    "2",
    "less_than_sign",
    "tab",
    "HANDLE",
    "SEND",
)


@settings(
    max_examples=2 * MORE,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
@given(st.integers(0, 4), st.lists(st.sampled_from(KEYS), min_size=6, max_size=8))
def test_no_keys_in_the_queue_read_anything_but_on_purpose(stores: Stores, down: int, keys: list[str]) -> None:
    """The whole app: what a page's keys and the focus add to the rule, the conversations above all."""
    with stores.clinic("sqlite", "clinic", Clock()) as clinic:
        with_matters(clinic)
        asyncio.run(lived(clinic, ["down"] * down + ["enter", *keys]))


async def lived(clinic: Clinic, keys: list[str]) -> None:
    words = count(1)
    async with at_work(clinic) as driver:
        await driver.press("1")
        await driver.sees("[1 Att göra", "▲ prioriterad")
        for key in keys:
            before, allowed = unread(clinic), on_purpose(driver, key)
            if key == "HANDLE":
                await driver.press("h")
                await settled(driver)
                await paste(driver, f"Ringde {next(words)}.")
                await driver.press("ctrl+s")
            elif key == "SEND":
                await paste(driver, f"Svar {next(words)}.")
                await driver.press("ctrl+s")
            else:
                await driver.press(key)
            await settled(driver)
            gone = {one for one in before - unread(clinic) if not is_diary(clinic, one)}
            assert gone <= allowed, (key, gone, driver.text)


def on_purpose(driver: Driver, key: str) -> set[str]:
    """What a key may read where it is pressed: the row under the cursor, what the page shows, what is answered."""
    screen, focused = driver.app.screen, driver.app.focused
    position = getattr(screen, "position", None)
    own = sources(position.matter) if position is not None and position.matter is not None else set()
    if isinstance(screen, FormScreen):
        own |= {f"formular-{screen.form.answer}"}
    if key in ("HANDLE", "SEND"):
        if isinstance(focused, QueueList) and focused.row is not None:
            return sources(focused.row.value)
        return own
    if key not in ("enter", "m"):
        return set()
    if isinstance(focused, QueueList) and focused.row is not None:
        return sources(focused.row.value) if key == "enter" else set()
    if isinstance(focused, FormList) and focused.row is not None:
        return {f"formular-{one}" for one in focused.row.unread}
    if isinstance(focused, ConversationList) and focused.row is not None:
        return {f"meddelande-{focused.row.conversation}"}
    return own if key == "m" else set()


def sources(matter: Matter) -> set[str]:
    """What of a matter can be read."""
    return {f"formular-{matter.answer}", f"meddelande-{matter.conversation}"}
