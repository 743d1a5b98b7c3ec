"""What a preview reads and shows: a row once the cursor rests, one row in the log, nothing of a row that is passed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import ClassVar, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from screens.safe_app import SafeApp
from screens.themed_app import PreviewMode
from screens.widgets.drawn_text import Draw
from screens.widgets.preview_pane import PreviewPane, preview_keys
from screens.widgets.rest import Previewed, Rest
from store.foundation.errors import StoreUnreachable
from store.foundation.fictional import fictional_numbers
from store.views.preview import preview_moment
from tests import waits
from tests.clinics import Clinic
from tests.properties import examples
from tests.screens import painted

ROWS, PROTECTED = 4, 3
"""How many rows there are, and which of them is read by a key alone."""
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(0, ROWS - 1)),
        st.tuples(st.sampled_from(("rest", "ask", "answer")), st.just(0)),
    ),
    max_size=20,
)


@pytest.fixture
def moments(filed: Clinic) -> list[int]:
    """Moments of as many residents."""
    numbers = [number.value for number in fictional_numbers(ROWS)]
    for number in numbers:
        filed.add_resident(number)
    return [filed.start(number, "prov") for number in numbers]


@given(STEPS)
@examples(25)
def test_each_resident_who_is_shown_has_one_row_and_nobody_who_is_passed(
    filed: Clinic, moments: list[int], steps: list[tuple[str, int]]
) -> None:
    rest, waiting, shown = Rest(), list[tuple[Previewed, int]](), list[int]()
    before, is_new_visit = filed.value("SELECT max(id) FROM log"), True
    for step, place in steps:
        if step == "move":
            rest.move(Previewed(moments[place], "", moments[place], is_by_key=place == PROTECTED))
        elif step != "answer" and rest.rested(is_asked=step == "ask") and rest.row is not None:
            waiting.append((rest.row, rest.begin()))
        elif step == "answer" and waiting:
            row, turn = waiting.pop(0)
            if rest.awaits(turn):
                with filed.store.read(filed.clinician) as work:
                    preview_moment(work, row.moment, "mina", is_new_visit=is_new_visit)
                is_new_visit = False
            if rest.came(turn):
                assert rest.row == row
                shown.append(row.moment)
    rows = filed.rows("SELECT moment_id, action, origin FROM log WHERE id > :before", before=before)
    assert Counter(moment for moment, _, _ in rows) == dict.fromkeys(shown, 1)
    assert {row[1:] for row in rows} <= {("läste", "förhandsvisning")}


A, B, MASKED = Previewed("a", "Ahlberg, Sara"), Previewed("b", "Berg, Olle"), Previewed("c", "⛨", is_by_key=True)


class Rows(Static):
    """What the pane stands beside; it names the key."""

    BINDINGS: ClassVar[list[BindingType]] = [*preview_keys("list")]


class PaneApp(SafeApp[None]):
    """A pane beside nothing, whose readings are answered by the test."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, bool]] = []
        self.answers: list[asyncio.Future[str]] = []

    def compose(self) -> ComposeResult:
        rows = Rows("rader")
        yield PreviewPane("list", self._read, rows)
        yield rows

    async def _read(self, row: Previewed, is_new_visit: bool, is_awaited: Callable[[], bool]) -> Draw | None:
        if not is_awaited():
            return None
        self.asked.append((cast("str", row.id), is_new_visit))
        self.answers.append(asyncio.get_running_loop().create_future())
        text = await self.answers[-1]
        return lambda _width: [Content(text)]

    @property
    def pane(self) -> PreviewPane:
        return self.screen_stack[0].query_one(PreviewPane)


async def asked(pilot: Pilot[None], app: PaneApp, *rows: str) -> None:
    await waits.until(pilot, lambda: [row for row, _ in app.asked] == list(rows), lambda: f"{app.asked}")


async def sees(pilot: Pilot[None], app: PaneApp, words: str) -> None:
    await waits.until(pilot, lambda: words in painted.text(app), lambda: f"{words}:\n{painted.text(app)}")


async def test_a_late_answer_is_shown_beside_no_other_row(monkeypatch: pytest.MonkeyPatch) -> None:
    app = PaneApp()
    async with app.run_test(size=(120, 20)) as pilot:
        monkeypatch.setattr(PreviewPane, "REST", 0.001)
        app.pane.stand_on(A)
        await asked(pilot, app, "a")
        app.pane.stand_on(B)
        await pilot.pause()
        app.answers[0].set_result("om Ahlberg")
        await asked(pilot, app, "a", "b")
        assert "om Ahlberg" not in painted.text(app)
        app.answers[1].set_result("om Berg")
        await sees(pilot, app, "om Berg")
        assert "Berg, Olle" in painted.text(app)

        app.pane.read_again()  # somebody has changed something; what is shown stands until it is read
        await asked(pilot, app, "a", "b", "b")
        assert "om Berg" in painted.text(app)
        app.answers[2].set_exception(StoreUnreachable())
        await sees(pilot, app, "Ingen kontakt med databasen.")
        assert "om Berg" not in painted.text(app)
        app.pane.settle()  # the list has another place now
        assert "Ingen kontakt med databasen." in painted.text(app)
        app.pane.ask()
        await asked(pilot, app, "a", "b", "b", "b")
        app.answers[3].set_result("om Berg")
        await sees(pilot, app, "om Berg")
        app.pane.stand_on(None)  # nothing may be seen any longer
        await waits.until(pilot, lambda: "Berg" not in painted.text(app))
        assert [is_new for _, is_new in app.asked] == [True, False, False, False]


async def test_nothing_is_read_while_something_lies_over_it_nor_in_a_narrow_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = PaneApp()
    async with app.run_test(size=(120, 20)) as pilot:
        await app.push_screen(Screen())
        monkeypatch.setattr(PreviewPane, "REST", 0.001)
        app.pane.stand_on(A)
        await pilot.pause()
        assert not app.asked
        await app.pop_screen()
        await asked(pilot, app, "a")
        app.answers[0].set_result("om Ahlberg")
        await sees(pilot, app, "om Ahlberg")

        await pilot.resize_terminal(119, 20)
        app.pane.settle()
        await waits.until(pilot, lambda: "om Ahlberg" not in painted.text(app))
        app.pane.stand_on(B)
        await pilot.pause()
        app.pane.ask()
        await asked(pilot, app, "a", "b")
        app.answers[1].set_result("om Berg")
        await sees(pilot, app, "om Berg")
        app.pane.ask()
        await waits.until(pilot, lambda: not app.pane.display)

        await pilot.resize_terminal(120, 20)
        app.pane.settle()
        await asked(pilot, app, "a", "b", "b")
        app.pane.stand_on(MASKED)
        await sees(pilot, app, "v visar raden här")
        app.preview_mode = PreviewMode.OFF
        app.pane.settle()
        app.pane.ask()
        await pilot.pause()
        assert not app.pane.display
        assert len(app.asked) == 3
