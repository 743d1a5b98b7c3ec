"""The bottom line: what can be done here and now, each command with its key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from screens.commands import HELP_ID, LOCK_ID, Command, commands_of

WIDE = 100
"""From this width a short form on one line is better than two lines."""
MOST_LINES = 2
_MARGIN = 1
_GAP = 2
_WIDE_GAP = 3
_WAYS_BACK = frozenset(("back", "cancel", "close", "leave"))
"""How the ids of commands that lead back end; they are kept beside whatever Esc does."""


class Piece(NamedTuple):
    """A command as it stands on the bar."""

    command: Command
    word: str

    @property
    def key(self) -> str:
        """Its key; the first, if it has several."""
        return self.command.keys[0]

    @property
    def width(self) -> int:
        """How many cells it takes."""
        return cell_len(self.key) + 1 + cell_len(self.word)

    @property
    def short(self) -> Piece:
        """The same with the first of its words; a no-break space holds words together."""
        return self._replace(word=self.word.partition(" ")[0])


class Placed(NamedTuple):
    """A piece and the column it begins in."""

    piece: Piece
    x: int


KeyRow = tuple[Placed, ...]


def lay_out(commands: Sequence[Command], width: int) -> tuple[KeyRow, ...]:
    """Place what fits: all in full words if possible, then short words, on one line or two.

    What still doesn't fit is left out, the app's commands before the screen's own and the last before the first; the
    lock last of all, and never the help, whose word then says how many more it has, nor Esc.
    """
    own = [Piece(command, command.label) for command in commands if not command.everywhere]
    app = [Piece(command, command.label) for command in commands if command.everywhere]
    for left, right, lines in _attempts(own, app, width):
        if (rows := _place(left, right, width, lines)) is not None:
            return rows
    return ()


def _attempts(own: list[Piece], app: list[Piece], width: int) -> Iterator[tuple[list[Piece], list[Piece], int]]:
    short = _shortened(own)
    yield own, app, 1
    if width >= WIDE:
        yield short, app, 1
    yield own, app, MOST_LINES
    own = short
    yield own, app, MOST_LINES
    left_out = 0
    while (piece := _least(app) or _least(own) or _lock(app)) is not None:
        own, app = ([kept for kept in pieces if kept is not piece] for pieces in (own, app))
        left_out += 1
        yield own, [_counting(each, left_out) for each in app], MOST_LINES


def _shortened(pieces: list[Piece]) -> list[Piece]:
    """Return pieces in short words; those that would be called the same keep theirs, as *Veckan före* does."""
    words = [piece.short.word for piece in pieces]
    return [piece.short if words.count(piece.short.word) == 1 else piece for piece in pieces]


def _least(pieces: Sequence[Piece]) -> Piece | None:
    """What can best be done without."""
    return next((piece for piece in reversed(pieces) if not _is_kept(piece)), None)


def _is_kept(piece: Piece) -> bool:
    leads_back = piece.key == "Esc" or piece.command.id.rpartition(".")[2] in _WAYS_BACK
    return leads_back or piece.command.id in (HELP_ID, LOCK_ID)


def _lock(pieces: Sequence[Piece]) -> Piece | None:
    return next((piece for piece in pieces if piece.command.id == LOCK_ID), None)


def _counting(piece: Piece, left_out: int) -> Piece:
    return piece._replace(word=f"{piece.word} +{left_out}") if piece.command.id == HELP_ID else piece


def _place(own: Sequence[Piece], app: Sequence[Piece], width: int, lines: int) -> tuple[KeyRow, ...] | None:
    """The screen's own from the left, line after line; the app's at the right end of the last."""
    rows: list[list[Placed]] = [[]]
    x = _MARGIN
    for piece in own:
        if x + piece.width > width - _MARGIN and rows[-1]:
            rows.append([])
            x = _MARGIN
        rows[-1].append(Placed(piece, x))
        x += piece.width + _GAP
        if x - _GAP > width - _MARGIN:
            return None
    tail = sum(piece.width + _GAP for piece in app) - _GAP
    start = width - _MARGIN - tail
    if app and start < (x - _GAP + _WIDE_GAP if rows[-1] else _MARGIN):
        rows.append([])
    if len(rows) > lines or (app and start < _MARGIN):
        return None
    for piece in app:
        rows[-1].append(Placed(piece, start))
        start += piece.width + _GAP
    return tuple(tuple(row) for row in rows)


class KeyBar(Widget):
    """The keys of the screen, painted as one text; a click does what the key does."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--disabled"}
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: auto; text-wrap: nowrap; background: $background; color: $dim;
        & > .key-bar--key { color: $key; text-style: bold; }
        & > .key-bar--disabled { color: $text-disabled; text-style: not bold; }
    }
    """
    ALLOW_SELECT = False

    _commands: tuple[Command, ...] = ()
    _is_due: bool = False
    _is_held: bool = False
    _laid_out: tuple[tuple[Command, ...], int, tuple[KeyRow, ...]] = ((), 0, ())

    def __init__(self, *, also: frozenset[str] = frozenset()) -> None:
        """`also` are ids of the app's commands that are shown on this screen alone, next to the help."""
        super().__init__()
        self._also = also

    def on_mount(self) -> None:
        """Show the keys from the first frame on, and follow every change."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._is_due = True
        self._take_up()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Look for changes once when the block ends: nothing is painted before, and much changes."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            if self._is_due:
                self.call_next(self._take_up)

    def _changed(self, _screen: Screen[Any]) -> None:
        """Look once for several changes: they come in bursts, and a page that opens would wait for each."""
        if not self._is_due:
            self._is_due = True
            self.call_next(self._take_up)

    def _take_up(self) -> None:
        if self._is_held or not self._is_due:
            return
        self._is_due = False
        # Closed meanwhile, or another window is in front: nothing has changed here.
        if not (self.is_attached and self.app.app_focus):
            return
        found = (command for command in commands_of(self.screen) if command.on_key_bar or command.id in self._also)
        commands = tuple(sorted(found, key=self._rank))
        if commands != self._commands:
            lines = len(self._rows(self.size.width))
            self._commands = commands
            is_placed = self.size.width > 0  # without a width nobody knows how many lines it takes
            self.refresh(layout=not is_placed or len(self._rows(self.size.width)) != lines)

    def _rank(self, command: Command) -> tuple[bool, bool, bool]:
        return command.everywhere, command.id != HELP_ID, command.id not in self._also

    def _rows(self, width: int) -> tuple[KeyRow, ...]:
        if self._laid_out[:2] != (self._commands, width):
            self._laid_out = self._commands, width, lay_out(self._commands, width)
        return self._laid_out[2]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """One line or two."""
        return max(1, len(self._rows(width)))

    def render(self) -> Content:
        """All the keys."""
        return Content("\n").join(self._line(row) for row in self._rows(self.content_size.width))

    def _line(self, row: KeyRow) -> Content:
        key = self.get_visual_style("key-bar--key", partial=True)
        disabled = self.get_visual_style("key-bar--disabled", partial=True)
        parts: list[str | Content] = []
        x = 0
        for placed in row:
            piece = placed.piece
            text = Content.assemble((piece.key, key), " ", piece.word)
            parts += " " * (placed.x - x), text if piece.command.enabled else text.stylize(disabled)
            x = placed.x + piece.width
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Do what the key that was clicked does."""
        offset = event.get_content_offset(self)
        rows = self._rows(self.content_size.width)
        if offset is None or not 0 <= offset.y < len(rows):
            return
        for placed in rows[offset.y]:
            if placed.x <= offset.x < placed.x + placed.piece.width and placed.piece.command.enabled:
                placed.piece.command.run()
