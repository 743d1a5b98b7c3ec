"""Who is at work in the app: signs in, lets another person or unit take over, and follows the roles that are held."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from screens.clipboard import forget_copied
from screens.door.outcome import Left
from screens.leave_confirmation import UNSAVED, LeaveConfirmation
from screens.main import MainScreen
from screens.safe_app import SafeApp
from screens.session import Session, Units, as_is_now, begin_session, choose_unit, still_there
from screens.shown_keys import key_of
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.workers import InTurn, start_alone
from sob_tui.door import FrontDoor
from sob_tui.gone_boxes import AGAIN_SECONDS
from sob_tui.pages_over_tabs import close_pages, pages_over_tabs
from store.foundation.access import Role
from store.foundation.errors import DomainError, NotPermitted
from store.people.session_clock import SessionOver
from store.people.sign_in import AssignmentGone, SeveralUnits, StaffActor

if TYPE_CHECKING:
    from store.practice import CastMember

NOTED_SECONDS = 60.0
"""How often it is noted that somebody is at the keys of a real store."""

UNKEPT = "Det du har skrivit går inte att spara just nu. Du är kvar på enheten."
UNKEPT_HERE = "Det du har skrivit går inte att spara just nu. Du är kvar som samma person."


class SignIns:
    """Signs people in to an app, one at a time. Each of its public coroutines is run as a worker of the app."""

    def __init__(
        self,
        app: SafeApp[int],
        client: StoreClient,
        leave: LeaveConfirmation,
        *,
        named: tuple[str, str | None] | None,
        keep_drafts: Callable[[], Awaitable[bool]],
        begin: Callable[[Session], Awaitable[None]],
    ) -> None:
        """Sign in on behalf of the app.

        Args:
            app: whose screens show who is at work.
            client: whose actor that is.
            leave: asks before what is written is left.
            named: HSA-ids of the person to begin with and of the unit; None where the person is chosen from the cast.
            keep_drafts: saves what is written on any screen, and says whether it is safe.
            begin: is told once somebody is at work on a unit.
        """
        self._app = app
        self._client = client
        self._leave = leave
        self._named = named
        self._keep_drafts = keep_drafts
        self._begin = begin
        self._asked = 0
        """How many choices of a person or a unit stand open."""
        self.units: Units = []
        """Where the person may work: units, and the care provider of who stands above them."""
        self.has_chosen = False
        """Whether the first person was chosen from the cast."""
        self.lock_seconds: float | None = None
        """After how long without a key the unit wants the screen covered; None where it doesn't."""
        self._door = FrontDoor(app, client)
        self._noted = 0.0
        """When the session was looked at last, by the monotonic clock."""
        # Never stopped for the next: that would find the new roles held, and leave the tabs half changed.
        self._following = InTurn(app, "roles", asyncio.Lock(), self._follow_roles)

    @property
    def is_asking(self) -> bool:
        """Whether a person or a unit is being chosen."""
        return self._asked > 0

    @property
    def knows_whom(self) -> bool:
        """Whether the tabs are what is shown first: in practice, where who begins is named."""
        return self._client.practice and self._named is not None

    def enter(self) -> None:
        """Sign in who is named, or let the person choose."""
        start_alone(self._app, "enter", self._enter)

    async def _enter(self) -> None:
        if not self._client.practice:
            with self._asking():
                self._named = await self._door.come_in(*(self._named or ("", None)))
        elif self._named is None:
            chosen = await self._choose_person()
            self._named = chosen.hsa_id, chosen.unit_hsa_id
            self.has_chosen = True
        await self._show_tabs()
        await self._begin_as(*self._named)

    async def _show_tabs(self) -> None:
        if not isinstance(self._app.screen, MainScreen):
            await self._app.push_screen(MainScreen(self._client))

    async def _begin_as(self, hsa_id: str, unit: str | None) -> None:
        hold_keys(self._app)
        try:
            session = await begin_session(self._client, hsa_id, unit, self._door.session)
        except SeveralUnits as several:
            release_keys(self._app)
            if chosen_unit := await self._choose_unit(several.units):
                self._named = hsa_id, chosen_unit
                await self._begin_as(hsa_id, chosen_unit)
            else:
                await self._door.leave()
                self._app.exit()
            return
        except DomainError as refusal:
            await self._door.leave()
            self._app.exit(refusal.exit_code, return_code=refusal.exit_code, message=refusal.message)
            return
        try:
            await self._work_as(session)
        finally:
            release_keys(self._app)
        self._door.tell_news()

    async def _choose_person(self) -> CastMember:
        from screens.sign_in import SignInScreen  # whoever is named by --som does not wait for it

        with self._asking():
            chosen = None
            while chosen is None:  # somebody has to be there
                chosen = await self._app.push_screen_wait(SignInScreen(self._client))
            return chosen

    async def _choose_unit(self, units: Units, here: str | None = None) -> str | None:
        with self._asking():
            return await choose_unit(self._app, units, here)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        self._asked += 1
        try:
            yield
        finally:
            self._asked -= 1

    async def _work_as(self, session: Session) -> None:
        self.units, self.lock_seconds = session.units, session.lock_seconds
        self._noted = time.monotonic()
        self._client.actor = session.actor
        await self._begin(session)

    async def lock(self) -> None:
        """Cover the screen; any key leads to the choice of person. The same person comes back to where it was left."""
        from screens.lock import LockScreen

        actor = self._client.actor
        if not isinstance(actor, StaffActor):
            return
        forget_copied(self._app)
        if not self._client.practice:
            await self._lock_really(actor)
            return
        await self._app.push_screen_wait(LockScreen(practice=True, locked_by=actor.name))
        chosen = await self._choose_person()
        await self._keep_drafts()  # while the one who wrote is still at work
        await self._go_on_as(chosen, actor)

    async def _lock_really(self, actor: StaffActor) -> None:
        """Cover the screen until the passphrase is there, or somebody signs in."""
        with self._asking():
            left, named = await self._door.lock(actor, self._keep_drafts)
        if left is Left.UNLOCKED:
            self.follow_roles()
        elif named is not None and named == actor.hsa_id:
            session = await begin_session(self._client, named, actor.place, self._door.session)
            self._client.actor = session.actor
            self.follow_roles()
        else:
            await (self.leave() if named is None else self.sign_out())
            await self._close_pages()
            self._client.actor, self._app.last_refusal = None, ""
            self._named = None
            if named is None:
                self.enter()
            else:
                start_alone(self._app, "enter", self._begin_in, named)

    async def _begin_in(self, hsa_id: str) -> None:
        """Let somebody who has signed in already begin."""
        self._named = hsa_id, None
        await self._app.push_screen(MainScreen(self._client))
        await self._begin_as(hsa_id, None)

    def watch_session(self) -> None:
        """Note now and then that somebody is at the keys, and cover the screen once the session is over."""
        actor, now = self._client.actor, time.monotonic()
        if self._app.awaits_person or not self._door.session:  # who tries the lock is nobody yet
            return
        if isinstance(actor, StaffActor) and now - self._noted > NOTED_SECONDS:
            is_seen, self._noted = self._app.last_input > self._noted, now
            start_alone(self._app, "presence", self._watch, actor, is_seen)

    async def _watch(self, actor: StaffActor, is_seen: bool) -> None:
        try:
            await still_there(self._client, actor, is_seen=is_seen)
        except SessionOver:
            if not self._app.awaits_person and self._client.actor is actor:
                start_alone(self._app, "lock", self.lock)
        except DomainError:  # the database is away, or the assignment is gone: both are told where something is done
            return

    async def switch_person(self) -> None:
        """Let another of the cast go on, in practice; Esc, or the same person, goes back to where it was left."""
        actor = self._client.actor
        is_left = not self._leave.is_needed or self._leave.is_given(UNSAVED, key_of("app.person"))
        if not (is_left and isinstance(actor, StaffActor)):
            return
        if not await self._keep_drafts():
            self._app.notify(UNKEPT_HERE, severity="warning")
            return
        from screens.sign_in import SignInScreen

        with self._asking():
            chosen = await self._app.push_screen_wait(SignInScreen(self._client, may_stay=True))
        if chosen is not None:
            await self._go_on_as(chosen, actor)

    async def _go_on_as(self, chosen: CastMember, actor: StaffActor) -> None:
        if (chosen.hsa_id, chosen.unit_hsa_id) != (actor.hsa_id, actor.unit_hsa_id):
            self._app.workers.cancel_group(self._app, "unit")
            await self.sign_out()
            await self._close_pages()
            self._client.actor, self._app.last_refusal = None, ""  # the next one may have a unit to choose yet
            self._named = chosen.hsa_id, chosen.unit_hsa_id
            self.enter()
        else:
            self.follow_roles()  # they were let be meanwhile

    async def begin_anew(self) -> None:
        """Let the person choose who to be in a practice store that was made anew: who was at work may not be there."""
        self._app.workers.cancel_group(self._app, "unit")
        self._client.own_claims.are_any = False  # they went with the store
        self._client.recent_moments = []
        self._app.clear_notifications()
        await self._close_pages()
        self._client.actor, self._app.last_refusal = None, ""
        start_alone(self._app, "enter", self._enter_as_chosen)

    async def _enter_as_chosen(self) -> None:
        chosen = await self._choose_person()
        self._named = chosen.hsa_id, chosen.unit_hsa_id
        await self._enter()

    async def sign_out(self) -> None:
        """Give up the flags that the person is on, so that the colleagues are told; without a database they run out."""
        self._client.recent_moments = []
        if self._client.own_claims.are_any:
            self._client.own_claims.are_any = False
            claims = await self._client.load("store.care.claims")
            with suppress(DomainError):
                await self._client.write(claims.release_claims)

    async def leave(self) -> None:
        """Sign out, and end the session of a real store."""
        await self.sign_out()
        await self._door.leave()

    def end_now(self) -> None:
        """End the session of a real store where the app has ended."""
        self._door.end_now()

    async def _close_pages(self) -> None:
        while len(self._app.screen_stack) > 1:
            await self._app.pop_screen()
        if isinstance(self._app.screen, MainScreen):  # the app began with it, see `SobApp.get_default_screen`
            await self._app.screen.signed_out()

    async def switch_unit(self) -> None:
        """Go on with work on another of one's units; nothing of this one stays on screen."""
        if self._leave.is_needed and not self._leave.is_given(UNSAVED, key_of("app.unit")):
            return
        actor = self._client.actor
        if not isinstance(actor, StaffActor):
            return
        unit = await self._choose_unit(self.units, actor.place)
        if unit is None or unit == actor.place:
            return
        if not await self._keep_drafts():
            self._app.notify(UNKEPT, severity="warning")
            return
        try:
            session = await begin_session(self._client, actor.hsa_id or "", unit, self._door.session)
        except DomainError as refusal:
            said = AssignmentGone() if isinstance(refusal, NotPermitted) else refusal  # it was there at the sign-in
            self._app.notify(said.message, severity="warning")
            return
        if not self._app.locked and not self.is_asking:  # else somebody has left meanwhile
            await self.sign_out()
            await self._go_over(session)

    async def _go_over(self, session: Session) -> None:
        self._app.clear_notifications()
        await self._close_pages()
        self._named = session.actor.hsa_id or "", session.actor.place
        await self._show_tabs()
        await self._work_as(session)

    async def change_passphrase(self) -> None:
        """Let the person choose another passphrase."""
        if isinstance(actor := self._client.actor, StaffActor):
            await self._door.change_passphrase(actor)

    async def renew_backup_codes(self) -> None:
        """Let the person have new codes on paper."""
        if isinstance(actor := self._client.actor, StaffActor):
            await self._door.renew_backup_codes(actor)

    def follow_roles(self) -> None:
        """Let header, tabs and keys be those of the roles that are held now; what a lost one opened is closed."""
        self._following.ask()

    async def _follow_roles(self) -> None:
        actor = self._client.actor
        if not isinstance(actor, StaffActor) or actor.unit_id is None:
            return
        with suppress(DomainError):
            now = await as_is_now(self._client, actor)
            if not self._is_at_work(actor):
                return
            if now.roles == actor.roles:
                self._client.actor = now  # for whom one stands in may have changed
                return
            if actor.roles - now.roles and not await self._close_over_main():
                self._app.set_timer(AGAIN_SECONDS, self.follow_roles)
                return
            if not self._is_at_work(actor):  # somebody has left while drafts were saved
                return
            self._client.actor = now
            for screen in self._app.screen_stack:
                if isinstance(screen, MainScreen):
                    await screen.roles_changed(now)
            self._app.notify(roles_words(now.roles))

    def _is_at_work(self, actor: StaffActor) -> bool:
        """Whether the person is the one who works, and nothing waits for who that is."""
        return not self._app.locked and not self.is_asking and self._client.actor is actor

    async def _close_over_main(self) -> bool:
        """Close what lies over the tabs, once what is written there is safe; returns whether it was."""
        above = pages_over_tabs(self._app)
        if not await self._keep_drafts():
            return False
        return await close_pages(self._app, above, boxes=True)


def roles_words(roles: frozenset[Role]) -> str:
    """Return what is said when somebody's roles have changed."""
    held = ", ".join(role.value for role in Role if role in roles)
    return f"Dina roller på enheten har ändrats. Nu har du: {held or 'ingen roll'}."
