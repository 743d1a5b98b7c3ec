"""*Avsluta* (guide; domain.md §3.4): the guide's words, letter by letter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Static

from screens.dialogs.controls import Button, CheckBox, Field, Select, TextArea
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.whom import Whom
from screens.widgets.mark import Mark
from store.foundation.errors import Refused

NO_WAY_BACK = (
    "Ett avslutat moment kan aldrig öppnas igen. Invånaren kommer inte längre åt programmet. Du kan läsa momentet "
    "under Avslutade tills det gallras. Behöver invånaren fortsätta startar du ett nytt moment."
)
REASON = "Avslutningsorsak:"
MESSAGE = "Skicka meddelande till invånarens inkorg i 1177 Vårdguidens e-tjänster"
NEW_MOMENT = "Starta ett nytt moment i samband vid avsluta moment"
IRREVERSIBLE = "Denna åtgärd går inte att ångra"


@dataclass(frozen=True)
class EndRequest:
    """How to end a moment; `message` and `new_program` (its id) are None where not asked for."""

    reason: str
    message: str | None = None
    new_program: str | None = None


class EndDialog(Dialog[EndRequest, int | None]):
    """End a moment; done, it gives the id of the moment that was started in the same breath, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        submits("Avsluta"),
        Binding(
            "f2", "explain", "ⓘ\xa0Förklaring", id="end.explain", tooltip="Vad det betyder att det inte går att ångra."
        ),
    ]
    DEFAULT_CSS = """
    EndDialog #message-tick { margin: 1 0 0 0; }
    EndDialog #field-meddelande { padding: 0 0 0 4; margin: 0 0 1 0; } /* under the words of the box */
    EndDialog #field-program { padding: 0 0 0 4; }
    EndDialog #explanation { display: none; color: $text-muted; margin: 1 0 0 0; }
    EndDialog #explanation.-shown { display: block; }
    EndDialog #irreversible { width: 1fr; text-align: right; text-style: italic; color: $text-muted; }
    EndDialog #irreversible-alone { display: none; text-style: italic; color: $text-muted; }
    EndDialog.-narrow #irreversible-alone { display: block; }
    EndDialog.-narrow #irreversible { visibility: hidden; height: 1; }
    EndDialog #why { margin: 0 0 0 1; }
    EndDialog #cancel { margin: 0; }
    """

    main_label = "Avsluta"
    main_variant = "success"

    def __init__(
        self,
        reasons: Sequence[str],
        programs: Sequence[tuple[str, str]],
        perform: Perform[EndRequest, int | None],
        *,
        whom: Whom,
        undone: Sequence[str] = (),
    ) -> None:
        """Offer the reasons for ending, and the programs that can be started instead.

        Args:
            reasons: the program's avslutningsorsaker, in order.
            programs: id and title of those that can be started.
            perform: ends the moment.
            whom: the resident and the program.
            undone: what waits in the moment, a sentence each.
        """
        super().__init__("Avsluta", perform, whom=whom, undone=undone)
        self._reasons = reasons
        self._programs = programs

    def body(self) -> Iterable[Widget]:
        """Return the reason and the guide's two boxes, each with what it brings."""
        reasons = [(reason, reason) for reason in self._reasons]
        programs = [(title, program) for program, title in self._programs]
        yield Field("orsak", REASON, Select(reasons, prompt="Välj avslutningsorsak", id="reason"))
        yield CheckBox(MESSAGE, id="message-tick")
        yield _hidden(Field("meddelande", "", TextArea(id="message", placeholder="Meddelande till invånaren")))
        yield CheckBox(NEW_MOMENT, id="new-tick")
        yield _hidden(Field("program", "", Select(programs, prompt="Välj moment", id="new-program")))

    def messages(self) -> Iterable[Widget]:
        """Return what is left undone, and what cannot be undone."""
        yield from super().messages()
        yield Static(Content(NO_WAY_BACK), id="explanation")
        yield Static(Content(IRREVERSIBLE), id="irreversible-alone")  # beside the buttons there is no room for it

    def buttons(self) -> Iterable[Widget]:
        """Return the buttons of the last line, in the guide's order."""
        yield Button("Avbryt", id="cancel")
        yield Static(Content(IRREVERSIBLE), id="irreversible")
        why = Mark("ⓘ", id="why", about=NO_WAY_BACK)
        why.can_focus = False  # F2 and the mouse: Tab goes from Avbryt to Avsluta (contract.md §3)
        yield why
        yield Button(self.main_label, id="main", variant=self.main_variant)

    def value(self) -> EndRequest:
        """Return the reason, the message and the new moment, if any."""
        reason = self.query_one("#reason", Select).selection
        if reason is None:
            raise Refused("Välj en avslutningsorsak.", field="orsak")
        return EndRequest(str(reason), self._message(), self._new_program())

    def action_explain(self) -> None:
        """Show what it means that it cannot be undone, or hide it again."""
        self.query_one("#explanation").toggle_class("-shown")

    def _message(self) -> str | None:
        if not self.query_one("#message-tick", CheckBox).value:
            return None
        text = self.query_one("#message", TextArea).text
        if not text.strip():
            raise Refused("Skriv ett meddelande, eller ta bort krysset.", field="meddelande")
        return text

    def _new_program(self) -> str | None:
        if not self.query_one("#new-tick", CheckBox).value:
            return None
        program = self.query_one("#new-program", Select).selection
        if program is None:
            raise Refused("Välj vilket moment som ska startas, eller ta bort krysset.", field="program")
        return str(program)

    @on(Mark.Pressed, "#why")
    def _asked_why(self) -> None:
        self.action_explain()

    @on(Checkbox.Changed, "#message-tick")
    def _message_ticked(self, event: Checkbox.Changed) -> None:
        self._show_field("meddelande", event.value)

    @on(Checkbox.Changed, "#new-tick")
    def _new_ticked(self, event: Checkbox.Changed) -> None:
        self._show_field("program", event.value)

    def _show_field(self, name: str, shown: bool) -> None:
        """Show what a ticked box brings; Tab leads there (contract.md §3)."""
        field = self.query_one(f"#field-{name}", Field)
        field.display = shown
        if shown:
            self.call_after_refresh(field.scroll_visible, animate=False)


def _hidden(field: Field) -> Field:
    field.display = False
    return field
