"""The top line: where one is, that it is practice, the day, and who is signed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from screens.safe_app import SafeApp
from screens.widgets.cells import clean, share
from screens.wording import day_and_month, short_date

PRODUCT = "Stöd och behandling"
BAND = "▌ÖVNINGSMILJÖ▐"
_GAP = 3
ALL_PARTS = 9
"""As many parts as no trail has."""


class _Form(NamedTuple):
    """One way to write the line: what stands to the left, the day, and to the right."""

    left: tuple[str, ...]
    day: str
    right: str

    def width(self, bands: Sequence[str]) -> int:
        """How many cells it takes, with its margins."""
        words = [cell_len(word) for word in (*self.left, *bands, self.day, self.right) if word]
        return sum(words) + _GAP * max(0, len(words) - 1) + 2


class TitleBar(Widget):
    """One line that writes what there is room for; names go last. Practice band and mark are never left out.

    On a page of its own (`trail`) the unit gives way to where one is: the way back first, then what the page is about,
    the most important first. The first of them (`kept`) are shortened, so that a long name pushes no program out.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "title-bar--band",
        "title-bar--mark",
        "title-bar--muted",
        "title-bar--back",
    }
    DEFAULT_CSS = """
    TitleBar {
        height: 1; text-wrap: nowrap; background: $background; color: $foreground; text-style: bold;
        & > .title-bar--band { background: $practice; color: $practice-text; text-style: bold; }
        & > .title-bar--mark { background: $wait; color: $background; text-style: bold; }
        & > .title-bar--muted { color: $dim; text-style: not bold; }
        & > .title-bar--back { color: $key; text-style: not bold; }
    }
    """
    ALLOW_SELECT = False

    unit_name = reactive("")
    """The unit one works on."""
    unit_code = reactive("")
    """Its short name, as `OVN1`."""
    practice = reactive(False)
    """Whether this is the practice environment."""
    today: reactive[date | None] = reactive(None)
    """The store's day; in practice it may be another than the machine's."""
    person = reactive("")
    """Who is signed in: `Lind, Karin`."""
    roles: reactive[tuple[str, ...]] = reactive(())
    """With which roles."""
    trail: reactive[tuple[str, ...]] = reactive(())
    """The way back and what the page is about: `("‹ Mina", "Ahlberg, Sara", "KomIgång online", "19800102-2386")`."""
    kept = reactive(2)
    """How many of its parts, from the first, are shortened where there is no room, and never left out."""

    class Back(Message):
        """The way back was clicked."""

    def __init__(
        self,
        *,
        unit_name: str = "",
        unit_code: str = "",
        practice: bool = False,
        today: date | None = None,
        person: str = "",
        roles: tuple[str, ...] = (),
        trail: tuple[str, ...] = (),
        kept: int = 2,
        id: str | None = None,
    ) -> None:
        """Show this until told otherwise by the attributes of the same names."""
        super().__init__(id=id)
        self._back_width = 0
        self.set_reactive(TitleBar.unit_name, unit_name)
        self.set_reactive(TitleBar.unit_code, unit_code)
        self.set_reactive(TitleBar.practice, practice)
        self.set_reactive(TitleBar.today, today)
        self.set_reactive(TitleBar.person, person)
        self.set_reactive(TitleBar.roles, roles)
        self.set_reactive(TitleBar.trail, trail)
        self.set_reactive(TitleBar.kept, kept)

    def render(self) -> Content:
        """The fullest form that fits, or the last one cut."""
        width = self.content_size.width
        bands = tuple(filter(None, (self._mark, BAND if self.practice else "")))
        forms = list(self._forms())
        form = next((form for form in forms if form.width(bands) <= width), forms[-1])
        spare = width - form._replace(left=()).width(bands) - _GAP * len(form.left)
        parts = [part for part in share(form.left, spare) if part]
        self._back_width = cell_len(parts[0]) if parts else 0
        left, right = self._left(parts), self._right(form)
        space = width - left.cell_length - right.cell_length - 2
        return Content.assemble(" ", left, " " * max(0, space), right, " ")

    def _left(self, parts: Sequence[str]) -> Content:
        """Return what stands to the left; the way back in its own colour."""
        style = self.get_visual_style("title-bar--back", partial=True)
        pieces = [Content(part) for part in parts]
        if pieces and self.trail:
            pieces[0] = Content.styled(parts[0], style)
        return Content(" " * _GAP).join(pieces)

    @property
    def _mark(self) -> str:
        mark = self.app.title_mark if isinstance(self.app, SafeApp) else ""
        return f"▌{mark}▐" if mark else ""

    def _right(self, form: _Form) -> Content:
        muted = self.get_visual_style("title-bar--muted", partial=True)
        pieces = [
            Content.styled(self._mark, self.get_visual_style("title-bar--mark")),
            Content.styled(BAND if self.practice else "", self.get_visual_style("title-bar--band")),
            Content.styled(form.day, muted),
            Content.styled(form.right, muted),
        ]
        return Content(" " * _GAP).join(piece for piece in pieces if piece)

    def _forms(self) -> Iterator[_Form]:
        """From the fullest to the barest."""
        day = short_date(self.today) if self.today else ""
        short_day = day_and_month(self.today) if self.today else ""
        person = clean(self.person)
        signed_in = " · ".join(filter(None, (person, ", ".join(map(clean, self.roles)))))
        lefts = list(self._lefts())
        yield _Form(lefts[0], day, signed_in)
        if not self.trail:
            yield _Form(lefts[1], day, signed_in)
        shortest = lefts[0] if self.trail else lefts[1]
        yield _Form(shortest, day, person)
        yield _Form(shortest, short_day, person)
        yield _Form(shortest, "", person)
        if not self.trail:
            yield _Form(lefts[-1], "", person)
        for left in lefts:
            yield _Form(left, "", "")

    def _lefts(self) -> Iterator[tuple[str, ...]]:
        if self.trail:
            parts = tuple(clean(part) for part in self.trail)
            for length in range(len(parts), min(self.kept, len(parts)) - 1, -1):
                yield parts[:length]
            return
        name, code = clean(self.unit_name), clean(self.unit_code)
        unit = f"{name} ({code})" if name and code else name or code
        yield (f"{PRODUCT} · {unit}" if unit else PRODUCT,)
        yield (unit or PRODUCT,)
        yield (code or name or PRODUCT,)

    def on_click(self, event: events.Click) -> None:
        """Go back when the way back is clicked."""
        offset = event.get_content_offset(self)
        if offset is not None and self.trail and 1 <= offset.x <= self._back_width:
            self.post_message(self.Back())
