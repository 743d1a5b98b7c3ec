"""The app of the resident's side: somebody of the practice environment acts there (domain.md §9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.commands import HELP_ID
from screens.contracts import FollowsChanges
from screens.leave_confirmation import LeaveConfirmation
from screens.resident.programs_screen import ProgramsScreen
from screens.safe_app import SafeApp
from screens.shown_keys import key_of
from screens.store_client import StoreClient
from screens.themes import DARK
from screens.type_ahead import TypeAhead
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, StoreUnreachable
from store.practice import play_resident

POLL_SECONDS = 0.5
"""How often it is looked whether anything has changed: what the clinician does is on screen within two seconds."""

UNSENT = "Det du har skrivit är inte skickat. Tryck {} en gång till för att stänga ändå."


class ResidentApp(SafeApp[int], TypeAhead):
    """The resident's side."""

    TITLE = "Stöd och behandling"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Hjälp", id=HELP_ID, priority=True, tooltip="Visa hjälp om det du ser."),
    ]

    def __init__(
        self,
        client: StoreClient,
        personnummer: str,
        *,
        moment: int | None = None,
        keymap: Mapping[str, str] | None = None,
        crash_folder: Path | None = None,
        theme: str = DARK.name,
        version: str = "",
        dense: bool = False,
    ) -> None:
        """Act as somebody on a practice store.

        Args:
            client: the way to the store, which has the actor.
            personnummer: whose side it is.
            moment: the moment that is opened at once; without it the only one that there is.
            keymap: own keys, by the ids of the bindings.
            crash_folder: as for every `SafeApp`, and so are the rest.
            theme: a theme's name.
            version: the program's.
            dense: whether few lines are left empty.
        """
        super().__init__(crash_folder=crash_folder, theme=theme, version=version, dense=dense)
        self.set_keymap(dict(keymap or {}))
        self.client = client
        self._personnummer = personnummer
        self._moment = moment
        self._seen: tuple[int, date, int] | None = None
        """The change number of all units, the day, and how far the clock has been moved, when they were looked at last.

        None while that is not known.
        """
        self._is_looking = False
        self._leave = LeaveConfirmation(self)

    @property
    def has_unsent(self) -> bool:
        """Whether something stands written that is not sent."""
        return self._leave.is_needed

    def on_mount(self) -> None:
        """Show the programs, and follow what happens."""
        self.push_screen(ProgramsScreen(self.client, first=self._moment))
        self.set_interval(POLL_SECONDS, self._look)

    @work(group="look")
    async def _look(self) -> None:
        """Let the screens show what others have done since the last look."""
        if self._is_looking:
            return
        self._is_looking = True
        try:
            now = await self.client.look(None), local_day(self.client.clock()), self.client.clock_ahead
        except StoreUnreachable:
            if self._seen is not None:
                self._seen = None
                self._tell_screens()
            return
        finally:
            self._is_looking = False
        if now != self._seen:
            self._seen = now
            await self._follow_actor()
            self._tell_screens()

    async def _follow_actor(self) -> None:
        """Act as who acts for the resident now: a child may have grown, the store may have been made anew."""
        if self.client.actor is None:
            return
        try:
            self.client.actor = await self.client.run(lambda: play_resident(self.client.store, self._personnummer))
        except StoreUnreachable:
            return
        except DomainError:
            self.client.actor = None  # the pages say so

    def _tell_screens(self) -> None:
        for screen in self.screen_stack[::-1]:
            if isinstance(screen, FollowsChanges):
                screen.call_later(screen.changed)

    def action_help(self) -> None:
        """Say what the page is for, and where to turn; once more closes it."""
        from screens.resident.help import toggle_help

        toggle_help(self)

    async def action_quit(self) -> None:
        """Close the app, once what is written is sent or the person knows that it isn't."""
        if not self._leave.is_needed or self._leave.is_given(UNSENT, key_of("app.quit")):
            self.exit()
