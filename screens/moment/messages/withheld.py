"""What stands in the field's place where nothing can be written: why, what to do, and the draft that is left."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.dialogs.controls import TextArea
from store.care.messages import WITHHELD_ENDED, WITHHELD_OFFERED

NOT_YOURS = "Du kan läsa, men bara ansvarig behandlare och invånaradministratören skriver till invånaren."
RESUME = "Återuppta momentet först (w)."
RESUME_OTHER = "Ansvarig behandlare kan återuppta det."
START = "Starta ett nytt moment om ni behöver fortsätta."
WITHDRAW = "Dra tillbaka erbjudandet först, eller vänta på svaret."
_WHAT_TO_DO = {WITHHELD_ENDED: START, WITHHELD_OFFERED: WITHDRAW}
COPY = "Utkastet kan läsas och kopieras (c), men inte skickas."


def why_withheld(reason: str, *, may_write: bool, may_resume: bool) -> str:
    """Return why nothing can be written and what to do about it.

    Args:
        reason: what the store says of the moment's status; empty where that allows it.
        may_write: whether the person may write in a moment like this.
        may_resume: whether the person may take the moment back from maintenance.
    """
    if reason in _WHAT_TO_DO:
        return f"{reason} {_WHAT_TO_DO[reason]}"
    if reason:
        return f"{reason} {RESUME if may_resume else RESUME_OTHER}"
    return "" if may_write else NOT_YOURS


class Withheld(Vertical):
    """Why nothing can be written, and under it the draft, to be read."""

    DEFAULT_CSS = """
    Withheld {
        height: auto; padding: 0 1; display: none;
        & > Static { color: $text-warning; }
        & > #left { height: 4; display: none; }
        & > #copy { display: none; color: $text-muted; }
        &.-shown, &.-left > #left, &.-left > #copy { display: block; }
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out what will be filled."""
        yield Static(id="why", markup=False)
        left = TextArea(id="left")
        left.read_only = True
        yield left
        yield Static(Content(COPY), id="copy")

    def show(self, why: str, draft: str) -> None:
        """Say why, and show the draft; without a reason nothing is shown."""
        self.query_one("#why", Static).update(Content(why and f"! {why}"))
        left = self.query_one("#left", TextArea)
        if why and left.text != draft:
            left.load_text(draft)
        self.set_class(bool(why), "-shown")
        self.set_class(bool(why and draft.strip()), "-left")
