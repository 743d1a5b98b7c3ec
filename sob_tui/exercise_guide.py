"""The exercise that is under way in an app: it ticks itself off, explains wrong turns and gives hints."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.safe_app import SafeApp
from screens.shown_keys import key_of, keyed
from screens.store_client import StoreClient
from screens.strips import Strips
from screens.widgets.cells import clean
from screens.wording import plural
from screens.workers import InTurn
from sob_tui.settings import own_exercises
from store.foundation.clock import wall_clock
from store.foundation.errors import DomainError, StoreUnreachable
from store.foundation.hsa_id import hsa_key
from store.foundation.log import new_session
from store.practice import cast_of

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from store.practice.exercises.exercise import Exercise, Step
    from store.practice.exercises.judging import Attempt, Standing
    from store.practice.exercises.reading import Shelf

EXERCISES = "Övningar"
KEY_ID = "exercise.open"
PERSON_ID = "app.person"
# A notification's title is one word or two: Textual cuts off its text where the title takes two lines.
EXPLAINED_SECONDS = 20.0
"""How long it stands why something was a wrong turn, a hint, and that an exercise is solved."""
MEND = "Går inte att öva på. Prova filen med sob ovning kontrollera."
KEEP_MILLISECONDS = 5_000
"""How often at most time and key presses are stored while nothing is ticked off."""
BEGUN, HINT, MISTAKE, SOLVED = "Övning", "Ledtråd", "Felsteg", "Övningen är klar"
_END = "avsluta"


class ExerciseGuide:
    """Follows the trainee's sessions in a practice store, and shows how far they have come."""

    def __init__(self, app: SafeApp[int], client: StoreClient, strips: Strips) -> None:
        self._app = app
        self._client = client
        self._strips = strips
        self._attempt: Attempt | None = None
        self._standing: Standing | None = None
        self._begun = 0
        """When the work on it began here, by this machine's clock; earlier by what was worked before."""
        self._keys = 0
        self._deeds = -1
        """How many deeds the standing is of."""
        self._kept_at = 0
        self._hints: dict[str, int] = {}
        """How many hints have been given, by step."""
        self._looking = InTurn(app, "exercise-look", asyncio.Lock(), self._look)

    @property
    def is_under_way(self) -> bool:
        """Whether there is an exercise to follow."""
        return self._attempt is not None

    def count_key(self) -> None:
        """Count a key press."""
        self._keys += 1

    def look(self) -> None:
        """Judge soon how far the attempt has come."""
        if self._attempt is not None:
            self._looking.ask()

    async def choose(self, page: str = "") -> None:
        """Let the trainee choose an exercise, and begin it; of a page of the help the one that it has."""
        shelf = await self._shelf()
        found = [one for one in (*shelf.own, *shelf.shipped) if page in ("", one.page)]
        if page and len(found) == 1:
            await self._begin(found[0])
            return
        choices: list[Choice[Exercise | None]] = [Choice(one, one.title, one.goal) for one in found]
        if not page:
            choices[len(shelf.own) : 0] = [Choice(None, f"✗ {fault}", MEND) for fault in shelf.faults]
        chosen = await self._app.push_screen_wait(ChoiceDialog(EXERCISES, choices, whom=None))
        if chosen is not None:
            await self._begin(chosen)

    async def _shelf(self) -> Shelf:
        reading = await self._client.load("store.practice.exercises.reading")
        found: Shelf = await self._client.run_on_files(lambda: reading.all_exercises(own_exercises()))
        return found

    async def _begin(self, exercise: Exercise) -> None:
        beginning = await self._client.load("store.practice.exercises.beginning")
        log = self._client.store.access_log
        if not log.trainee:  # the app was not started as `sob` starts it
            log.begin_trainee(new_session())
            if self._client.actor is not None:
                self._client.actor = replace(self._client.actor, session=log.new_session())
        try:
            begun: Attempt = await self._client.run_long(
                lambda: beginning.begin_exercise(self._client.store, exercise, log.trainee)
            )
        except DomainError as refused:
            self._app.notify(refused.message, severity="warning")
            return
        self._attempt, own = begun, begun.exercise
        self._follow(0, 0)
        who = await self._who(own)
        said = f"{own.title}\n\n{own.goal}\n{who}Steg och ledtrådar: {key_of(KEY_ID)}.\n\n{own.why}"
        self._say(said, BEGUN)
        await self._look()

    async def resume(self) -> None:
        """Go on with the exercise that was under way when the app was closed, if there is one."""
        trainee = self._client.store.access_log.trainee
        beginning = await self._client.load("store.practice.exercises.beginning")
        with suppress(DomainError):
            found = await self._client.run(lambda: beginning.attempt_to_resume(self._client.store, trainee))
            if found is not None and self._attempt is None:
                self._attempt, kept = found
                self._follow(kept.worked, kept.keys)
                await self._look(is_told=False)

    def _follow(self, worked: int, keys: int) -> None:
        """Show the attempt from now on; `worked` are the milliseconds of before."""
        self._standing, self._begun, self._keys, self._hints = None, wall_clock() - worked, keys, {}
        self._deeds, self._kept_at = -1, 0
        self._strips.show(self._words)

    async def _who(self, exercise: Exercise) -> str:
        """Say as whom it is done, to who is somebody else."""
        if self._client.actor is not None and hsa_key(self._client.actor.hsa_id or "") == hsa_key(exercise.as_):
            return ""
        cast = await self._client.run(lambda: cast_of(self._client.store))
        names = [one.name for one in cast if hsa_key(one.hsa_id) == hsa_key(exercise.as_)]
        return f"Gör det som {names[0]}: byt person med {key_of(PERSON_ID)}.\n" if names else ""

    async def _look(self, *, is_told: bool = True) -> None:
        """Judge how far the attempt has come, where anything has been done; `is_told` is whether wrong turns are."""
        attempt = self._attempt
        if attempt is None:
            return
        judging = await self._client.load("store.practice.exercises.judging")
        with suppress(StoreUnreachable):
            deeds = await self._client.run(lambda: judging.deeds_so_far(self._client.store, attempt))
            if deeds != self._deeds or self._standing is None:
                standing = await self._client.run(lambda: judging.judge(self._client.store, attempt))
                if attempt is not self._attempt:  # something was answered, or it has ended
                    return
                is_news = self._standing is None or standing != self._standing
                self._deeds = deeds
                self._tell(attempt, standing, is_told=is_told)
                if is_news:
                    await self._keep(attempt, standing)
            elif self._kept_at + KEEP_MILLISECONDS <= wall_clock():
                await self._keep(attempt, self._standing)

    async def _keep(self, attempt: Attempt, standing: Standing) -> None:
        """Store how far it has come: the trainer sees it, and the app may be closed."""
        keeping = await self._client.load("store.practice.exercises.keeping")
        self._kept_at = wall_clock()
        worked, keys = max(0, self._kept_at - self._begun), self._keys
        with suppress(DomainError):  # the next one tells
            await self._client.run_long(
                lambda: keeping.keep(self._client.store, attempt, standing, worked=worked, keys=keys)
            )

    def _tell(self, attempt: Attempt, standing: Standing, *, is_told: bool) -> None:
        """Explain what is a wrong turn since the last look, and say when it is solved."""
        known = set(self._standing.mistakes) if self._standing is not None else set()
        for mistake in standing.mistakes if is_told else ():
            if mistake not in known:
                self._say(mistake.explanation, MISTAKE, severity="warning")
        self._standing = standing
        if standing.is_solved:
            said = f"{attempt.exercise.done} {self._counted(attempt)}."
            self.end()
            self._say(said, SOLVED)

    def _say(self, said: str, title: str, *, severity: SeverityLevel = "information") -> None:
        """Say something in place of what was said of exercises before, but for wrong turns: few lines fit at 80×24."""
        self._app.take_back(BEGUN, HINT, SOLVED)
        self._app.notify(said, title=title, severity=severity, timeout=EXPLAINED_SECONDS)

    def end(self) -> None:
        """Follow no exercise any longer."""
        self._attempt = None
        self._strips.hide(self._words)

    async def _leave(self, attempt: Attempt) -> None:
        self.end()
        keeping = await self._client.load("store.practice.exercises.keeping")
        with suppress(DomainError):
            await self._client.run_long(lambda: keeping.leave(self._client.store, attempt))

    def _words(self) -> str:
        """Return the strip's line: the step or the goal, what is counted, and the key to more."""
        attempt = self._attempt
        if attempt is None:
            return ""
        step = self._next(attempt)
        text = step.text if step is not None else attempt.exercise.goal
        return f"{clean(text)} {self._counted(attempt)} · {key_of(KEY_ID)} Övning"

    def _counted(self, attempt: Attempt) -> str:
        done = len(self._standing.done) if self._standing is not None else 0
        seconds = max(0, wall_clock() - self._begun) // 1000
        keys = plural(self._keys, "tangent", "tangenter")
        return f"✓ {done}/{len(attempt.exercise.steps)} · {seconds // 60}:{seconds % 60:02} · {keys}"

    def _is_done(self, step: Step) -> bool:
        return self._standing is not None and step.id in self._standing.done

    def _next(self, attempt: Attempt) -> Step | None:
        """Return the first step that is not done."""
        return next((step for step in attempt.exercise.steps if not self._is_done(step)), None)

    async def open(self) -> None:
        """Show the steps: one that is chosen gives its question, or a hint."""
        attempt = self._attempt
        if attempt is None:
            return
        self._app.clear_notifications()  # what is said would lie over the box
        choices = [self._line(step) for step in attempt.exercise.steps]
        choices.append(Choice(_END, "Sluta öva på det här", "Det som är gjort i övningsmiljön finns kvar."))
        chosen = await self._app.push_screen_wait(ChoiceDialog(attempt.exercise.title, choices, whom=None))
        if chosen == _END:
            await self._leave(attempt)
        for step in attempt.exercise.steps:
            if step.id == chosen:
                await self._help_with(step)

    def _line(self, step: Step) -> Choice[str]:
        if self._is_done(step):
            return Choice(step.id, f"✓ {step.text}", "Gjort.")
        what = "{choose.choose} ställer frågan." if step.question is not None else "{choose.choose} ger en ledtråd."
        return Choice(step.id, f"· {step.text}", keyed(what))

    async def _help_with(self, step: Step) -> None:
        if step.question is None or self._is_done(step):
            given = min(self._hints.get(step.id, 0), len(step.hints) - 1)
            self._hints[step.id] = given + 1
            self._say(keyed(step.hints[given]), HINT)
            return
        choices = [Choice(number, answer, "") for number, answer in enumerate(step.question.answers, 1)]
        answer = await self._app.push_screen_wait(ChoiceDialog(step.question.text, choices, whom=None))
        if answer is not None and self._attempt is not None:
            given_before = self._attempt.answers.get(step.id, ())
            answers = {**self._attempt.answers, step.id: (*given_before, answer)}
            self._attempt, self._deeds = replace(self._attempt, answers=answers), -1
            await self._look()
