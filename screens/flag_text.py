"""What is said with flags wherever they stand: what the unit does at a risk answer, and what no flag doesn't mean."""

from screens.wording import list_time
from store.foundation.clock import Instant
from store.foundation.flag_kinds import Severity
from store.views.flags import CAUTION, FlagsPage

NO_INSTRUCTION = "Enheten har ingen instruktion för risksvar. Säg till behörighetsadministratören."
NO_SIGN_OF_SAFETY = CAUTION.replace("Inga flaggor", "Inget risksvar", 1)
"""The caution of the flags, for a score whose form asks about risk, where the answer was none."""


def urgent_flags(page: FlagsPage) -> list[str]:
    """Return a sentence for each unhandled prioriterad flagga of a moment, said before it changes hands."""
    return [
        f"Ohanterad prioriterad flagga sedan {list_time(Instant(flag.raised_at))} följer med: {flag.reason}"
        for flag in page.open
        if flag.severity is Severity.PRIORITY
    ]


def instruction_text(page: FlagsPage) -> str:
    """Return what the unit does at a risk answer, or that it has not said."""
    return instruction_in_words(page.instruction)


def instruction_in_words(instruction: str) -> str:
    """Return a unit's instruction with its label, or the sentence that there is none."""
    return f"Enhetens instruktion: {instruction}" if instruction else NO_INSTRUCTION
