"""What the tab *Meddelanden* opens with: the guide's words, and the three marks under them."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset

from screens.widgets.cells import wrap
from screens.widgets.mark import Mark
from screens.widgets.painted import Painted, Sheet

WORDS = (
    "Här kan du skapa ny konversation, läsa och skriva meddelanden till invånaren. När det finns nya meddelanden "
    "markeras ingången och konversationen. Dina meddelanden sparas som utkast om du inte skickar iväg dem."
)
UNREAD, DRAFTS, NEW = "go-unread", "go-draft", "go-new"
"""The marks."""
NEW_LABEL = "NY KONVERSATION"
_GAP = 3


class MessagesIntro(Painted):
    """The guide's words, and under them marks that lead to what is unread, to drafts and to a new conversation."""

    def __init__(self) -> None:
        """Show no counts until they are read."""
        super().__init__("messages-intro")
        self._says_words = True

    def compose(self) -> ComposeResult:
        """Lay out the marks."""
        yield Mark(_counted("OLÄST", None), id=UNREAD, about="Gå till nästa konversation med något oläst.")
        yield Mark(_counted("UTKAST", None), id=DRAFTS, about="Gå till ditt nästa utkast.")
        yield Mark(NEW_LABEL, id=NEW, about="Skapa ny konversation.")

    def show(self, unread: int | None, drafts: int | None, *, may_write: bool) -> None:
        """Show the counts, None where they are not read yet; a mark that leads nowhere is disabled."""
        for name, words, leads in (
            (UNREAD, _counted("OLÄST", unread), bool(unread)),
            (DRAFTS, _counted("UTKAST", drafts), bool(drafts)),
            (NEW, NEW_LABEL, may_write),
        ):
            mark = self.query_one(f"#{name}", Mark)
            mark.text, mark.disabled = words, not leads
            mark.refresh()
        self.query_one(f"#{NEW}").display = may_write
        self.redraw()

    def say_words(self, says: bool) -> None:
        """Show the guide's words, or leave their room to the conversation."""
        if says != self._says_words:
            self._says_words = says
            self.redraw()

    def draw(self, width: int) -> Sheet:
        """Draw the words, and the places of the marks."""
        words = wrap(WORDS, max(1, width)) if self._says_words else []
        lines = [Content.styled(line, "$text-muted") for line in words]
        x, places = 0, {}
        for mark in self.query(Mark):
            places[mark.id or ""] = Offset(x, len(lines))
            x += cell_len(mark.text) + _GAP
        return Sheet((*lines, Content("")), places)


def _counted(word: str, number: int | None) -> str:
    return f"{word} ({'–' if number is None else number})"
