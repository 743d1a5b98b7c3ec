"""What is never shown and never written: personal data in a crash, under the lock, in a recording, as escape codes.

Textual is pinned, since some of the hooks here are its private ones; the tests fail if one of them is no longer called.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text
from textual import constants, events
from textual.app import App, AutopilotCallbackType, ReturnType
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter
from textual.notifications import Notification, Notify, SeverityLevel
from textual.reactive import Reactive
from textual.timer import Timer, TimerCallback
from textual.widget import Widget
from textual.widgets._toast import ToastRack
from textual.worker import WorkerFailed

from screens import crash
from screens.contracts import AwaitsPerson, CoversAll, HasOwnHelp, HidesNumbers
from screens.control_filter import ControlFilter, without_controls
from screens.ending import EndingApp
from screens.pasted import pasted_text
from screens.themed_app import ThemedApp
from screens.themes import DARK
from screens.waiting_notifications import WaitingNotifications, is_roomy

_REFUSED = {
    "TEXTUAL": None,
    "TEXTUAL_LOG": ("LOG_FILE", None),
    "TEXTUAL_DEBUG": ("DEBUG", False),
    "TEXTUAL_DRIVER": ("DRIVER", None),
    "TEXTUAL_PRESS": ("PRESS", ""),
    "TEXTUAL_SCREENSHOT": ("SCREENSHOT_DELAY", -1),
    "TEXTUAL_SCREENSHOT_LOCATION": ("SCREENSHOT_LOCATION", None),
    "TEXTUAL_SCREENSHOT_FILENAME": ("SCREENSHOT_FILENAME", None),
    "TEXTUAL_SHOW_RETURN": ("SHOW_RETURN", False),
    "TEXTUAL_DEVTOOLS_HOST": None,
    "TEXTUAL_DEVTOOLS_PORT": None,
}
"""Variables by which Textual writes down or sends away what is on screen, and the constant each has become."""


def refuse_debugging() -> None:
    """Drop the variables by which Textual records what is on screen, unless `SOB_DEV=1` says that this is development.

    They leave the environment, and the constants that Textual made of them when it was imported get their defaults.
    """
    if os.environ.get("SOB_DEV") == "1":
        return
    for variable, constant in _REFUSED.items():
        os.environ.pop(variable, None)
        if constant is not None:
            setattr(constants, *constant)


def _unknown() -> RuntimeError:
    """Return a fault for what nobody has told of, which knows at least where that was noticed."""
    try:
        raise RuntimeError
    except RuntimeError as fault:
        return fault


_OF_THE_FOCUS = frozenset({"help", "command_palette"})
"""The app's actions that are left to a part that has its own."""
_WITHOUT_PERSON = frozenset({"quit", "focus_next", "focus_previous"})
"""The app's actions that run before it is known who is there."""


def safe_app(app: App[Any]) -> SafeApp[Any]:
    """Return the app as what our screens need it to be."""
    if not isinstance(app, SafeApp):
        raise TypeError(f"our screens need a SafeApp, not {type(app).__name__}")
    return app


def remember_refusal(app: App[Any], sentence: str) -> None:
    """Keep a sentence that stands in a dialog, where the app can; an empty one takes nothing back."""
    if sentence and isinstance(app, SafeApp):
        app.remember_refusal(sentence)


class SafeApp(ThemedApp[ReturnType], EndingApp[ReturnType]):  # the first base's style sheets alone are taken
    """Keeps personal data off the screen, the terminal and the disk where it has no place. What our screens run in."""

    hide_numbers: Reactive[bool] = Reactive(False, init=False)
    """Whether personnummer are masked, on a shared screen."""
    title_mark: Reactive[str] = Reactive("", init=False)
    """What every title says is wrong, in a word or two, for as long as it is so."""

    def __init__(
        self, *, crash_folder: Path | None = None, theme: str = DARK.name, version: str = "", dense: bool = False
    ) -> None:
        """Make the app.

        Args:
            crash_folder: where `crash.log` is kept; without it crashes are only shown.
            theme: the name of one of `THEMES`; another one is passed over.
            version: the program's, noted with a crash.
            dense: whether few lines are left empty.
        """
        refuse_debugging()
        self.crash_folder = crash_folder
        self.version = version
        self._fault: BaseException | None = None
        self.last_refusal = ""
        """The last sentence that somebody was refused with, for the *Ärendeunderlag*."""
        self.last_input = time.monotonic()
        """When somebody was last there, by the machine's monotonic clock."""
        self._control_filter = ControlFilter()
        self.streams = sys.stdout, sys.stderr
        """Where the program writes when no app is running."""
        super().__init__(theme=theme, dense=dense)
        self._waiting_notifications = WaitingNotifications(self._notifications)

    # What Textual asks its app

    def get_driver_class(self) -> type[Driver]:
        """Read from the terminal in our way where Textual would in its own."""
        found = super().get_driver_class()
        if found.__module__ != "textual.drivers.linux_driver":
            return found
        from screens.terminal_driver import TerminalDriver  # it can't be imported on Windows

        return TerminalDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the fence to Textual's own filters, as the last."""
        return [*super().get_line_filters(), self._control_filter]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no command run but to close the app, not even by a priority key, before it is known who is there."""
        if self.awaits_person and action not in _WITHOUT_PERSON:
            return False
        if action in _OF_THE_FOCUS and self._screen_stack and isinstance(self._screen_stack[-1].focused, HasOwnHelp):
            return False
        return super().check_action(action, parameters)

    @property
    def locked(self) -> bool:
        """Whether the lock covers the screen."""
        return bool(self._screen_stack) and isinstance(self._screen_stack[-1], CoversAll)

    @property
    def awaits_person(self) -> bool:
        """Whether the lock or the choice of person is on screen."""
        return bool(self._screen_stack) and isinstance(self._screen_stack[-1], AwaitsPerson)

    def watch_hide_numbers(self, hidden: bool) -> None:
        """Let every screen paint its numbers anew in its turn: once it is made, and not while it is being closed."""
        for screen in self.screen_stack:
            if isinstance(screen, HidesNumbers):
                screen.call_later(screen.masking_changed, hidden)

    def watch_title_mark(self) -> None:
        """Let every title say it."""
        for screen in self.screen_stack:
            for title in screen.query("TitleBar"):
                title.refresh()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002
    ) -> None:
        """Show a notification as it stands, whatever `markup` says: a sentence may hold a name. None while locked.

        A warning or an error is remembered as a refusal, but not news: that has a time of its own.
        """
        if not self.locked:
            if severity != "information" and timeout is None:
                self.remember_refusal(message)
            self.set_class(is_roomy(self.size.width), "-roomy")
            super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)

    def _on_notify(self, event: Notify) -> None:
        """Show a notification, before a few others; one that waits, and is said again, is not shown anew."""
        if self._waiting_notifications.put_off(event.notification):
            event.prevent_default()  # else Textual's own handler adds it
            return
        for one in self._waiting_notifications.make_room(event.notification):
            self._unnotify(one)
        super()._on_notify(event)

    def _unnotify(self, notification: Notification, refresh: bool = True) -> None:  # noqa: ARG002
        """Remove a notification, and show the one behind it, even where Textual would leave the screen as it is."""
        super()._unnotify(notification, refresh=True)

    def _refresh_notifications(self) -> None:
        """Show the newest alone: several would lie over half of a small screen."""
        rack = next(iter(self.screen.query_children(ToastRack)), None) if self._screen_stack else None
        if rack is not None:
            self.call_later(self._waiting_notifications.show_newest, rack)

    def take_back(self, *titles: str) -> None:
        """Remove the notifications that have one of the titles."""
        for one in [one for one in self._notifications if one.title in titles]:
            self._unnotify(one)

    def remember_refusal(self, sentence: str) -> None:
        """Keep what somebody was refused with, as one line."""
        self.last_refusal = without_controls(sentence, " ").strip()

    async def on_event(self, event: events.Event) -> None:
        """Note when a key or the mouse was last used; what is pasted comes as text."""
        if isinstance(event, events.InputEvent):
            self.last_input = time.monotonic()
        if isinstance(event, events.Paste):
            event.text = pasted_text(event.text)
        await super().on_event(event)

    def set_timer(
        self, delay: float, callback: TimerCallback | None = None, *, name: str | None = None, pause: bool = False
    ) -> Timer:
        """Call something once after a while, late rather than never.

        Textual leaves out what is late, a single call too: one for which the process was held up as it began never
        came. After the one that follows the terminal's size (8 ms) no change of size was followed any more.
        """
        timer = super().set_timer(delay, callback, name=name, pause=pause)
        timer._skip = False
        return timer

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        """Stop what works for what is closed before its parts go, one by one: it would no longer find them."""
        going = set(nodes)
        for worker in list(self.workers):
            if worker._task is not asyncio.current_task() and not going.isdisjoint(worker.node.ancestors_with_self):
                worker.cancel()
        return super()._prune(*nodes, parent=parent)

    # When something has gone wrong

    async def run_async(
        self,
        *,
        headless: bool = False,
        inline: bool = False,
        inline_no_clear: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
        auto_pilot: AutopilotCallbackType | None = None,
    ) -> ReturnType | None:
        """Run the app; a fault in a thread or a task of its own also stops it, instead of being printed."""
        loop = asyncio.get_running_loop()
        self.streams = sys.stdout, sys.stderr
        hooks = threading.excepthook, sys.unraisablehook
        loop.set_exception_handler(self._on_loop_fault)
        threading.excepthook = lambda fault: self._on_thread_fault(loop, fault.exc_value)
        sys.unraisablehook = lambda fault: self._record(fault.exc_value)
        try:
            with self.ended_by_signals():
                return await super().run_async(
                    headless=headless,
                    inline=inline,
                    inline_no_clear=inline_no_clear,
                    mouse=mouse,
                    size=size,
                    auto_pilot=auto_pilot,
                )
        finally:
            threading.excepthook, sys.unraisablehook = hooks
            loop.set_exception_handler(None)

    async def run_inside(self, size: tuple[int, int]) -> None:
        """Run the app in a widget of another one, which sees to signals and to the faults of threads and tasks."""
        await super().run_async(size=size)

    def _on_loop_fault(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(error := context.get("exception"), Exception):
            self._handle_exception(error)

    def _on_thread_fault(self, loop: asyncio.AbstractEventLoop, error: BaseException | None) -> None:
        if isinstance(error, Exception):
            loop.call_soon_threadsafe(self._handle_exception, error)

    def _record(self, error: BaseException | None) -> str:
        return crash.record(error or RuntimeError(), self.crash_folder, version=self.version)

    def _handle_exception(self, error: Exception) -> None:
        self._fault = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Stop, and say only that; Textual would print every local variable."""
        code = self._record(self._fault or sys.exception() or _unknown())
        self._return_code = 1
        if not self._exit_renderables:
            self._exit_renderables.append(Text(crash.sentence(code)))
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:  # noqa: ARG002
        """Stop in the same way: an error that can render itself may well show data."""
        self._fatal_error()
