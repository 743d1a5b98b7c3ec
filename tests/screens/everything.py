"""An app with every widget that shows data, each given it the right way."""

from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, DataTable, Input, Label, OptionList, Select, Static, TextArea

from screens.safe_app import SafeApp


class Everything(SafeApp[None]):
    """The widgets that show data, each given it the right way."""

    def __init__(self, data: str) -> None:
        super().__init__()
        self.data = data

    def compose(self) -> ComposeResult:
        data = self.data
        yield Static(Content(data), id="static")
        yield Label(data, markup=False)
        yield Input(data)
        yield TextArea(data)
        yield Button(Content(data))
        yield OptionList(Content(data))
        yield Select([(Content(data), 1)], value=1)
        table: DataTable[Any] = DataTable()
        table.add_column(Text(data))
        table.add_row(Content(data))
        yield table

    def on_mount(self) -> None:
        self.query_one("#static").border_title = Content(self.data)
        self.query_one("#static").styles.border = ("round", "red")
        self.notify(self.data, title=self.data)
