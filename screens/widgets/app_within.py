"""An app inside a widget of another app: it is painted there, and has the keys while the widget has the focus.

The two know nothing of each other: screens, keys, dialogs, notifications and whoever acts are each one's own, as with
two terminals. Textual has no such widget; what is used here of its private side is how a screen is painted as lines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, cast

from textual import events
from textual._context import visible_screen_stack
from textual.content import Content
from textual.driver import Driver
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from screens.contracts import HasOwnHelp
from screens.safe_app import SafeApp, safe_app
from screens.workers import start


class WidgetDriver(Driver):
    """Stands where an app has its terminal: there is none, and what is painted is fetched by the widget."""

    def __init__(self, *args: Any, painted: Callable[[], None], **options: Any) -> None:
        """`painted` is called when something has been painted anew."""
        super().__init__(*args, **options)
        self._painted = painted

    def write(self, data: str) -> None:  # noqa: ARG002  # the widget reads the screen, not what a terminal would
        """Tell that something has been painted."""
        self._painted()

    def start_application_mode(self) -> None:
        """Tell the app how large it is."""
        width, height = self._size or (80, 24)
        self.send_message(events.Resize(Size(width, height), Size(width, height)))

    def disable_input(self) -> None:
        """Nothing is read here: the widget passes on what comes."""

    def stop_application_mode(self) -> None:
        """Nothing is to be restored."""


class AppWithin(Widget, HasOwnHelp, can_focus=True):
    """Runs an app. A key that is no priority binding of the outer app or its screen goes to the app inside."""

    ALLOW_SELECT = False
    DEFAULT_CSS: ClassVar[str] = """
    AppWithin { width: 1fr; height: 1fr; }
    """

    def __init__(self, inner: SafeApp[Any], ended: Callable[[], None], **options: Any) -> None:
        """Run `inner` once there is room for it; `ended` is called when it has ended by itself."""
        super().__init__(**options)
        self.inner = inner
        self._ended = ended
        self._lines: list[Strip] | None = None
        self._is_begun = False

    # Running

    def on_resize(self, event: events.Resize) -> None:
        """Begin, or give the app its new size."""
        size = event.size
        if not self._is_begun and size.area:
            self._is_begun = True
            start(self, "app-within", self._run, size)
        elif self._is_begun and size.area:
            self._send(events.Resize(size, size))

    async def _run(self, size: Size) -> None:
        outer = safe_app(self.app)
        self.inner.driver_class = cast("type[Driver]", partial(WidgetDriver, painted=self._painted))
        try:
            await self.inner.run_inside((size.width, size.height))
        finally:
            if not outer.is_running:  # it has given these back already, and the inner app has taken them once more
                sys.stdout, sys.stderr = outer.streams
        if outer.is_running:
            self._ended()

    # Painting

    def _painted(self) -> None:
        self._lines = None
        if self.is_attached:
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return a line of the app's screen."""
        if self._lines is None:
            self._lines = self._painted_lines()
        blank = Strip.blank(self.size.width, self.rich_style)
        return self._lines[y].adjust_cell_length(self.size.width) if y < len(self._lines) else blank

    def _painted_lines(self) -> list[Strip]:
        if not self.inner.is_running or not self.inner.screen_stack:
            return []
        behind = visible_screen_stack.set(self.inner._background_screens)  # what a dialog there lets through
        try:
            return self.inner.screen._compositor.render_strips()
        finally:
            visible_screen_stack.reset(behind)

    def render(self) -> Content:
        """Nothing: the lines are painted one by one."""
        return Content("")

    # What the app is given

    def check_consume_key(self, key: str, character: str | None = None) -> bool:  # noqa: ARG002
        """Return whether a key goes to the inner app: any but the priority bindings of the outer app and its screen."""
        outside = (*self.screen._bindings, *self.app._bindings)
        return not any(its == key and binding.priority for its, binding in outside)

    def on_key(self, event: events.Key) -> None:
        """Give a key to the app."""
        self._take(event)
        self._send(events.Key(event.key, event.character))

    def on_paste(self, event: events.Paste) -> None:
        """Give the app what is pasted."""
        self._take(event)
        self._send(events.Paste(event.text))

    def on_focus(self) -> None:
        """Let the app show where its focus is."""
        self._send(events.AppFocus())

    def on_blur(self) -> None:
        """Let the app show that keys go elsewhere."""
        self._send(events.AppBlur())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Pass on a button that is pressed."""
        self._pass_on(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Pass on a button that is let go."""
        self._pass_on(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Pass on where the mouse is."""
        self._pass_on(event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Pass on the wheel."""
        self._pass_on(event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Pass on the wheel."""
        self._pass_on(event)

    def on_click(self, event: events.Click) -> None:
        """Keep a click: the app makes its own of the button."""
        self._take(event)

    def _pass_on(self, event: events.MouseEvent) -> None:
        self._take(event)
        self._send(
            type(event)(
                None,
                x=event.x,
                y=event.y,
                delta_x=event.delta_x,
                delta_y=event.delta_y,
                button=event.button,
                shift=event.shift,
                meta=event.meta,
                ctrl=event.ctrl,
            )
        )

    @staticmethod
    def _take(event: events.Event) -> None:
        event.stop()
        event.prevent_default()

    def _send(self, event: events.Event) -> None:
        if self.inner.is_running and (driver := self.inner._driver) is not None:
            driver.process_message(event)
