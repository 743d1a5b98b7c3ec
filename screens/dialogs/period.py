"""A period: two days that may be left empty."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.dom import DOMNode
from textual.widget import Widget
from textual.widgets import Input

from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.whom import Whom
from store.foundation.errors import Refused
from store.views.journal import day_given


class Days(NamedTuple):
    """The first and the last day, both included; None for no limit."""

    first: date | None = None
    last: date | None = None


class PeriodDialog(Dialog[Days, None]):
    """Give the days of a period."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Välj")]

    main_label = "Välj"

    def __init__(self, days: Days, perform: Perform[Days, None], *, whom: Whom) -> None:
        """`days` is the period that is shown now."""
        super().__init__("Välj period", perform, whom=whom)
        self._days = days

    def body(self) -> Iterable[Widget]:
        """Return the days."""
        return day_fields(self._days)

    def value(self) -> Days:
        """Return the days that stand in the fields."""
        return days_in(self)


def day_fields(days: Days) -> tuple[Widget, Widget]:
    """Return the two fields, with the days in them."""
    return (
        DayField("fran", "Från och med", id="first", day=days.first),
        DayField("till", "Till och med", id="last", day=days.last),
    )


def days_in(dialog: DOMNode) -> Days:
    """Return the days that two such fields hold.

    Raises:
        Refused: it is no day, or the last comes before the first.
    """
    first = day_given(dialog.query_one("#first", Input).value, "fran")
    last = day_given(dialog.query_one("#last", Input).value, "till")
    if first is not None and last is not None and last < first:
        raise Refused("Perioden slutar innan den börjar. Byt plats på dagarna.", field="till")
    return Days(first, last)
