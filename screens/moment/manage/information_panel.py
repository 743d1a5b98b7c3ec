"""The panel *INFORMATION OM MOMENTET* (guide; domain.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset

from screens.moment.available_actions import Allowed
from screens.moment.manage.facts import ABOUT_ACTIVE, ABOUT_MOBILE, SWITCH, Fact, facts, notes
from screens.moment.page_state import PageState
from screens.widgets.cells import Ink, cut, wrap
from screens.widgets.mark import Mark
from screens.widgets.painted import TONES, Painted, Sheet
from store.care.switching import switch_clinician
from store.foundation.clock import Instant

HEADING = "INFORMATION OM MOMENTET"
WIDE = 96
"""From this width on the facts stand in two columns: a terminal of 100 cells, less margins and scrollbar."""
_GAP = 2

Columns = tuple[tuple[Fact, ...], ...]


class InformationPanel(Painted):
    """What is known of the moment."""

    def __init__(self) -> None:
        """Show nothing until there is a page."""
        super().__init__("information")
        self._columns: Columns = ()
        self._notes: tuple[Ink, ...] = ()

    def compose(self) -> ComposeResult:
        """Have the marks ready, in the order of the eye."""
        yield Mark("ⓘ", id=ABOUT_ACTIVE, about="Vad Senast aktiv betyder")
        yield Mark("ⓘ", id=ABOUT_MOBILE, about="Varifrån mobilnumret kommer")
        yield Mark("↔", id=SWITCH, about="Byt behandlare")

    def show(self, state: PageState, now: Instant, allowed: Allowed) -> None:
        """Show a page."""
        may_switch = allowed(switch_clinician)
        columns = facts(state.page, state.week, now, may_switch=may_switch)
        said = notes(state.page, only_watches=allowed.only_watches)
        self.query_one(f"#{SWITCH}").display = may_switch
        if (columns, said) != (self._columns, self._notes):
            self._columns, self._notes = columns, said
            self.redraw()

    def draw(self, width: int) -> Sheet:
        """Draw the facts and the sentences."""
        return lay_out(self._columns, self._notes, width)


def lay_out(columns: Columns, said: Sequence[Ink], width: int) -> Sheet:
    """Lay the facts out in two columns where there is room, else under each other; sentences below."""
    places: dict[str, Offset] = {}
    lines = [Content.styled(HEADING, "bold")]
    blocks = columns if width >= WIDE else (sum(columns, ()),)
    share = width // max(1, len(blocks))
    for row in range(max(map(len, blocks), default=0)):
        cells = [
            _fact(block[row], _label_width(block), share, Offset(place * share, len(lines)), places)
            if row < len(block)
            else []
            for place, block in enumerate(blocks)
        ]
        blank = Content(" " * share)
        lines += [Content("").join(pieces) for pieces in zip_longest(*cells, fillvalue=blank)]
    for note in said:
        lines += [Content.styled(line, TONES[note.tone]) for line in wrap(note.text, width)]
    return Sheet(lines, places)


def _label_width(block: Sequence[Fact]) -> int:
    return max(cell_len(fact.label) + (2 if fact.label_mark else 0) for fact in block) + _GAP


def _fact(fact: Fact, indent: int, width: int, at: Offset, places: dict[str, Offset]) -> list[Content]:
    """Return a fact's one or two lines, as wide as its column; what can be pressed is left blank and placed."""
    room = max(0, width - indent - _GAP)
    value = cut(fact.value.text, room - (2 if fact.value_mark else 0))
    if fact.label_mark:
        places[fact.label_mark] = at + Offset(cell_len(fact.label) + 1, 0)
    if fact.value_mark:
        places[fact.value_mark] = at + Offset(indent + cell_len(value) + 1, 0)
    aside = f" {fact.aside}" if fact.aside and cell_len(value) + 1 + cell_len(fact.aside) <= room else ""
    label = _padded(fact.label, indent)
    lines = [Content.assemble((label, "$text-muted"), (value, TONES[fact.value.tone]), aside)]
    if fact.aside and not aside:
        lines.append(Content(" " * indent + cut(fact.aside, room)))
    return [line.append(" " * max(0, width - line.cell_length)) for line in lines]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
