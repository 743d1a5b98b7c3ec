"""The way in to a real store from the app: the session that is open, and the screens that open, lock and end one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from screens.door.outcome import Left
from screens.safe_app import SafeApp
from screens.store_client import StoreClient
from sob_tui.place import place
from store.foundation.errors import DomainError
from store.people.sign_in import StaffActor

NEWS_SECONDS = 12.0
"""How long what happened since the last sign-in stands: read in peace, and off the list's first rows then."""


class FrontDoor:
    """Where people come in and go out."""

    def __init__(self, app: SafeApp[int], client: StoreClient) -> None:
        self._app = app
        self._client = client
        self.session = ""
        """The id of the open session; empty in practice, and before somebody has signed in."""
        self._hsa_id = ""
        self._news: tuple[str, ...] = ()

    async def come_in(self, hsa_id: str = "", unit: str | None = None, said: str = "") -> tuple[str, str | None]:
        """Ask who it is until somebody has signed in; returns the person, and the unit as it was given.

        Args:
            hsa_id: who it is expected to be.
            unit: on which unit; it is found out whether the person works there when the work begins.
            said: why somebody has to sign in anew.
        """
        from screens.door.sign_in import SignInDoor

        opened = None
        while opened is None:  # somebody has to be there
            opened = await self._app.push_screen_wait(SignInDoor(self._client, place(), hsa_id, said))
        self.session, self._hsa_id, self._news = opened.id, opened.hsa_id, opened.news
        return opened.hsa_id, unit

    def tell_news(self) -> None:
        """Tell the person, once, what happened since the last sign-in."""
        told, self._news = self._news, ()
        for sentence in told:
            self._app.notify(sentence, severity="warning", timeout=NEWS_SECONDS)

    async def lock(self, actor: StaffActor, keep_drafts: Callable[[], Awaitable[bool]]) -> tuple[Left, str | None]:
        """Cover the screen; returns how it was left, and who has signed in anew where the session was over.

        What is written is kept in the store first, while the session is open.
        """
        from screens.door.unlock import UnlockDoor

        door = UnlockDoor(self._client, actor, place())
        leaving = self._app.push_screen(door, wait_for_dismiss=True)
        await keep_drafts()
        left = await leaving
        if left is not Left.OVER:
            return left, None
        named, _ = await self.come_in(actor.hsa_id or "", said=door.over)
        return left, named

    async def change_passphrase(self, actor: StaffActor) -> None:
        """Let somebody who is signed in choose another passphrase."""
        dialogs = await self._client.load("screens.door.own_account")
        await dialogs.ask_for_passphrase(self._app, self._client, actor, place())

    async def renew_backup_codes(self, actor: StaffActor) -> None:
        """Let somebody who is signed in have new codes on paper."""
        dialogs = await self._client.load("screens.door.own_account")
        await dialogs.ask_for_codes(self._app, self._client, actor, place())

    async def leave(self) -> None:
        """End the session."""
        session, self.session = self.session, ""
        if session:
            sessions = await self._client.load("store.people.sessions")
            with suppress(DomainError):
                await self._client.run(lambda: sessions.sign_out(self._client.store, self._hsa_id, session))

    def end_now(self) -> None:
        """End the session where the app has ended and nothing else runs."""
        session, self.session = self.session, ""
        if session:
            from store.people.sessions import sign_out

            with suppress(DomainError):
                sign_out(self._client.store, self._hsa_id, session)
