"""What of the timeline is shown: which kinds, between which days."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Checkbox

from screens.dialogs.controls import CheckBox
from screens.dialogs.dialog import Dialog, submits
from screens.dialogs.period import Days, day_fields, days_in
from screens.whom import Whom
from store.foundation.events import Category
from store.views.timeline import Span


class SpanDialog(Dialog[Span, Span]):
    """Tick kinds and give days; nothing ticked is all, an empty day no limit."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Visa")]
    DEFAULT_CSS = "SpanDialog #field-fran { margin: 1 0 0 0; }"
    main_label = "Visa"

    def __init__(self, span: Span, *, whom: Whom) -> None:
        super().__init__("Visa i tidslinjen", _as_it_is, whom=whom)
        self._span = span

    def body(self) -> Iterable[Widget]:
        """Return the kinds and the days."""
        for place, category in enumerate(Category):
            yield CheckBox(category.value, id=f"kind-{place}")
        yield from day_fields(Days(self._span.first, self._span.last))

    def on_mount(self) -> None:
        """Tick what is shown now."""
        for place, category in enumerate(Category):
            with self.prevent(Checkbox.Changed):
                self.query_one(f"#kind-{place}", CheckBox).value = category in self._span.categories

    def value(self) -> Span:
        """Return what is to be shown."""
        ticked = [self.query_one(f"#kind-{place}", CheckBox).value for place in range(len(Category))]
        kinds = tuple(category for category, is_ticked in zip(Category, ticked, strict=True) if is_ticked)
        return Span(kinds, *days_in(self))


async def _as_it_is(span: Span, _confirmed: bool) -> Span:
    return span
