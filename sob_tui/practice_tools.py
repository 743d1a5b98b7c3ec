"""What the app has in the practice environment beside the work: exercises, its clock, scenarios, and a saved state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand

from screens.safe_app import SafeApp
from screens.store_client import StoreClient
from screens.strips import Strips
from screens.type_ahead import hold_keys, release_keys
from screens.workers import start_alone
from sob_tui.settings import own_exercises, own_scenarios
from store.foundation.errors import StoreUnreachable
from store.people.seats import has_attempt
from store.people.sign_in import StaffActor

if TYPE_CHECKING:
    from screens.help.practising import Practising
    from sob_tui.exercise_guide import ExerciseGuide

EXERCISES = "Övningar"
EXERCISES_SENTENCE = "Öva på en sak i taget: ett mål, steg som bockar av sig själva, och ledtrådar."
CLOCK = "Ställ fram klockan"
CLOCK_SENTENCE = "Låt tid gå i övningsmiljön: det som skulle ha hänt på vägen händer."
SCENARIOS = "Scenarier"
SCENARIOS_SENTENCE = "Gör om övningsmiljön med ett läge att öva i, eller med ett som är sparat."
SAVE = "Spara övningsmiljön"
SAVE_SENTENCE = "Spara övningsmiljön som den är i en fil, att ladda igen eller dela."


class PracticeTools:
    """Does the palette's practice commands, and follows the exercise that is under way."""

    def __init__(
        self,
        app: SafeApp[int],
        client: StoreClient,
        strips: Strips,
        *,
        begin_anew: Callable[[], Awaitable[None]],
    ) -> None:
        """`begin_anew` asks who is at work, once the store has been made anew."""
        self._app = app
        self._client = client
        self._strips = strips
        self._begin_anew = begin_anew
        self._guide: ExerciseGuide | None = None
        """What follows an exercise, once one has been chosen."""

    def commands(self) -> Iterable[SystemCommand]:
        """Yield what stands in the palette."""
        yield SystemCommand(CLOCK, CLOCK_SENTENCE, partial(self._begin, "open", self._move_clock))
        yield SystemCommand(EXERCISES, EXERCISES_SENTENCE, self.choose_exercise)
        yield SystemCommand(SCENARIOS, SCENARIOS_SENTENCE, partial(self._begin, "open", self._load_scenario))
        yield SystemCommand(SAVE, SAVE_SENTENCE, partial(self._begin, "open", self._save_state))

    def _begin(self, group: str, work: Callable[[], Awaitable[None]]) -> None:
        """Begin what opens a box: what is typed until that stands there is for it."""
        hold_keys(self._app)
        start_alone(self._app, group, self._with_held_keys, work)

    async def _with_held_keys(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        finally:
            release_keys(self._app)  # where no box has

    # Exercises

    @property
    def is_exercising(self) -> bool:
        """Whether an exercise is under way."""
        return self._guide is not None and self._guide.is_under_way

    def look(self) -> None:
        """Judge soon how far the exercise has come."""
        if self._guide is not None:
            self._guide.look()

    def count_key(self) -> None:
        """Count a key press of the exercise."""
        if self._guide is not None:
            self._guide.count_key()

    def show_exercise(self) -> None:
        """Show the steps of the exercise that is under way."""
        if self._guide is not None:
            start_alone(self._app, "exercise", self._guide.open)

    def choose_exercise(self, page: str = "") -> None:
        """Let the trainee choose an exercise, of a page of the help or of all."""
        self._begin("exercise", partial(self._choose, page))

    async def _choose(self, page: str) -> None:
        await (await self._exercise_guide()).choose(page)

    def resume_exercise(self) -> None:
        """Go on with the exercise that was under way when the app was closed, beside a choice that stands open."""
        if self._client.practice and not self.is_exercising:
            start_alone(self._app, "resume", self._resume)

    async def _resume(self) -> None:
        with suppress(StoreUnreachable):
            if await self._client.run(lambda: has_attempt(self._client.store)):
                await (await self._exercise_guide()).resume()

    async def _exercise_guide(self) -> ExerciseGuide:
        if self._guide is None:
            guide = await self._client.load("sob_tui.exercise_guide")
            self._guide = self._guide or guide.ExerciseGuide(self._app, self._client, self._strips)
        return self._guide

    @property
    def practising(self) -> Practising:
        """The exercises of the help's pages; they are begun in a practice store by who is signed in."""
        from screens.help.practising import Practising

        is_there = self._client.practice and isinstance(self._client.actor, StaffActor)
        begin = partial(self._app.call_later, self.choose_exercise) if is_there else None
        return Practising(self._titles_of, begin)

    async def _titles_of(self, page: str) -> Sequence[str]:
        shelf: Any = await self._client.load("store.practice.exercises.shelf")
        found: dict[str, list[str]] = await self._client.run_on_files(lambda: shelf.titles_by_page(own_exercises()))
        return found.get(page, ())

    # The store as a whole

    async def _move_clock(self) -> None:
        """Ask how far the clock shall be moved forward."""
        dialog = await self._client.load("screens.dialogs.clock")
        await dialog.ask_for_clock(self._app, self._client)

    async def _load_scenario(self) -> None:
        """Let somebody make the store anew with a scenario; then it is asked who to be there."""
        dialog = await self._client.load("screens.dialogs.scenario")
        if await dialog.ask_for_scenario(self._app, self._client, own_scenarios()):
            if self._guide is not None:
                self._guide.end()
            await self._begin_anew()

    async def _save_state(self) -> None:
        """Ask for a file to save the state in."""
        dialog = await self._client.load("screens.dialogs.scenario")
        await dialog.ask_to_save(self._app, self._client, own_scenarios())
