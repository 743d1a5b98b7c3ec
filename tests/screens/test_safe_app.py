import asyncio
import itertools
import os
import re
import subprocess
import sys
import time
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
import textual.timer
from rich.cells import cell_len
from rich.segment import ControlType, Segment
from rich.style import Style
from textual import constants, work
from textual.app import ComposeResult
from textual.color import Color
from textual.screen import Screen
from textual.widgets import Label
from textual.widgets._toast import Toast

from screens import safe_app
from screens.control_filter import ControlFilter
from screens.safe_app import SafeApp, refuse_debugging
from screens.workers import InTurn
from tests import waits
from tests.screens import hostile as texts
from tests.screens import painted
from tests.screens.everything import Everything
from tests.screens.frame import Frame

BLACK = Color.parse("black")


def filtered(*segments: Segment) -> list[Segment]:
    return ControlFilter().apply(list(segments), BLACK)


def test_plain_text_passes_as_it_is() -> None:
    segments = [Segment("Åsa Öberg 漢字 │ ▌ é e\u0301 😀"), Segment("  ", Style(bold=True))]
    assert filtered(*segments) is not None
    assert filtered(*segments) == segments


@pytest.mark.parametrize("category", ["Cc", "Cs", "Zl", "Zp"])
def test_no_character_that_a_terminal_may_obey_is_left(category: str) -> None:
    for sign in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.category(sign) == category:
            (segment,) = filtered(Segment(f"a{sign}b"))
            assert segment.text in ("ab", "a b")


def test_no_direction_or_hidden_character_is_left() -> None:
    (segment,) = filtered(Segment(texts.BIDI))
    assert segment.text == "abcgnpx "


def test_the_width_stays_what_it_was_reckoned_to_be() -> None:
    for sign in (*texts.BIDI, *texts.ESCAPES):
        (segment,) = filtered(Segment(f"a{sign}b"))
        assert cell_len(segment.text) == cell_len(f"a{sign}b")


def test_joined_letters_stay() -> None:
    (segment,) = filtered(Segment("می\u200cخواهم"))
    assert segment.text == "می\u200cخواهم"


def test_control_segments_by_intent_stay() -> None:
    control = Segment("\x1b[2J", None, [(ControlType.CLEAR,)])
    assert filtered(Segment("\x1b"), control)[1] == control


def test_a_link_that_holds_an_escape_goes() -> None:
    bad, good = filtered(Segment("x", Style(link="a\x1b\\b")), Segment("y", Style(link="https://1177.se")))
    assert bad.style is not None
    assert bad.style.link is None
    assert good.style is not None
    assert good.style.link == "https://1177.se"


@texts.every
async def test_no_widget_paints_what_a_terminal_would_obey(hostile: str) -> None:
    app = Everything(hostile)
    async with app.run_test(size=(80, 60), notifications=True) as pilot:
        await pilot.pause()
        assert all(texts.is_clean(line) for line in painted.lines(app))
        await pilot.click(offset=(20, 1))
        assert app.is_running


async def test_the_fence_is_what_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the test above fails: Textual itself lets these characters through."""
    monkeypatch.setattr(ControlFilter, "apply", lambda *arguments: arguments[1])
    app = Everything(texts.ESCAPES)
    async with app.run_test(size=(80, 60), notifications=True) as pilot:
        await pilot.pause()
        assert not all(texts.is_clean(line) for line in painted.lines(app))


async def test_a_notification_is_only_text() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.screen.notify("[/x] [@click=app.quit]y", title="[/z]")
        await pilot.pause()
        assert "[/x] [@click=app.quit]y" in painted.text(app)
        assert "[/z]" in painted.text(app)


async def test_one_notification_stands_on_screen_off_the_key_bar_and_the_one_behind_it_comes_back() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        foot = painted.lines(app)[-2:]
        app.notify("ord ett två ord ett två ord ett två sist")  # a word too many for a line
        await waits.until(pilot, lambda: "sist" in painted.text(app))
        app.clear_notifications()
        app.notify("Först " + "och länge " * 12, severity="warning")
        await waits.until(pilot, lambda: "Först" in painted.text(app))
        app.notify("Sedan")
        await waits.until(pilot, lambda: "Sedan" in painted.text(app))
        assert "Först" not in painted.text(app)
        assert painted.lines(app)[-2:] == foot
        behind, _ = app._notifications
        assert behind.time_left > 5, "its time stands still"
        await pilot.click(Toast)
        await waits.until(pilot, lambda: "Först" in painted.text(app))
        assert "Sedan" not in painted.text(app)
        assert painted.lines(app)[-2:] == foot


async def test_ctrl_c_says_how_the_app_is_closed() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "ctrl+q stänger appen." in painted.text(app)


REFUSED = """
import os, sys
if "textual-first" in sys.argv:
    import textual.app
from textual import constants
from screens.safe_app import SafeApp
app = SafeApp()
print(sorted(name for name in os.environ if name.startswith("TEXTUAL")), app.features,
      constants.LOG_FILE, constants.DEBUG, constants.DRIVER, constants.PRESS, constants.SCREENSHOT_DELAY,
      constants.SHOW_RETURN, app.driver_class.__module__.split(".")[0], app.devtools)
"""


def started(tmp_path: Path, *arguments: str, **variables: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TEXTUAL")},
        "PYTHONPATH": str(Path(safe_app.__file__).parents[1]),
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_LOG": str(tmp_path / "log"),
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_DRIVER": "evil.module:Driver",
        "TEXTUAL_PRESS": "ctrl+q",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SHOW_RETURN": "1",
        "TEXTUAL_ANIMATIONS": "none",
        **variables,
    }
    command = [sys.executable, "-c", REFUSED, *arguments]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize("arguments", [(), ("textual-first",)])
def test_what_records_the_screen_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    expected = "['TEXTUAL_ANIMATIONS'] frozenset() None False None  -1 False screens None"
    assert started(tmp_path, *arguments) == expected
    assert not (tmp_path / "log").exists()


def test_development_keeps_it(tmp_path: Path) -> None:
    shown = started(tmp_path, SOB_DEV="1", TEXTUAL_DRIVER="textual.drivers.headless_driver:HeadlessDriver")
    assert "TEXTUAL_LOG" in shown
    assert str(tmp_path / "log") in shown


def test_textual_looks_these_constants_up_when_it_needs_them() -> None:
    """Setting them has an effect only as long as no module of Textual's has taken a copy that matters."""
    names = {constant[0] for constant in safe_app._REFUSED.values() if constant is not None}
    assert all(hasattr(constants, name) for name in names)
    copies = set()
    for path in Path(textual.__file__).parent.rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("from textual.constants import"):
                copies |= {(path.name, name) for name in names if name in line}
    assert copies == {("_styles_cache.py", "DEBUG")}, "it only writes to the log, which is not there"


def test_every_variable_of_textuals_is_known() -> None:
    """A new version may bring another way to record the screen."""
    source = Path(constants.__file__).read_text(encoding="utf-8")
    found = set(re.findall(r'"(TEXTUAL\w*)"', source))
    harmless = {
        *("TEXTUAL_ANIMATIONS", "TEXTUAL_DISABLE_KITTY_KEY", "TEXTUAL_FILTERS", "TEXTUAL_FPS", "TEXTUAL_THEME"),
        *("TEXTUAL_COLOR_SYSTEM", "TEXTUAL_SLOW_THRESHOLD", "TEXTUAL_SMOOTH_SCROLL", "TEXTUAL_DIM_FACTOR"),
    }
    assert found - harmless - safe_app._REFUSED.keys() == set()


def test_refusing_is_harmless_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOB_DEV", raising=False)
    refuse_debugging()
    refuse_debugging()


START = """
import sys
import textual.app
before = set(sys.modules)
import screens.safe_app, screens.widgets.key_bar, screens.widgets.tab_strip
print(sorted(name for name in set(sys.modules) - before if not name.startswith("screens")))
"""


def test_the_frame_brings_little_besides_textual_itself() -> None:
    """The first frame is painted before the store is imported (ARCHITECTURE.md §Budgets)."""
    environment = {**os.environ, "PYTHONPATH": str(Path(safe_app.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True)
    heavy = ("sqlmodel", "sqlalchemy", "pydantic", "store.", "textual.widgets", "rich.traceback", "rich.markdown")
    brought = [name for name in eval(done.stdout) if name.startswith(heavy)]
    assert set(brought) <= {"store.foundation", "store.foundation.clock"}


def test_nothing_is_animated() -> None:
    assert SafeApp[None]().animation_level == "none"


class Reading(Screen[None]):
    """A page whose reading comes to its end when the page's parts are going."""

    def __init__(self) -> None:
        super().__init__()
        self.come = asyncio.Event()
        self.shown = False

    def compose(self) -> ComposeResult:
        yield Part(self.come)

    def on_mount(self) -> None:
        self.read()

    @work
    async def read(self) -> None:
        await self.come.wait()
        self.query_one(Part).update("Läst")
        self.shown = True


class Part(Label):
    """Lets the reading end when it goes itself."""

    def __init__(self, come: asyncio.Event) -> None:
        super().__init__("Läser", markup=False)
        self.come = come

    def on_unmount(self) -> None:
        self.come.set()


async def test_a_new_size_is_followed_though_the_process_is_held_up_at_every_look_at_the_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = itertools.count()
    app = SafeApp[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        held_up = SimpleNamespace(get_time=lambda: time.monotonic() + next(looks) / 100)
        monkeypatch.setattr(textual.timer, "_time", held_up)
        await pilot.resize_terminal(100, 30)
        await waits.until(pilot, lambda: app.screen.virtual_size == (100, 30))
        await pilot.resize_terminal(60, 20)
        await waits.until(pilot, lambda: app.screen.virtual_size == (60, 20))


@pytest.mark.parametrize("early", [True, False])
async def test_a_reading_that_ends_while_its_page_is_closed_stops_nothing(early: bool) -> None:
    app, page = SafeApp[None](), Reading()
    async with app.run_test() as pilot:
        await app.push_screen(page)
        if early:
            page.come.set()
            await pilot.pause()
        await app.pop_screen()
        await pilot.pause()
        assert page.shown is early
        assert app._exception is None


class Asking(Label):
    """A part that has its page read again while both are being closed, as a timer may."""

    def on_unmount(self) -> None:
        assert isinstance(self.screen, Asked)
        self.screen.reading.ask()


class Asked(Screen[None]):
    """A page that reads in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.reading = InTurn(self, "read", asyncio.Lock(), self._read)

    def compose(self) -> ComposeResult:
        yield Asking("Här", markup=False)

    async def _read(self) -> None:
        self.number += 1


async def test_a_page_that_is_being_closed_reads_nothing_more() -> None:
    """Its parts are gone by then: what was read would be shown on what isn't there, and stop the app."""
    app, page = SafeApp[None](), Asked()
    async with app.run_test() as pilot:
        await app.push_screen(page)
        page.reading.ask()
        await waits.until(pilot, lambda: page.number == 1)
        await app.pop_screen()
        await pilot.pause()
        assert page.number == 1


class Leaving(Label):
    """A part that goes by work of its own."""

    def __init__(self) -> None:
        super().__init__("Här", markup=False)
        self.cancelled: int | None = None

    @work
    async def leave(self) -> None:
        self.remove()
        task = asyncio.current_task()
        assert task
        self.cancelled = task.cancelling()


async def test_work_that_takes_its_own_part_away_is_not_stopped_by_that() -> None:
    app, part = SafeApp[None](), Leaving()
    async with app.run_test() as pilot:
        await app.mount(part)
        part.leave()
        await pilot.pause()
        assert not part.is_attached
        assert part.cancelled == 0
