"""*Kontaktperson*: whom to ask about a program's content, and about the platform (FAQ)."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.box import Box
from screens.dialogs.controls import Button
from screens.whom import Whom
from store.care.program_shape import Contact

CONTENT_QUESTIONS = "Frågor om programmets innehåll, och om utbildning för det"
PLATFORM_QUESTIONS = "Frågor om plattformen"


class ContactDialog(Box[None]):
    """Name, e-mail and telephone of a program's contact person."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Stäng", id="contact.close", tooltip="Stäng rutan"),
    ]
    DEFAULT_CSS = """
    ContactDialog .heading { color: $text-muted; }
    ContactDialog #platform { margin: 1 0 0 0; }
    """

    def __init__(self, program_title: str, contact: Contact, support: str, *, whom: Whom) -> None:
        """`support` says whom the unit turns to with questions of the platform."""
        super().__init__(f"Kontaktperson · {program_title}", whom=whom)
        self._contact = contact
        self._support = support

    def body(self) -> Iterable[Widget]:
        """Return whom to ask about what."""
        yield Static(Content(CONTENT_QUESTIONS), classes="heading")
        yield Static(_person(self._contact), id="person")
        yield Static(Content(PLATFORM_QUESTIONS), classes="heading", id="platform")
        yield Static(Content(self._support))

    def buttons(self) -> Iterable[Widget]:
        """Return *Stäng*."""
        yield Button("Stäng", id="cancel")


def _person(contact: Contact) -> Content:
    lines = [Content.styled(contact.name, "bold")]
    lines += [Content(f"E-post   {contact.email}")] if contact.email else []
    lines += [Content(f"Telefon  {contact.phone}")] if contact.phone else []
    return Content("\n").join(lines)
