"""What an app has painted, as text or as segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rich.segment import Segment
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.strip import Strip


def strips(app: App[Any]) -> list[Strip]:
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def lines(app: App[Any]) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in strips(app)]


def text(app: App[Any]) -> str:
    return "\n".join(lines(app))


def segments(app: App[Any]) -> Iterator[Segment]:
    for strip in strips(app):
        yield from strip


def place(app: App[Any], words: str) -> tuple[int, int]:
    """The column and the line where some words begin."""
    for y, line in enumerate(lines(app)):
        if words in line:
            return line.index(words), y
    raise AssertionError(f"{words!r} is not on screen:\n{text(app)}")


@pytest.fixture(autouse=True)
def painted_when_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paint no frame for a terminal that is not there: a fifth of a test's time. What is looked at is painted then."""
    whole = Compositor.render_update

    def render_update(self: Compositor, full: bool = False, **options: Any) -> Any:
        if full:
            return whole(self, full, **options)
        self._dirty_regions.clear()
        return None

    monkeypatch.setattr(Compositor, "render_update", render_update)
