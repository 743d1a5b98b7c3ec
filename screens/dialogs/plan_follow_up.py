"""Following a plan up, and ending it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Field, TextArea, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.whom import Whom
from store.care.plan_rules import checked_next_follow_up
from store.views.journal import day_given

ENDING = "Aktiviteterna infaller inte längre, och invånaren ser inte planen. Allt som är markerat kan läsas här."


@dataclass(frozen=True)
class FollowedUp:
    """What a follow-up gave, and when the next is; None for not."""

    note: str
    next_on: date | None


class FollowUpDialog(Dialog[FollowedUp, None]):
    """Write what a follow-up gave; the store refuses an empty note."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Följ upp")]
    DEFAULT_CSS = """
    FollowUpDialog #which { text-style: bold; }
    FollowUpDialog #question { color: $text-muted; margin: 1 0 0 0; }
    FollowUpDialog #field-folj-upp { margin: 1 0 0 0; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#note"

    main_label = "Följ upp"

    def __init__(self, title: str, perform: Perform[FollowedUp, None], *, whom: Whom) -> None:
        super().__init__("Följ upp aktivitetsplan", perform, whom=whom)
        self._title = title

    def body(self) -> Iterable[Widget]:
        """Return the plan, the note and the next day."""
        yield Static(Content(self._title), id="which")
        yield Static(Content("Vad gav uppföljningen? Anteckningen står kvar vid planen."), id="question")
        yield Field("anteckning", "", TextArea(id="note", placeholder="Till exempel: Klarade tre av fem, fortsätter."))
        optional = "ÅÅÅÅ-MM-DD. Lämna tomt för ingen"
        yield DayField("folj-upp", "Nästa uppföljning", id="next", placeholder=optional, check=checked_next_follow_up)

    def value(self) -> FollowedUp:
        """Return the note and the day."""
        next_on = day_given(self.query_one("#next", TextInput).value, "folj-upp")
        return FollowedUp(self.query_one("#note", TextArea).text, next_on)


class EndPlanDialog(Dialog[bool, None]):
    """End a plan, once it has been said what that means."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Avsluta planen")]
    DEFAULT_CSS = """
    EndPlanDialog #which { text-style: bold; }
    """
    main_label = "Avsluta planen"
    main_variant = "error"

    def __init__(self, title: str, perform: Perform[bool, None], *, whom: Whom) -> None:
        super().__init__("Avsluta aktivitetsplan", perform, whom=whom)
        self._title = title

    def body(self) -> Iterable[Widget]:
        """Return which one, and what it means."""
        yield Static(Content(self._title), id="which")
        yield Static(Content(ENDING))

    def value(self) -> bool:
        """Return that it is to be done: there is nothing to fill in."""
        return True
