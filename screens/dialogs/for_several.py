"""What is to be done for several residents: their names first, each of whom can be left out."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import CheckBox, Field, Lines
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.whom import BETWEEN, Whom
from store.foundation.errors import Refused

NOBODY = "Kryssa minst en."


class Named(NamedTuple):
    """One of those for whom it is to be done."""

    moment: int
    whom: Whom
    about: str = ""
    """What is done for this one in particular."""


class ForSeveralDialog(Dialog[tuple[int, ...], None]):
    """The names, all of them ticked, over what is done for each. Its value are the moments that are still ticked."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Utför")]
    DEFAULT_CSS = """
    ForSeveralDialog #what { margin: 0 0 1 0; }
    ForSeveralDialog #text { color: $text-muted; margin: 0 0 1 0; max-height: 8; overflow-y: auto; }
    ForSeveralDialog #names { height: auto; }
    ForSeveralDialog #names CheckBox { margin: 0; }
    ForSeveralDialog #left-out { height: auto; margin: 1 0 0 0; color: $text-warning; }
    """
    main_label = "Utför"

    def __init__(
        self,
        heading: str,
        what: str,
        named: Sequence[Named],
        perform: Perform[tuple[int, ...], None],
        *,
        text: str = "",
        left_out: Sequence[str] = (),
    ) -> None:
        """Show the names.

        Args:
            heading: what the box is called.
            what: what is done for each who stays ticked, a sentence.
            named: for whom.
            perform: does it for the moments that are ticked.
            text: what is sent to each, as it is shown.
            left_out: why it can't be done for others, a sentence each.
        """
        super().__init__(heading, perform, whom=named[0].whom if len(named) == 1 else None)
        self._what = what
        self._named = tuple(named)
        self._text = text
        self._left_out = tuple(left_out)

    def body(self) -> Iterable[Widget]:
        """Return what is done, the names, and for whom it can't be done."""
        yield Static(Content(self._what), id="what")
        if self._text:
            yield Static(Content(self._text), id="text")
        boxes = (CheckBox(_label(one), is_ticked=True, id=f"moment-{one.moment}") for one in self._named)
        yield Field("moment", "", Vertical(*boxes, id="names"))
        if self._left_out:
            yield Lines(id="left-out")

    def on_mount(self) -> None:
        """Say for whom it can't be done."""
        super().on_mount()
        if self._left_out:
            self.query_one("#left-out", Lines).show([("!", Content(one)) for one in self._left_out])

    def value(self) -> tuple[int, ...]:
        """Return the moments that are ticked."""
        ticked = tuple(one.moment for one in self._named if self.query_one(f"#moment-{one.moment}", CheckBox).value)
        if not ticked:
            raise Refused(NOBODY, field="moment")
        return ticked


def _label(named: Named) -> str:
    return BETWEEN.join(filter(None, (*named.whom[:2], named.about)))
