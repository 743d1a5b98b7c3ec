"""How the command line puts things in words."""

from store.foundation.clock import Instant, local_day

STATUS_WORDS = {"pagaende": "Pågående", "vidmakthallande": "Vidmakthållande", "avslutat": "Avslutat"}
NOTHING = "–"


def day(at: int | None) -> str:
    """Return an instant's day, or a dash."""
    return NOTHING if at is None else local_day(Instant(at)).isoformat()


def active(at: int | None) -> str:
    """Return the day of the resident's last act (guide: *Ingen aktivitet*)."""
    return "Ingen aktivitet" if at is None else day(at)


def flags(number: int) -> str:
    """Return how many flags are open (guide: *Inga flaggor*)."""
    return counted(number, "flagga", "flaggor") if number else "Inga flaggor"


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
