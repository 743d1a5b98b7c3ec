"""Time in bed, time asleep and sleep efficiency of one night in a sleep diary (domain.md §6). Nothing is guessed.

A night that can hardly be one is refused at the question with what was probably meant: a clock of twelve hours is the
commonest slip. What is in the store all the same is shown, marked, and counts in no mean.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from store.care.questionnaire.plan import DiaryRoles
from store.foundation.clock import STOCKHOLM

LONGEST_IN_BED = timedelta(hours=16)
_HALF = 12 * 60
_DAY = 2 * _HALF
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?")


class ImplausibleNight(ValueError):
    """An answer can't be read, or the answers make no night; `link` is the question to look at."""

    def __init__(self, link: str, sentence: str) -> None:
        """Take the linkId, and why in Swedish, with a mend."""
        super().__init__(sentence)
        self.link = link


class Span(NamedTuple):
    """From going to bed to getting up."""

    to_bed: datetime
    up: datetime


@dataclass(frozen=True)
class Night:
    """One night in whole minutes; `efficiency` is the part of the time in bed that was slept, 0 to 1."""

    in_bed_minutes: int
    asleep_minutes: int
    efficiency: float
    span: Span | None = field(default=None, compare=False)
    """When it was, where the entry says which day it is about."""


def sleep_of(roles: DiaryRoles, answers: Mapping[str, object]) -> Night | None:
    """The night that the answers, by linkId, tell of; None when one that is needed is missing.

    Times run forward from `in_bed`, where that is answered, else from `to_bed`, over midnight where they must. The time
    in bed begins there: the light may be on for an hour, and efficiency is the part of all the time in bed that was
    slept (Carney et al. 2012, The Consensus Sleep Diary). Where the day is told, the minutes are those that really
    passed in Stockholm: a night in which the clock is moved is an hour shorter or longer.

    Raises:
        ImplausibleNight: an answer can't be read, the answers contradict each other, or nobody is so long in bed.
    """
    links = (roles.to_bed, roles.woke, roles.up, roles.onset_minutes, roles.awake_minutes)
    if any(answers.get(link) in (None, "") for link in links):
        return None
    to_bed, woke, up = (_clock(link, answers[link]) for link in links[:3])
    onset, awake = (_minutes(link, answers[link]) for link in links[3:])
    _check_order(roles, to_bed, woke, up)
    lain = _lain_awake(roles, answers, to_bed, up)
    span, in_bed, until_woke = _passed(answers.get(roles.day), (to_bed - lain) % _DAY, woke, up)
    asleep = until_woke - lain - onset - awake
    if asleep < 0:
        sentence = "Du har angett fler vakna minuter än natten räcker till. Se över minuterna och tiderna."
        raise ImplausibleNight(roles.awake_minutes, sentence)
    return Night(in_bed, asleep, asleep / in_bed, span)


def check_day(roles: DiaryRoles, answers: Mapping[str, object], first: date, last: date) -> None:
    """Check that an entry is about a day from the first to the last, where it says which.

    Raises:
        ImplausibleNight: it is not.
    """
    day = _day(answers.get(roles.day))
    if day is not None and day > last:
        raise ImplausibleNight(roles.day, f"{day} har inte varit än. Skriv dagen då du vaknade, senast {last}.")
    if day is not None and day < first:
        raise ImplausibleNight(roles.day, f"{day} är före momentets start. Skriv en dag från och med {first}.")


def check_overlap(roles: DiaryRoles, night: Night, others: Mapping[str, Night]) -> None:
    """Check that a night lies beside those of other days, by their day.

    Raises:
        ImplausibleNight: somebody would have been in bed twice at once.
    """
    span = night.span
    for day, other in others.items():
        if span and other.span and span.to_bed < other.span.up and other.span.to_bed < span.up:
            sentence = f"Natten går in i den till {day}, då du steg upp {_at(other.span.up)}."
            raise ImplausibleNight(roles.to_bed, f"{sentence} Se över dagen och tiderna.")


def _check_order(roles: DiaryRoles, to_bed: int, woke: int, up: int) -> None:
    """Check the three clocks, by the minutes from going to bed; a slip of twelve hours is looked for."""
    if up == to_bed:
        raise ImplausibleNight(roles.up, "Du gick och lade dig och steg upp samma minut. Se över de två tiderna.")
    if (up - to_bed) % _DAY < (woke - to_bed) % _DAY:
        link, meant = _meant(roles, to_bed, woke, up) or (roles.up, "")
        raise ImplausibleNight(
            link, f"Du steg upp innan du vaknade. {meant or 'Se över tiderna då du vaknade och steg upp.'}"
        )
    if not _is_plausible(to_bed, woke, up):
        link, meant = _meant(roles, to_bed, woke, up) or (roles.to_bed, "")
        hours, minutes = divmod((up - to_bed) % _DAY, 60)
        raise ImplausibleNight(link, f"Det blir {hours} h {minutes:02d} min i sängen. {meant or 'Se över tiderna.'}")


def _lain_awake(roles: DiaryRoles, answers: Mapping[str, object], to_bed: int, up: int) -> int:
    """Return the minutes in bed before the light went out; 0 where that is not asked or not answered."""
    given = answers.get(roles.in_bed) if roles.in_bed else None
    if given in (None, ""):
        return 0
    lain = (to_bed - _clock(roles.in_bed, given)) % _DAY
    if lain > LONGEST_IN_BED // timedelta(minutes=1):
        sentence = "Du släckte innan du gick till sängs. Se över de två tiderna."
        raise ImplausibleNight(roles.in_bed, sentence)
    hours, minutes = divmod(lain + (up - to_bed) % _DAY, 60)
    if timedelta(hours=hours, minutes=minutes) > LONGEST_IN_BED:
        raise ImplausibleNight(roles.in_bed, f"Det blir {hours} h {minutes:02d} min i sängen. Se över tiderna.")
    return lain


def _meant(roles: DiaryRoles, to_bed: int, woke: int, up: int) -> tuple[str, str] | None:
    """Return the question whose time was written twelve hours off, and what was meant; the likeliest slip first."""
    for link, slip in (
        (roles.to_bed, (_HALF, 0, 0)),
        (roles.woke, (0, _HALF, 0)),
        (roles.up, (0, 0, _HALF)),
        (roles.woke, (0, _HALF, _HALF)),
    ):
        clocks = [(clock + off) % _DAY for clock, off in zip((to_bed, woke, up), slip, strict=True)]
        if _is_plausible(*clocks):
            wrong = [clock for clock, off in zip(clocks, slip, strict=True) if off]
            return link, f"Menade du {' och '.join(f'{clock // 60:02d}:{clock % 60:02d}' for clock in wrong)}?"
    return None


def _is_plausible(to_bed: int, woke: int, up: int) -> bool:
    in_bed = (up - to_bed) % _DAY
    return 0 < in_bed <= LONGEST_IN_BED // timedelta(minutes=1) and (woke - to_bed) % _DAY <= in_bed


def _passed(day: object, to_bed: int, woke: int, up: int) -> tuple[Span | None, int, int]:
    """Return when it was, the minutes in bed, and those until the last waking."""
    in_bed, until_woke = (up - to_bed) % _DAY, (woke - to_bed) % _DAY
    morning = _day(day)
    if morning is None:
        return None, in_bed, until_woke
    got_up = datetime.combine(morning, time(up // 60, up % 60))
    begun = got_up - timedelta(minutes=in_bed)
    span = Span(_real(begun), _real(got_up))
    real_in_bed = _whole_minutes(span.up - span.to_bed)
    real_until_woke = _whole_minutes(_real(begun + timedelta(minutes=until_woke)) - span.to_bed)
    if not real_in_bed > 0 or not 0 <= real_until_woke <= real_in_bed:  # a time that the moved clock never showed
        return span, in_bed, until_woke
    return span, real_in_bed, real_until_woke


def _real(wall: datetime) -> datetime:
    return wall.replace(tzinfo=STOCKHOLM).astimezone(UTC)


def _whole_minutes(passed: timedelta) -> int:
    return passed // timedelta(minutes=1)


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _clock(link: str, value: object) -> int:
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        sentence = f"{value} är inte ett klockslag. Skriv timmar och minuter så här: 22:30."
        raise ImplausibleNight(link, sentence)
    return int(match[1]) * 60 + int(match[2])


def _minutes(link: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        sentence = f"{value} är inte ett antal minuter. Skriv ett heltal, till exempel 20."
        raise ImplausibleNight(link, sentence)
    return value
