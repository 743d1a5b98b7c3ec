"""What the app says at a sign-in beside the work: the tour to who is new, *Senast du var här* to who comes seldom."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from textual.worker import Worker, WorkerCancelled

from screens.safe_app import SafeApp
from screens.store_client import StoreClient
from screens.strips import Strips
from sob_tui.settings import state_folder
from store.foundation.access import Role
from store.foundation.errors import DomainError
from store.people.sign_in import StaffActor

CANNOT = "I rundturen startar du ett moment, och det gör en behandlare. Byt person: tryck {app.person}."


class Guide:
    """Offers the tour once to who starts practising without `--som`; the strip it speaks by is one for all."""

    def __init__(self, app: SafeApp[Any], client: StoreClient, strips: Strips, *, tour: bool = False) -> None:
        """`tour` is whether the tour begins at the first sign-in, unasked."""
        self._app = app
        self._client = client
        self._strips = strips
        self._words: Callable[[], str] | None = None
        """What it says now, in the strip that others speak by as well."""
        self._wants_tour = tour
        self.is_newcomer = False
        """Whether whoever is at work chose from the cast when the app was started."""
        self._has_asked = False

    def close(self) -> None:
        """End the tour, and hide what was told: at a sign-in it was told to somebody else."""
        if self._words is not None:
            self._strips.hide(self._words)
            self._words = None

    def _say(self, words: Callable[[], str]) -> None:
        self._words = words
        self._strips.show(words)

    async def begin(self, day: Worker[None]) -> None:
        """Say what there is to say to whoever has signed in. To be awaited in a worker.

        `day` runs the day's rules: what has happened is told once they have raised what time has brought.
        """
        if self._wants_tour:
            self._wants_tour = False
            await self.tour()
        elif await self._is_to_be_asked():
            offer = await self._client.load("screens.dialogs.tour_offer")
            if await self._app.push_screen_wait(offer.TourOffer()):
                await self.tour()
        else:
            with suppress(WorkerCancelled):  # the app is being closed
                await day.wait()
                await self._tell_what_happened()

    async def tour(self) -> None:
        """Begin the tour, from the first screen."""
        if not self._is_clinician:
            keys = await self._client.load("screens.shown_keys")
            self._app.notify(keys.keyed(CANNOT), severity="warning")
            return
        tour = await self._client.load("screens.tour")
        self._say(tour.Tour(self._app).words)

    @property
    def _is_clinician(self) -> bool:
        actor = self._client.actor
        return isinstance(actor, StaffActor) and Role.CLINICIAN in actor.roles

    async def _is_to_be_asked(self) -> bool:
        """Whether the tour is offered now; it is then written down beside the user's drafts that it was."""
        if self._has_asked or not (self._client.practice and self.is_newcomer and self._is_clinician):
            return False
        self._has_asked = True
        return await self._client.run_on_files(lambda: _note_first_time(state_folder() / "rundtur"))

    async def _tell_what_happened(self) -> None:
        if not self._is_clinician or self._strips.is_shown:
            return
        views = await self._client.load("store.views.since")
        with suppress(DomainError):
            since = await self._client.read(views.count_since)
            if since is not None:
                words = (await self._client.load("screens.since")).since_words(since)
                self._say(lambda: words)


def _note_first_time(path: Path) -> bool:
    """Return whether a file was not there, and make it; where it can't be made, it is the first time again."""
    if path.exists():
        return False
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch()
    return True
