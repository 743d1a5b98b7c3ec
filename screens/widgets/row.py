"""A row of a list on the resident's page."""

from __future__ import annotations

from dataclasses import dataclass

from screens.widgets.cells import Ink, Tone


@dataclass(frozen=True)
class Row:
    """A line of a `RowList`. The cursor passes by a row without an id."""

    id: str
    text: str
    depth: int = 0
    state: tuple[Ink, ...] = ()
    tone: Tone = ""
    is_heading: bool = False
    is_open: bool | None = None
    """Whether it is unfolded; None where there is nothing to fold."""
    lead: tuple[Ink, ...] = ()
    """What stands before the text, in tones of its own."""
    is_more: bool = False
    """Whether it goes on with what the row above it says."""
    is_text: bool = False
    """Whether it is the row's own text that goes on, which the cursor covers too."""
