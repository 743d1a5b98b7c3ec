"""The tabs of a page on one line, each with the key that opens it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from screens.widgets.cells import clean, cut

_LEAST_LABEL = 4


class TabItem(NamedTuple):
    """A tab: its id, the key that opens it, its name, and what waits in it (`4`, `●1`)."""

    id: str
    key: str
    label: str
    badge: str = ""
    short: str = ""
    """Its name where there is little room."""


class TabStrip(Widget):
    """One line of tabs. The active one is underlined and in brackets; a click asks for another.

    The strip opens nothing itself: the page does, and then sets `active`. Keys are the page's bindings.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tab-strip--key", "tab-strip--active", "tab-strip--badge"}
    DEFAULT_CSS = """
    TabStrip {
        height: 1; text-wrap: nowrap; background: $background; color: $dim;
        & > .tab-strip--key { color: $key; }
        & > .tab-strip--active { color: $foreground; text-style: bold underline; }
        & > .tab-strip--badge { color: $foreground; text-style: bold; }
    }
    """
    ALLOW_SELECT = False

    items: reactive[tuple[TabItem, ...]] = reactive(())
    """The tabs, leftmost first."""
    active = reactive("")
    """The id of the tab that is open."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, tab_id: str) -> None:
            """Say which tab."""
            super().__init__()
            self.tab_id = tab_id

    def __init__(self, items: Sequence[TabItem] = (), *, active: str = "", id: str | None = None) -> None:
        """Show these tabs."""
        super().__init__(id=id)
        self.set_reactive(TabStrip.items, tuple(items))
        self.set_reactive(TabStrip.active, active)

    def render(self) -> Content:
        """The tabs, as full as there is room for."""
        gap, labels = self._fitting()
        return Content(" " * gap).join(self._tab(item, label) for item, label in zip(self.items, labels, strict=True))

    def _tab(self, item: TabItem, label: str) -> Content:
        """A tab with a cell on each side, which holds the bracket if it is the active one."""
        active = item.id == self.active
        key = self.get_visual_style("tab-strip--key", partial=True)
        words = Content(" ").join(
            Content.styled(text, style)
            for text, style in (
                (clean(item.key), key),
                (label, ""),
                (clean(item.badge), self.get_visual_style("tab-strip--badge", partial=True)),
            )
            if text
        )
        if not active:
            return Content.assemble(" ", words, " ")
        return Content.assemble(
            ("[", key), words.stylize(self.get_visual_style("tab-strip--active", partial=True)), ("]", key)
        )

    def _fitting(self) -> tuple[int, list[str]]:
        width = self.content_size.width
        for gap, labels in self._attempts():
            if self._width(gap, labels) <= width:
                break
        return gap, labels

    def _attempts(self) -> Iterator[tuple[int, list[str]]]:
        """Gaps and labels, ever narrower: less space, short names, the longest names cut, at last the keys alone."""
        labels = [clean(item.label) for item in self.items]
        yield 1, labels
        yield 0, labels
        labels = [clean(item.short or item.label) for item in self.items]
        yield 1, labels
        yield 0, labels
        for most in range(self.content_size.width, _LEAST_LABEL - 1, -1):
            yield 0, [cut(label, most) for label in labels]
        yield 0, ["" if item.key else label for item, label in zip(self.items, labels, strict=True)]

    def _width(self, gap: int, labels: Sequence[str]) -> int:
        return sum(self._widths(labels)) + gap * max(0, len(labels) - 1)

    def _widths(self, labels: Sequence[str]) -> list[int]:
        return [
            1 + sum(cell_len(text) + 1 for text in (clean(item.key), label, clean(item.badge)) if text)
            for item, label in zip(self.items, labels, strict=True)
        ]

    def on_click(self, event: events.Click) -> None:
        """Ask for the tab that was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        gap, labels = self._fitting()
        start = 0
        for item, width in zip(self.items, self._widths(labels), strict=True):
            if start <= offset.x < start + width:
                self.post_message(self.Chosen(item.id))
            start += width + gap
