"""*Hantera*: closing a flag with a note on what was done and how it went, or noting an attempt (domain.md §4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets import TextArea as AnyTextArea

from screens.contracts import KeepsDrafts
from screens.dialogs.controls import Button, Field, TextArea, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.dialogs.outcome_pick import OutcomePick
from screens.flag_text import draw_instruction
from screens.note_draft import LEFT, NoteDraft
from screens.whom import Whom
from screens.widgets.drawn_text import DrawnText
from store.care.typed_time import time_given
from store.foundation.clock import Instant, local, local_day
from store.foundation.flag_kinds import Outcome

QUESTION = "Vad har du gjort? Anteckningen står kvar vid flaggan."
CLOSES = "Flaggan stängs."
STAYS = "Försöket registreras, och flaggan väntar kvar överst."
TRIED = "Registrera försöket"
AGAIN_AFTER = 60 * 60_000
"""How long after an attempt the next is proposed, in milliseconds; ours."""
EVEN = 5 * 60_000
"""To what the proposal is rounded up."""


@dataclass(frozen=True)
class Handling:
    """What was done about a flag. `outcome` is None where none is asked for."""

    note: str
    outcome: Outcome | None = None
    next_attempt: Instant | None = None

    @property
    def closes(self) -> bool:
        """Whether the flag is handled by it."""
        return self.outcome is None or self.outcome.closes


class HandleDialog(Dialog[Handling, None], KeepsDrafts):
    """Write what was done about a flag, and of a prioriterad one how it went; the store refuses an empty note."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Hantera")]
    DEFAULT_CSS = """
    HandleDialog #why { height: auto; max-height: 7; scrollbar-size-vertical: 1; margin: 0 0 1 0; }
    HandleDialog #left { color: $text-warning; }
    HandleDialog #question { color: $text-muted; }
    HandleDialog #field-utfall { margin: 1 0 0 0; }
    HandleDialog #field-utfall .note { padding: 0 0 0 1; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#note"

    main_label = "Hantera"

    def __init__(
        self,
        reason: str,
        perform: Perform[Handling, None],
        *,
        whom: Whom,
        instruction: str = "",
        now: Instant | None = None,
        draft: NoteDraft | None = None,
    ) -> None:
        """Ask about a flag.

        Args:
            reason: why it was raised.
            perform: handles it.
            whom: the resident and the program.
            instruction: what the unit does at such a flag, as `instruction_text` says it; empty for nothing.
            now: the time by which the next attempt is proposed; None where no outcome is asked for.
            draft: keeps the note where the dialog is closed over it; what was left of one stands in the field.
        """
        super().__init__("Hantera flagga", perform, whom=whom)
        self._reason = reason
        self._instruction = instruction
        self._now = now
        self._draft = draft
        self.typed = draft.left if draft else ""
        """What stands in the note; it outlives the field."""

    def body(self) -> Iterable[Widget]:
        """Return the reason, the instruction, the note, the outcome and the time of the next attempt."""
        with VerticalScroll(id="why", can_focus=False):
            yield Static(Content(self._reason), id="reason")
            if self._instruction:
                instruction = DrawnText("instruction")
                instruction.show(partial(draw_instruction, self._instruction))
                yield instruction
        yield Static(Content(QUESTION), id="question")
        left = self._draft.left if self._draft else ""
        if left:
            yield Static(Content(LEFT), id="left")
        yield Field("anteckning", "", TextArea(left, id="note", placeholder="Till exempel: Ringde upp samma dag."))
        if self._now is not None:
            yield Field("utfall", "", OutcomePick(id="outcome"))
            again = TextInput(id="again", placeholder="14.30, eller 2026-11-22 14.30. Tomt: inte bestämt")
            again.value = proposed(self._now)
            yield Field("nasta", "Nästa försök", again)

    def on_mount(self) -> None:
        """Say what the chosen outcome means."""
        super().on_mount()
        self._explain()

    @on(AnyTextArea.Changed)
    def _note_typed(self, event: AnyTextArea.Changed) -> None:
        self.typed = event.text_area.text

    async def keep_drafts(self) -> bool:
        """Keep the note; returns whether it is safe."""
        return self._draft is None or await self._draft.keep(self.typed)

    @property
    def _outcome(self) -> Outcome | None:
        return None if self._now is None else self.query_one(OutcomePick).value

    @on(OutcomePick.Changed)
    def _explain(self) -> None:
        """Say what comes of the outcome: on the button too, so that no flag is closed unawares."""
        if self._now is None:
            return
        is_open = self._outcome is Outcome.NOT_REACHED
        self.query_one("#field-nasta").display = is_open
        self.query_one("#field-utfall", Field).describe(STAYS if is_open else CLOSES)
        main = self.query_one("#main", Button)
        main.label = Content(TRIED if is_open else self.main_label)
        main.refresh(layout=True)  # the words are longer

    def value(self) -> Handling:
        """Return what stands in the fields; raises `Refused` where the time is none."""
        again = None
        if self._now is not None and self._outcome is Outcome.NOT_REACHED:
            again = time_given(self.query_one("#again", TextInput).value, self._now)
        return Handling(self.query_one("#note", TextArea).text, self._outcome, again)


def proposed(now: Instant) -> str:
    """Return when the next attempt is proposed, as it is typed: `14.30`, with the day where that is another."""
    at = Instant(-(-(now + AGAIN_AFTER) // EVEN) * EVEN)
    return f"{local(at):%H.%M}" if local_day(at) == local_day(now) else f"{local(at):%Y-%m-%d %H.%M}"
