"""Any keys in any order, pastes, sizes, and a database that goes and comes: no crash, no lost word, and it answers.

`python -m tests.fuzz keys` goes on for as long as it is told; here a few examples are run.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from textual.events import Paste

from screens.help.help_screen import HelpScreen
from screens.kept_drafts import SUFFIX
from screens.moment.messages.composer import Composer
from screens.moment.moment_screen import MomentScreen
from screens.widgets.page import Page
from sob_tui.settings import drafts_folder
from store.foundation.errors import StoreUnreachable
from store.opening import open_store
from tests.app.driver import OV01, OV02, OV03, OV12, Driver, move, running

KEYS = (
    *"0123456789abcdefghijklmnopqrstuvwxyzåäöMNTUX",
    *("slash", "less_than_sign", "greater_than_sign", "space", "comma", "left_square_bracket"),
    *("enter", "escape", "tab", "shift+tab", "up", "down", "left", "right", "pageup", "pagedown", "home", "end"),
    *("ctrl+s", "ctrl+n", "ctrl+o", "ctrl+t", "ctrl+p", "ctrl+c", "ctrl+a", "ctrl+d", "ctrl+e", "ctrl+l"),
    *("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "insert", "shift+enter"),
)
REMOVING = ("backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+x", "ctrl+z", "ctrl+y")
"""Keys by which who writes takes words away."""
WAYS: tuple[tuple[str, ...], ...] = (
    ("2", "enter"),
    ("2", "enter", "2", "n"),
    ("2", "enter", "2", "enter"),
    ("2", "enter", "4"),
    ("2", "enter", "3"),
    ("2", "enter", "a"),
    ("1", "enter"),
    ("1", "enter", "h"),
    ("n",),
    ("m",),
    ("o", "enter"),
    ("slash", "A", "n", "enter"),
    ("ctrl+s", "ctrl+s"),
    ("f9", "enter", "enter"),
    ("escape", "escape", "escape"),
)
"""Keys that lead somewhere."""
PASTES = ("Hej [b]du[/b]", "rad\nrad\r\nrad", "\x1b[31mröd\x07", "x" * 3000, "\u202e\u0000", "😀" * 40, "")

Move = tuple[str, object]


def moves(kind: str, what: st.SearchStrategy[object]) -> st.SearchStrategy[Move]:
    return st.tuples(st.just(kind), what)


MOVES = st.one_of(
    moves("press", st.sampled_from(KEYS).map(lambda key: (key,))),
    moves("press", st.sampled_from(KEYS).map(lambda key: (key,))),
    moves("press", st.sampled_from(WAYS)),
    moves("press", st.sampled_from(WAYS)),
    moves("remove", st.sampled_from(REMOVING)),
    moves("word", st.none()),
    moves("word", st.none()),
    moves("paste", st.sampled_from(PASTES)),
    moves("resize", st.tuples(st.integers(1, 200), st.integers(1, 60))),
    moves("database", st.none()),
)


class Person:
    """Somebody at the keys of a running app, with an account of what was written in a message's field."""

    def __init__(self, driver: Driver, store: Path) -> None:
        self.driver = driver
        self.store = store
        self.away: Path | None = None
        self.lost = False
        """Whether the database has ever been away: who signs in then is told, and the app is closed."""
        self.written: set[str] = set()
        self.opened: set[int] = set()
        self._numbers = count(1)

    @property
    def is_over(self) -> bool:
        return self.driver.app._exit

    @property
    def field(self) -> str | None:
        """What stands in the field that the person writes in; None where it is no message's."""
        focused = self.driver.app.focused
        composers = [] if focused is None else [one for one in focused.ancestors if isinstance(one, Composer)]
        return composers[0].field.text if composers and focused is composers[0].field else None

    async def make(self, kind: str, what: object) -> None:
        """Make a move, and look at what has come of it."""
        move: Callable[[object], Awaitable[None]] = getattr(self, kind)
        await move(what)
        await self.driver.pilot.pause()
        page = self.driver.app.screen
        if isinstance(page, Page) and page._had_focus is not None and page.focus_chain:
            assert page.focused in page.focus_chain, f"the cursor is lost after {what}"
        self.opened |= {
            screen.reader.page.id
            for screen in self.driver.app.screen_stack
            if isinstance(screen, MomentScreen) and screen.reader.page is not None
        }

    async def press(self, keys: object) -> None:
        assert isinstance(keys, tuple)
        await self.driver.press(*keys)

    async def remove(self, key: object) -> None:
        before = self.field
        await self.driver.press(str(key))
        if before is not None and (after := self.field) is not None:
            self.written -= {word for word in self.written if word in before and word not in after}

    async def word(self, _: object) -> None:
        word = f"ord{next(self._numbers)}."
        await self.driver.press(*word[:-1], "full_stop")
        if (field := self.field) is not None and word in field:
            self.written.add(word)

    async def paste(self, text: object) -> None:
        self.driver.app.post_message(Paste(str(text)))

    async def resize(self, size: object) -> None:
        assert isinstance(size, tuple)
        await self.driver.pilot.resize_terminal(*size)

    async def database(self, _: object) -> None:
        """Take the database away, or bring it back."""
        if self.away is None:
            self.away, self.lost = move(self.store, "borta.sqlite"), True
        else:
            move(self.away, self.store.name)
            self.away = None

    async def close(self) -> None:
        """Ask for the help where somebody is at work, and close the app, twice where it asks."""
        app = self.driver.app
        if not app.awaits_person:
            was_open = self.helps
            await self.driver.press("f1")
            await self.driver.until(lambda: self.helps is not was_open, "the help")
        await self.driver.press("ctrl+q")
        if not self.is_over:
            await self.driver.press("ctrl+q")
        await self.driver.until(lambda: self.is_over, "the end")

    @property
    def helps(self) -> bool:
        return any(isinstance(screen, HelpScreen) for screen in self.driver.app.screen_stack)


async def live(store: Path, who: str | None, steps: list[Move]) -> Person:
    """Work until all moves are made or the app is closed, and close it."""
    async with running(store, who) as driver:
        person, app = Person(driver, store), driver.app
        await driver.until(lambda: app.client.actor is not None or app._sign_ins.is_asking, "somebody")
        for kind, what in steps:
            if person.is_over:
                break
            await person.make(kind, what)
        if not person.is_over:
            await person.close()
    if person.away is not None:
        await person.database(None)
    return person


def kept(store: Path, drafts: Path, sql: str) -> str:
    """All that stands in the store, and in the files of drafts."""
    opened = open_store(store)
    with opened.lend() as db:
        found = db.values(sql)
        seal = Fernet(str(db.value("SELECT draft_key FROM store_info")))
    opened.close()
    files = [json.loads(seal.decrypt(path.read_bytes())) for path in drafts.glob(f"*{SUFFIX}")]
    return "\n".join([*map(str, found), *(attempt["text"] for file in files for attempt in file["attempts"])])


@settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # an example takes a second or two: too long to look for a smaller one
)
@given(st.sampled_from([OV01, OV01, OV02, OV03, OV12, None]), st.lists(MOVES, min_size=10, max_size=40))
def test_whatever_is_pressed_nothing_crashes_and_no_word_is_lost(
    practice: Path, who: str | None, steps: list[Move]
) -> None:
    look_at(practice, who, steps)


def look_at(practice: Path, who: str | None, steps: list[Move]) -> Person:
    """Let somebody work on a store of its own, and look at what must hold when the app is closed."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", folder)
        store = Path(shutil.copyfile(practice, Path(folder, "ovning.sqlite")))
        person = asyncio.run(live(store, who, steps))
        assert not [*Path(folder).rglob("crash.log")]
        assert person.driver.app.return_code in (0, None, *([StoreUnreachable.exit_code] if person.lost else []))
        texts = kept(store, drafts_folder(), "SELECT text FROM draft UNION ALL SELECT text FROM message")
        assert {word for word in person.written if word not in texts} == set()
        opened = open_store(store)
        with opened.lend() as db:
            logged = db.values("SELECT DISTINCT moment_id FROM log WHERE operation = 'open_moment' AND at >= 0")
        opened.close()
        assert person.opened <= set(logged)
        return person


def test_the_account_of_what_was_written_and_opened_is_kept(practice: Path) -> None:
    """Else nothing would ever be found to be lost."""
    to_a_new_conversation: Move = ("press", ("2", "enter", "2", "n"))
    person = look_at(
        practice,
        OV01,
        [to_a_new_conversation, ("word", None), ("database", None), ("word", None), ("resize", (40, 10))],
    )
    assert person.written == {"ord1.", "ord2."}
    assert len(person.opened) == 1
    taken_back: list[Move] = [to_a_new_conversation, ("word", None), *[("remove", "backspace")] * 5]
    assert look_at(practice, OV01, taken_back).written == set()
