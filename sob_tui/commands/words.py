"""How the command line puts things in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.foundation.clock import Instant, iso_local, local, local_day
from store.foundation.flag_kinds import Severity
from store.views.open_flags import OpenFlag

if TYPE_CHECKING:
    from store.care.claims import Taken

STATUS_WORDS = {"pagaende": "Pågående", "vidmakthallande": "Vidmakthållande", "avslutat": "Avslutat"}
NOTHING = "–"


def day(at: int | None) -> str:
    """Return an instant's day, or a dash."""
    return NOTHING if at is None else local_day(Instant(at)).isoformat()


def minute(at: int) -> str:
    """Return an instant's day and time of day."""
    return f"{local(Instant(at)):%Y-%m-%d %H.%M}"


def taken_json(taken: "Taken | None") -> dict[str, str | None]:
    """Return who is on a flag and until when, as JSON has it (contract.md §2)."""
    if taken is None:
        return {"taken_by": None, "taken_until": None}
    return {"taken_by": taken.hsa_id, "taken_until": iso_local(Instant(taken.until))}


def active(at: int | None) -> str:
    """Return the day of the resident's last act (guide: *Ingen aktivitet*)."""
    return "Ingen aktivitet" if at is None else day(at)


def flags(found: Sequence[OpenFlag]) -> str:
    """Return the worst open flag, the first, and how many there are beside it (guide: *Inga flaggor*)."""
    if not found:
        return "Inga flaggor"
    worst, *others = found
    return flag(worst.severity, worst.reason) + (f" (och {len(others)} till)" if others else "")


def flag(severity: Severity, reason: str) -> str:
    """Return a flag with its mark and its severity in words."""
    return f"{severity.mark} {severity}: {reason}"


def to_do(messages: int, forms: int, drafts: int) -> str:
    """Return what waits in a moment, in words that can be read aloud."""
    waiting = (
        (messages, "oläst meddelande", "olästa meddelanden"),
        (forms, "oläst formulär", "olästa formulär"),
        (drafts, "utkast", "utkast"),
    )
    return ", ".join(counted(number, one, many) for number, one, many in waiting if number) or NOTHING


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many}"


def listed(words: Sequence[str], last: str) -> str:
    """Return words in a row, `och` or `eller` before the last."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
