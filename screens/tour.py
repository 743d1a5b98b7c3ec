"""Rundturen: five screens for who is new, each with a real key on the real screen; the last starts a moment."""

from enum import Enum
from typing import Any

from textual.app import App

from screens.dialogs.start import StartDialog
from screens.lists import MomentList
from screens.main import MainScreen
from screens.moment.document_screen import DocumentScreen
from screens.moment.moment_screen import MomentScreen
from screens.queue.watch import QUEUE_TAB
from screens.shown_keys import keyed
from store.views.lists import Tab

NUMBER = "200001012384"
"""The personnummer in the practice register that is kept free for exercises (contract.md §4)."""


class Place(Enum):
    """Where somebody is, as far as the tour goes."""

    QUEUE = "Att göra"
    MINE = "Mina"
    PAGE = "an answer, a moment: what a row opens"
    START = "Starta nytt moment"
    TABS = "another tab"
    ELSEWHERE = "a dialog, the help"


class Step(Enum):
    """What is to be done next, in this order."""

    QUEUE = 1
    OPEN = 2
    BACK = 3
    START = 4
    FILL_IN = 5
    DONE = 6


WORDS: dict[Step, dict[Place, str]] = {
    Step.QUEUE: {Place.MINE: "Det här är dina invånare. Tryck {main.todo.1}: Att göra visar vad som väntar på dig."},
    Step.OPEN: {
        Place.QUEUE: "Varje rad är något som väntar, det mest brådskande överst. Tryck {list.open} och läs det.",
        Place.MINE: "Tryck {list.open} på en rad, här eller i Att göra ({main.todo.1}).",
    },
    Step.BACK: {Place.PAGE: "Här läser du, och hanterar med tangenterna nedtill. Tryck {paper.back}: tillbaka."},
    Step.START: {Place.MINE: "Nu startar du ett eget moment. Tryck {list.start}: Starta nytt moment."},
    Step.FILL_IN: {
        Place.START: f"Skriv {NUMBER} och tryck "
        "{dialog.next}. {select.open} öppnar momenten, skriv kom, {select.choose} väljer. {dialog.submit} startar.",
        Place.MINE: "Tryck {list.start} och starta momentet.",
    },
    Step.DONE: {},
}
"""What is said at each step where it can be done; elsewhere the way there is, see `LEADS`."""

LEADS: dict[Step, str] = {
    Step.QUEUE: "Tryck {main.todo.1}: Att göra visar vad som väntar på dig.",
    Step.OPEN: "Öppna en rad med {list.open}, här eller i Att göra ({main.todo.1}).",
    Step.BACK: "Gå tillbaka till listan med {paper.back}.",
    Step.START: "Nu startar du ett eget moment. Tryck {main.mine.2}: Mina.",
    Step.FILL_IN: "Tryck {main.mine.2}: Mina, och starta momentet med {list.start}.",
    Step.DONE: "Rundturen är klar: momentet är ditt. {list.open} öppnar det, och {app.help} hjälper var du än är.",
}

REACHED = {Step.QUEUE: {Place.QUEUE}, Step.OPEN: {Place.PAGE}, Step.START: {Place.START}}
"""Where somebody is who has done the step."""

ON_TABS = {Place.QUEUE, Place.MINE, Place.TABS}


def next_step(step: Step, place: Place, *, has_started: bool) -> Step:
    """Return the step that comes after what has been done; one at a time."""
    if has_started:
        return Step.DONE
    is_done = place in REACHED.get(step, ON_TABS if step is Step.BACK else set())
    return Step(step.value + 1) if is_done else step


def words_for(step: Step, place: Place) -> str:
    """Return what is said at a step, with the ids of its keys in braces."""
    said = WORDS[step].get(place, LEADS[step])
    if step is Step.DONE:
        return f"{said} {{app.strip}} stänger raden."
    return f"Rundtur {step.value}/5 · {said} {{app.strip}} avslutar turen."


class Tour:
    """A tour that is under way: what it says now."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._step = Step.QUEUE
        self._before = self._started

    def words(self) -> str:
        """Return what to do next; what has been done by now is behind."""
        place, started = self._place, self._started
        self._before = min(self._before, started)  # another person's lists count anew
        self._step = next_step(self._step, place, has_started=started > self._before)
        return keyed(words_for(self._step, place))

    @property
    def _started(self) -> int:
        return sum(screen.started for screen in self._app.screen_stack if isinstance(screen, MainScreen))

    @property
    def _place(self) -> Place:
        top = self._app.screen
        if isinstance(top, StartDialog):
            return Place.START
        if isinstance(top, (DocumentScreen, MomentScreen)):
            return Place.PAGE
        if not isinstance(top, MainScreen):
            return Place.ELSEWHERE
        if top.open_tab is not None and top.open_tab.id == QUEUE_TAB:
            return Place.QUEUE
        is_mine = isinstance(top.open_list, MomentList) and top.open_tab is not None and top.open_tab.list is Tab.MINE
        return Place.MINE if is_mine else Place.TABS
