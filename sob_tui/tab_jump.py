"""The top-level tabs from any page over them, by name in the palette (ctrl+p): the pages are closed on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.screen import Screen

from screens.contracts import HoldsUnsaved
from screens.leave_confirmation import LeaveConfirmation
from screens.main import MainScreen
from screens.safe_app import SafeApp
from screens.tabs import TopTab
from screens.workers import start_alone
from sob_tui.pages_over_tabs import awaits_answer, close_pages, pages_over_tabs

SENTENCE = "Stäng sidan och öppna fliken {}."
UNSAVED = "Det du har skrivit här är inte sparat. Spara det, eller välj {} en gång till för att lämna det."
UNSAFE = "Det du har skrivit går inte att spara just nu. Välj {} en gång till för att lämna sidan ändå."


class TabJump:
    """Offers the tabs where pages lie over them, and goes there."""

    def __init__(self, app: SafeApp[int], leave: LeaveConfirmation, keep_drafts: Callable[[], Awaitable[bool]]) -> None:
        """Jump on behalf of the app.

        Args:
            app: whose pages lie over the tabs.
            leave: asks before what is written is left.
            keep_drafts: saves what is written on any screen, and says whether it is safe.
        """
        self._app = app
        self._leave = leave
        self._keep_drafts = keep_drafts

    def commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """Yield a command for each tab over which pages lie; none where a box stands that waits for its answer."""
        main = self._main()
        if main is None or screen is main or self._app.awaits_person or self._boxes_up_to(screen):
            return
        for key, tab in main.tabs.items():
            jump = partial(start_alone, self._app, "tab", self._jump, main, key, tab)
            yield SystemCommand(tab.label, SENTENCE.format(tab.label), jump)

    async def _jump(self, main: MainScreen, key: int, tab: TopTab) -> None:
        above = pages_over_tabs(self._app)
        if not self._may_leave(above, tab, is_safe=await self._keep_drafts()):
            return
        is_there = await close_pages(self._app, above, boxes=False) and self._app.screen is main
        if is_there and main.tabs.get(key) == tab:  # the roles may have changed meanwhile
            main.action_tab(key, tab.id)

    def _may_leave(self, above: list[Screen[Any]], tab: TopTab, *, is_safe: bool) -> bool:
        if not is_safe:
            return self._leave.is_given(UNSAFE, tab.label)
        is_unsent = any(isinstance(page, HoldsUnsaved) and page.is_typed_in for page in above)
        return not is_unsent or self._leave.is_given(UNSAVED, tab.label)

    def _main(self) -> MainScreen | None:
        return next((screen for screen in self._app.screen_stack if isinstance(screen, MainScreen)), None)

    def _boxes_up_to(self, screen: Screen[Any]) -> bool:
        """Whether a screen is a box that waits for its answer, or lies over one."""
        stack = self._app.screen_stack
        return any(awaits_answer(one) for one in stack[: stack.index(screen) + 1])
