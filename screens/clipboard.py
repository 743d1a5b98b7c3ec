"""Sending a text to the terminal's clipboard, and saying no more of it than is known.

A terminal never answers whether it took the text (OSC 52): tmux, as it is shipped, drops it, and what was copied before
would be pasted into a record.
"""

from typing import Any

from textual.app import App

MOST_CHARACTERS = 75
STANDS_SECONDS = 20.0


def send_to_clipboard(app: App[Any], text: str, what: str, *, else_by: str = "", then: str = "") -> None:
    """Send a text to the terminal's clipboard, and say how it is seen that it arrived.

    Args:
        app: the app.
        text: what is sent.
        what: what it is, as a sentence begins: *Utkastet*.
        else_by: another way to the text, a command; marking it on screen always is one.
        then: what is to be done with it, a sentence.
    """
    app.copy_to_clipboard(text)
    app.notify(told_of(text, what, else_by=else_by, then=then), timeout=STANDS_SECONDS, markup=False)


def told_of(text: str, what: str, *, else_by: str = "", then: str = "") -> str:
    """Return what is said of a text that was sent."""
    sentences = (
        f"{what} har skickats till terminalens urklipp ({len(text)} tecken).",
        f"Kontrollera när du klistrar in: det börjar «{_beginning(text)}».",
        f"Annars: {else_by or 'markera texten på skärmen med skift och musen'}.",
        then,
    )
    return " ".join(filter(None, sentences))


def _beginning(text: str) -> str:
    """Return the first words."""
    words = " ".join(text[: 4 * MOST_CHARACTERS].split())
    if len(words) <= MOST_CHARACTERS:
        return words
    return words[:MOST_CHARACTERS].rpartition(" ")[0] or words[:MOST_CHARACTERS]


def forget_copied(app: App[Any]) -> None:
    """Empty the terminal's clipboard, where the app has sent something there."""
    if app.clipboard:
        app.copy_to_clipboard("")
