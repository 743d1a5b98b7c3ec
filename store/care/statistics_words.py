"""What the figures of the statistics are called, and how a number of each is said, in Swedish."""

from collections.abc import Iterator

from store.care.month_counting import Figure
from store.care.statistics import Line, Shown, Statistics

WIDTH = 30
"""Characters of the longest bar."""
BAR = "█"
HIDDEN, NONE = "dolt", "–"
NOTHING = "Inget är räknat för programmet under perioden. En månad räknas av sob dygn när den är slut."

_TITLES = {
    Figure.STARTED: "Startade moment",
    Figure.RUNNING: "Pågående vid månadens slut",
    Figure.ENDED: "Avslutade moment",
    Figure.REASON: "Avslutade, orsak",
    Figure.LENGTH: "Längd i dagar, median av avslutade",
    Figure.CLINICIANS: "Behandlare",
    Figure.ANSWER_TIME: "Tid till svar på meddelanden, median",
    Figure.MINUTES: "Arbetad tid, minuter",
    Figure.CHANGE: "Avslutade, mätt förändring",
}
_HOUR, _DAY = 60, 24 * 60


def title_of(line: Line, *, whole: bool = True) -> str:
    """Return what a figure is called; whole, with what it is about of several."""
    title = _TITLES[line.figure]
    return f"{title}: {line.detail or 'ingen orsak'}" if whole and line.figure in _OF_SEVERAL else title


_OF_SEVERAL = (Figure.REASON, Figure.CHANGE)


def worded(figure: Figure, number: int) -> str:
    """Return a number as it is shown: a time to answer in hours, or days and hours."""
    if figure is not Figure.ANSWER_TIME:
        return str(number)
    days, minutes = divmod(number, _DAY)
    if days:
        return f"{days} d {minutes // _HOUR} tim"
    return f"{minutes // _HOUR} tim {minutes % _HOUR} min"


def note_of(found: Statistics) -> str:
    """Return what has been done to the figures."""
    if found.is_exact:
        return "Exakta tal. De får inte lämna enheten: en fil har små tal dolda. Tid visas från fem behandlare."
    return f"Tal under {found.threshold} visas inte, och andra avrundas till fem. Tid visas från fem behandlare."


def lines_of(found: Statistics) -> Iterator[str]:
    """Yield what is shown: what has been done to the figures, then each of them with a bar for each month."""
    if not found.months:
        yield NOTHING
        return
    yield note_of(found)
    for line in found.lines:
        yield ""
        yield title_of(line)
        most = max((one.number or 0 for one in line.months), default=0)
        for month, shown in zip(found.months, line.months, strict=True):
            said = HIDDEN if shown.is_hidden else NONE if shown.number is None else worded(line.figure, shown.number)
            yield f"  {month}  {said:>10}  {_bar(shown, most)}".rstrip()


def _bar(shown: Shown, most: int) -> str:
    return BAR * -(-WIDTH * (shown.number or 0) // most) if most else ""
