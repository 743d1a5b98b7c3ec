"""The recovery key: shown once at a terminal and checked by typing part of it back, or in a file for scripts."""

import os
import secrets
import sys
from pathlib import Path

from sob_tui.asking import ask
from sob_tui.printing import tell
from store.foundation.errors import Refused
from store.foundation.files import write_new
from store.foundation.recovery import on_paper, read_group

ASKED = 2
"""How many groups are typed back."""

_ABOUT = (
    "Återställningsnyckeln. Den visas nu, och sedan aldrig mer.",
    "Skriv av den på papper och lägg papperet i ett låst skåp, inte vid datorn.",
    "Den öppnar databasen om nycklarna är borta.",
    "Den som har den och databasens filer kan läsa allt.",
)
_CLEAR = "\x1b[2J\x1b[H"
_APART, _BACK = f"\x1b[?1049h{_CLEAR}", "\x1b[2J\x1b[?1049l"
"""The terminal's other screen, which leaves nothing to scroll back to."""


def show_and_check(key: str) -> None:
    """Show a recovery key until two of its groups have been typed back as they stand.

    Raises:
        Refused: whoever was asked has left.
    """
    groups = on_paper(key)
    while not _is_copied(groups):
        tell("Det var inte som det stod. Nyckeln visas en gång till.")


def write_paper(path: Path, key: str) -> None:
    """Write a recovery key to a new file that only its owner can read; raises `Refused`."""
    try:
        write_new(path, (" ".join(on_paper(key)) + "\n").encode(), mode=0o600)
    except Refused as refused:
        raise Refused(refused.message, field="aterstallningsnyckel") from None


def _is_copied(groups: tuple[str, ...]) -> bool:
    """Show the groups, and ask for some: what is typed back is shown on the terminal's other screen too."""
    apart, clear, back = ("", "", "") if os.environ.get("TERM") == "dumb" else (_APART, _CLEAR, _BACK)
    try:
        print(apart + _page(groups), file=sys.stderr, flush=True)
        ask("Gå vidare med en tom rad när du har skrivit av den", str)
        print(clear, end="", file=sys.stderr, flush=True)
        places = sorted(secrets.SystemRandom().sample(range(len(groups)), ASKED))
        return all(_is_typed(place, groups[place]) for place in places)
    finally:
        print(back, end="", file=sys.stderr, flush=True)


def _page(groups: tuple[str, ...]) -> str:
    half = len(groups) // 2
    rows = ("   ".join(f"{at + 1}. {groups[at]}" for at in row) for row in (range(half), range(half, len(groups))))
    return "\r\n".join((*_ABOUT, "", *(f"    {row}" for row in rows), ""))


def _is_typed(place: int, group: str) -> bool:
    typed = ask(f"Skriv grupp {place + 1} från papperet", str)
    try:
        return read_group(place, typed) == group[:-1]
    except Refused:
        return False
