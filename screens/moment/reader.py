"""The moment of a resident's page: read when the page opens, read again when others change it, and changed in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid4

from screens.moment.available_actions import Allowed
from screens.moment.news import news, why_gone
from screens.moment.page_state import PageState, open_page, refresh_page
from screens.store_client import StoreClient
from screens.whom import Whom, whom_of
from store.foundation.errors import DomainError, NotPermitted
from store.foundation.work import Work
from store.people.sign_in import StaffActor
from store.views.moment import MomentPage

P = ParamSpec("P")
T = TypeVar("T")


class MomentReader:
    """What is known of a moment. Readings and changes come one at a time, so that none shows what is out of date."""

    def __init__(
        self, client: StoreClient, moment_id: int, show: Callable[[], None], shows_glance: Callable[[], bool]
    ) -> None:
        """Read nothing yet; `show` is called when there is something new to be shown.

        `shows_glance` is asked whether there is room for the resident at a glance: else that is not read.
        """
        self.client = client
        self.moment_id = moment_id
        self.show = show
        self._shows_glance = shows_glance
        self.state: PageState | None = None
        """What was read last, None until something is."""
        self.allowed = Allowed()
        """What the person may do with the moment as it is now."""
        self.is_gone = False
        """Whether the moment may no longer be seen."""
        self.trouble = ""
        """Why the moment could not be read the last time."""
        self.news = ""
        """What somebody else has changed so much that the person must know."""
        self.turn = asyncio.Lock()
        """Held while the moment is read or changed."""

    @property
    def page(self) -> MomentPage | None:
        """The moment, once it is read."""
        return self.state.page if self.state else None

    @property
    def whom(self) -> Whom:
        """Whom the moment is about, once it is read: what dialogs and notifications say."""
        page = self.page
        if page is None:
            return Whom("", "")
        return whom_of(page.name, page.program_title, is_protected=bool(page.protection), moment=self.moment_id)

    @property
    def resident_name(self) -> str:
        """The resident's name, as the way back to the page says it."""
        return self.page.name if self.page else ""

    # Reading

    async def read(self) -> None:
        """Read the moment and show it, or why it can't be shown."""
        async with self.turn:
            await self.read_in_turn()

    async def turn_to(self, moment_id: int, prepare: Callable[[], Awaitable[None]]) -> None:
        """Read another moment in this one's place; `prepare` makes the page ready for it."""
        async with self.turn:
            self.moment_id, self.state, self.news = moment_id, None, ""
            await prepare()
            await self.read_in_turn()

    async def read_in_turn(self, *, is_own_doing: bool = False) -> None:
        """Read the moment and show it, while the caller holds `turn`.

        `is_own_doing`: the person has just changed it, which is no news.
        """
        operation = open_page if self.state is None or self.is_gone else refresh_page
        try:
            state = await self.client.read(operation, self.moment_id, with_glance=self._shows_glance())
        except NotPermitted as refusal:
            self.trouble = await why_gone(self.client, self.moment_id, self.allowed) if self.page else refusal.message
            self.is_gone, self.allowed = True, Allowed()
        except DomainError as refusal:
            self.trouble = refusal.message
        else:
            self._take(state, is_own_doing=is_own_doing)
        if not (self.is_gone and is_own_doing):  # else the page closes, and says what was done where it leads back to
            self.show()

    def _take(self, state: PageState, *, is_own_doing: bool) -> None:
        before, self.state, page = self.page, state, state.page
        if before is None:
            self.client.note_opened(self.moment_id)
        if self.is_gone:
            self.news = ""
        elif before is not None and not is_own_doing:
            self.news = news(before, page) or self.news
        self.trouble, self.is_gone = "", False
        actor = self.client.actor
        self.allowed = Allowed.on(page, actor) if isinstance(actor, StaffActor) else Allowed()

    # Changing

    async def do(self, operation: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out an operation, read the moment again and show it.

        Raises:
            DomainError: what the operation refuses.
        """
        return await self.carry_out(uuid4(), operation, *args, **kwargs)

    async def carry_out(
        self, command: UUID, operation: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Carry out an operation under a command's UUID: sent again with the same one it is carried out once.

        Raises:
            DomainError: what the operation refuses.
        """
        async with self.turn:
            result = await self.client.carry_out(command, operation, *args, **kwargs)
            self.news = ""
            await self.read_in_turn(is_own_doing=True)
        return result
