"""The open conversation on the tab *Meddelanden*: its messages, and under them the composer, or why there is none."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.moment.messages.autosave import Autosave
from screens.moment.messages.composer import Composer
from screens.moment.messages.reader import MessagesReader
from screens.moment.messages.thread_view import ThreadView
from screens.moment.messages.withheld import Withheld
from screens.shown_keys import keyed
from screens.widgets.rule_heading import RuleHeading
from store.foundation.clock import Instant

EMPTY_HINT = "Tryck {messages.new} för att skapa en ny konversation."
OPEN_HINT = "Tryck {messages.open} för att öppna konversationen vid markören."
NEW_HINT = "Invånaren ser konversationen när du har skickat det första meddelandet."
NEW_TITLE = "Ny konversation"


class ConversationPane(Vertical):
    """The open conversation. Where none is open, a hint says how one is opened."""

    DEFAULT_CSS = """
    ConversationPane { height: 1fr; }
    """

    def __init__(self, composer: Composer) -> None:
        """Show nothing yet; what is written is written in the composer."""
        super().__init__(id="talk")
        self.composer = composer
        self._heading = RuleHeading()
        self._thread = ThreadView()
        self._withheld = Withheld()

    def compose(self) -> ComposeResult:
        """Lay out what will be filled."""
        yield self._heading
        yield self._thread
        yield self._withheld
        yield self.composer

    def show_thread(self, reader: MessagesReader, text: Autosave | None, now: Instant, *, may_write: bool) -> None:
        """Show the messages of the conversation that is written in, or a hint."""
        if text is not None and text.conversation is not None and reader.thread is not None:
            self._heading.show(reader.thread.conversation.heading)
            self._thread.show(reader.messages, now, more=reader.has_older)
        else:
            self._heading.show(NEW_TITLE if text is not None else "")
            self._thread.say(keyed(_hint(reader, text, may_write=may_write)))

    def show_composer(self, reader: MessagesReader, text: Autosave | None, why_withheld: str) -> None:
        """Show the composer where something is open and can be written in, or why nothing can."""
        page = reader.page
        self.composer.display = text is not None and page is not None and not why_withheld
        left = text.written.text if text is not None else ""
        self._withheld.show(why_withheld if page is not None else "", left)
        if page is not None:
            self.composer.show_notice(page.collects_at, is_reached=page.is_reached)


def _hint(reader: MessagesReader, text: Autosave | None, *, may_write: bool) -> str:
    if text is not None:
        return NEW_HINT if may_write else ""
    if reader.page is None:
        return ""
    if reader.page.conversations or reader.page.drafts:
        return f"{OPEN_HINT} {EMPTY_HINT}" if may_write else OPEN_HINT
    return EMPTY_HINT if may_write else ""
