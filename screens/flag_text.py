"""What is said with flags wherever they stand: what the unit does at a risk answer, and what no flag doesn't mean."""

import re

from textual.content import Content

from screens.widgets.cells import hang
from screens.widgets.painted import TONES
from screens.wording import list_time
from store.foundation.clock import Instant
from store.foundation.flag_kinds import Severity
from store.views.flags import CAUTION, FlagsPage

NO_INSTRUCTION = "Enheten har ingen instruktion för risksvar. Säg till behörighetsadministratören."
NO_SIGN_OF_SAFETY = CAUTION.replace("Inga flaggor", "Inget risksvar", 1)
"""The caution of the flags, for a score whose form asks about risk, where the answer was none."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")
"""The spaces in a telephone number: broken at one, it is two numbers to somebody in a hurry."""


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
    whole = _BETWEEN_DIGITS.sub("\xa0", instruction)
    return f"Enhetens instruktion: {whole}" if instruction else NO_INSTRUCTION


def draw_instruction(said: str, width: int) -> list[Content]:
    """Return the lines of what `instruction_text` says: bold, with a bar; yellow where the unit has said nothing."""
    mark, style = ("! ", f"bold {TONES['waiting']}") if said == NO_INSTRUCTION else ("▌ ", "bold")
    return [Content.styled(line, style) for line in hang(mark, said, width)]
