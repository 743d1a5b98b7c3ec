"""An app with the frame around it and something of everything in it, for tests and for a look in a terminal.

python -m tests.screens.frame [THEME] [page]
"""

from __future__ import annotations

import sys
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList, Static

from screens.help.help_screen import toggle_help
from screens.lock import LockScreen
from screens.safe_app import SafeApp
from screens.themes import DARK
from screens.widgets.key_bar import KeyBar
from screens.widgets.tab_strip import TabItem, TabStrip
from screens.widgets.title_bar import TitleBar
from store.people.ticket import Where


async def region() -> Where:
    """Return what is known of support without a store."""
    return Where()


TOP = (
    TabItem("todo", "1", "Att göra", "4"),
    TabItem("mine", "2", "Mina", "14"),
    TabItem("all", "3", "Alla"),
    TabItem("ended", "4", "Avslutade"),
    TabItem("profile", "", "Min profil"),
)
PAGE = (
    TabItem("manage", "1", "Hantera"),
    TabItem("messages", "2", "Meddelanden", "●1"),
    TabItem("timeline", "3", "Tidslinje"),
    TabItem("flags", "4", "Flaggor och aktivitetsplaner", short="Flaggor och planer"),
)
TRAIL = ("‹ Mina", "Ahlberg, Sara", "19800102-2386", "KomIgång online")


def own(key: str, action: str, label: str, sentence: str, *, show: bool = True) -> Binding:
    return Binding(key, action, label, id=f"demo.{action}", tooltip=sentence, show=show)


class ListScreen(Screen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        own("enter", "open", "Öppna", "Öppna det moment som markören står på."),
        own("n", "start", "Starta nytt moment", "Starta ett nytt moment för en invånare."),
        own("slash", "search", "Sök", "Sök på namn eller personnummer."),
        own("s", "sort", "Sortera", "Välj vad listan sorteras på."),
        own("f", "filter", "Filtrera", "Visa bara en del av listan."),
    ]
    AUTO_FOCUS = "OptionList"

    def compose(self) -> ComposeResult:
        yield TitleBar(
            unit_name="Barn- och ungdomshälsan",
            unit_code="OVN1",
            practice=True,
            today=date(2026, 11, 22),
            person="Lind, Karin",
            roles=("Behandlare",),
        )
        yield TabStrip(TOP, active="mine")
        yield Static(Content.from_markup("[$rule]" + "─" * 200), classes="line rule")
        yield Static(Content(" Ahlberg, Sara   19800102-2386   2026-10-28   Inga flaggor"), id="cursor", classes="line")
        yield Static(
            Content.from_markup(" Berg, Olle  [$dim]Ingen aktivitet[/]  [$wait]! Aldrig inloggad"), classes="line"
        )
        yield Static(
            Content.from_markup(" Ek, Nils  [$risk]▲ prioriterad[/]  [$done]✓ läst[/]  [$dim]–"), classes="line"
        )
        yield Input("0001012384", placeholder="Personnummer")
        yield OptionList("KomIgång online", "Sovhjälpen", "Nedstämdhet")
        yield Button("Avbryt")
        yield Button("Starta nytt moment", variant="success")
        yield Button("Avsluta", variant="error")
        yield KeyBar()

    def action_start(self) -> None:
        self.notify("Moment startat [/x].")


class PageScreen(ListScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        own("m", "read", "Markera som läst", "Markera händelsen som läst."),
        own("u", "later", "Skjut\xa0upp", "Skjut upp det till en annan dag, med ett skäl."),
        own("b", "switch", "Byt behandlare", "Lämna momentet till en annan behandlare."),
        own("a", "end", "Avsluta moment", "Avsluta momentet. Det går inte att ångra."),
        own("w", "keep", "Vidmakthållande", "Låt invånaren läsa vidare på egen hand."),
        own("o", "hand_over", "Överlämna", "Lämna momentet till en annan enhet."),
        own("j", "journal", "Journalunderlag", "Skapa en text att föra in i journalen."),
        own("k", "contact", "Kontaktperson", "Visa programmets kontaktperson."),
        own("escape", "back", "Tillbaka", "Gå tillbaka till listan."),
    ]

    def on_mount(self) -> None:
        self.query_one(TitleBar).trail = TRAIL
        tabs = self.query_one(TabStrip)
        tabs.items, tabs.active = PAGE, "manage"


class Frame(SafeApp[None]):
    CSS = """
    Static.line { height: 1; text-wrap: nowrap; }
    #cursor { background: $row-cursor; color: $row-cursor-text; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f1", "help", "Hjälp", id="app.help", priority=True, tooltip="Visa alla tangenter, och var stöd finns."
        ),
        Binding("f9", "lock", "Lås", id="app.lock", priority=True, tooltip="Täck skärmen tills någon är här igen."),
    ]

    def __init__(self, screen: type[Screen[None]] = ListScreen, *, theme: str = DARK.name) -> None:
        super().__init__(theme=theme)
        self._first = screen

    def get_default_screen(self) -> Screen[None]:
        return self._first()

    def action_help(self) -> None:
        toggle_help(self, region)

    def action_lock(self) -> None:
        self.push_screen(LockScreen(practice=True, locked_by="Lind, Karin"))


if __name__ == "__main__":
    app = Frame(PageScreen if "page" in sys.argv else ListScreen, theme=(*sys.argv[1:], DARK.name)[0])
    app.run()
    sys.exit(app.return_code)
