"""What the preview beside a list costs: a step of the cursor with it and without, and its filling, told apart."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from textual import events

from screens.themed_app import PreviewMode
from screens.widgets.preview_pane import PreviewPane
from screens.widgets.rest import State
from sob_tui.app import SobApp
from store.practice import make_practice
from tests.bench.harness import Measure
from tests.screens.painted import text

CLINICIAN = "SE2321000040-OV01"
SIZE = (120, 40)
ROUNDS, STEPS = 12, 8


def measure() -> list[Measure]:
    """Step through *Mina* with the preview and without, in turns; then let it be filled."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "preview.sqlite")
        make_practice(store).close()
        return asyncio.run(_measures(store))


async def _measures(store: Path) -> list[Measure]:
    app = SobApp(str(store), CLINICIAN)
    async with app.run_test(size=SIZE) as pilot:
        await _until(lambda: "Pågående" in text(app) and bool(app.screen.query(PreviewPane)))
        pane = app.screen.query_one(PreviewPane)
        without, beside, filling = list[float](), list[float](), list[float]()
        for _ in range(ROUNDS + 1):
            for mode, into in ((PreviewMode.OFF, without), (PreviewMode.RESTING, beside)):
                app.preview_mode = mode
                pane.settle()
                await pilot.pause()
                begun = time.process_time()
                for key in ["down"] * STEPS + ["up"] * STEPS:
                    app.post_message(events.Key(key, None))
                    await pilot.pause()
                into.append((time.process_time() - begun) / (2 * STEPS))
            pane.visit()
            begun = time.process_time()
            pane._rested()
            await _until(lambda: pane._rest.state is State.SHOWN)
            await pilot.pause()
            filling.append(time.process_time() - begun)
    app.client.close()
    step = median(without[1:])  # the first loads what is loaded once
    return [
        Measure("preview: a step of the cursor with it / without", median(beside[1:]), step, 1.5),
        Measure("preview: its filling / a step of the cursor", median(filling[1:]), step, 12),
    ]


async def _until(holds: Callable[[], bool]) -> None:
    for _ in range(3000):
        if holds():
            return
        await asyncio.sleep(0.005)
    raise TimeoutError
