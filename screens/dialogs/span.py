"""What of the timeline is shown: which kinds, between which days."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Checkbox, Input

from screens.dialogs.controls import Field, Tick
from screens.dialogs.dialog import Dialog, submits
from store.foundation.errors import Refused
from store.views.journal import day_given
from store.views.timeline import Category, Span


class SpanDialog(Dialog[Span, Span]):
    """Tick kinds and give days; nothing ticked is all, an empty day no limit."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Visa")]
    DEFAULT_CSS = """
    SpanDialog #days { height: auto; margin: 1 0 0 0; }
    SpanDialog #days Field { width: 1fr; }
    """

    main_label = "Visa"

    def __init__(self, span: Span) -> None:
        """Take what is shown now."""
        super().__init__("Visa i tidslinjen", _as_it_is)
        self._span = span

    def body(self) -> Iterable[Widget]:
        """Return the kinds and the days."""
        for place, category in enumerate(Category):
            yield Tick(category.value, id=f"kind-{place}")
        first = Field("fran", "Från och med", _day_input("first", str(self._span.first or "")))
        last = Field("till", "Till och med", _day_input("last", str(self._span.last or "")))
        yield Horizontal(first, last, id="days")

    def on_mount(self) -> None:
        """Tick what is shown now."""
        for place, category in enumerate(Category):
            with self.prevent(Checkbox.Changed):
                self.query_one(f"#kind-{place}", Tick).value = category in self._span.categories

    def value(self) -> Span:
        """Return what is to be shown."""
        ticked = [self.query_one(f"#kind-{place}", Tick).value for place in range(len(Category))]
        kinds = tuple(category for category, is_ticked in zip(Category, ticked, strict=True) if is_ticked)
        first = day_given(self.query_one("#first", Input).value, "fran")
        last = day_given(self.query_one("#last", Input).value, "till")
        if first is not None and last is not None and last < first:
            raise Refused("Perioden slutar innan den börjar. Byt plats på dagarna.", field="till")
        return Span(kinds, first, last)


def _day_input(id: str, value: str) -> Input:
    return Input(value, placeholder="ÅÅÅÅ-MM-DD", max_length=10, id=id)


async def _as_it_is(span: Span, _confirmed: bool) -> Span:
    return span
