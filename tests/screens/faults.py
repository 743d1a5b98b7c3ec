"""An app that shows a hostile text everywhere, and one that fails in a given way; both for a real terminal.

python -m tests.screens.faults show TEXT
python -m tests.screens.faults KIND FOLDER
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from screens.safe_app import SafeApp
from screens.widgets.key_bar import KeyBar
from screens.widgets.tab_strip import TabItem, TabStrip
from screens.widgets.title_bar import TitleBar
from tests.screens.everything import Everything

SECRET = "19121212-1212"
NAME = "Ahlberg"


class Telling(Exception):
    """An error that can render itself, and would tell all."""

    def __rich__(self) -> str:
        return f"{NAME} {SECRET}"


def fail(kind: type[Exception] = RuntimeError) -> None:
    personnummer, note = SECRET, f"{NAME} har fallit"
    raise kind(f"boom {personnummer} {note}")


class Bad(Static):
    def render(self) -> str:
        fail()
        return ""


class Failing(SafeApp[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "fail", "Gå sönder", id="faults.fail", tooltip="Gå sönder.")]

    def __init__(self, kind: str, folder: Path) -> None:
        super().__init__(crash_folder=folder, version="9.9")
        self.kind = kind

    def compose(self) -> ComposeResult:
        resident = SECRET
        yield Static("Redo", id="ready")
        yield Horizontal(id="room")
        if self.kind == "compose":
            fail()
        assert resident

    def on_mount(self) -> None:
        if self.kind == "mount":
            fail()

    def action_fail(self) -> None:
        match self.kind:
            case "key":
                fail()
            case "rich":
                fail(Telling)
            case "render":
                self.query_one("#room").mount(Bad())
            case "worker":
                self.run_async_worker()
            case "thread_worker":
                self.run_thread_worker()
            case "thread":
                threading.Thread(target=fail).start()
            case "timer":
                self.set_timer(0.01, fail)
            case "task":
                asyncio.get_running_loop().call_soon(fail)
            case "style":
                self.query_one("#ready").styles.width = SECRET
            case "input":
                self._driver._read = fail  # type: ignore[union-attr]  # what the thread that reads keys calls
                self.query_one("#ready", Static).update("Nästa tangent")
            case "panic":
                self.panic(NAME)
            case "many":
                self.set_timer(0.01, fail)
                self.set_timer(0.01, fail)
                fail()

    @work
    async def run_async_worker(self) -> None:
        await asyncio.sleep(0)
        fail()

    @work(thread=True)
    def run_thread_worker(self) -> None:
        fail()


class Showing(Everything):
    """Every widget of Textual's that shows data, and ours."""

    def compose(self) -> ComposeResult:
        data = self.data
        yield TitleBar(unit_name=data, person=data, practice=True, trail=("‹ Mina", data))
        yield TabStrip([TabItem("a", "1", data, data), TabItem("b", "2", "Alla")], active="a")
        yield from super().compose()
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        self.title = self.data


if __name__ == "__main__":
    app = Showing(sys.argv[2]) if sys.argv[1] == "show" else Failing(sys.argv[1], Path(sys.argv[2]))
    app.run()
    sys.exit(app.return_code)
