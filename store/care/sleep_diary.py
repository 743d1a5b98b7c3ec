"""Time in bed, time asleep and sleep efficiency of one night in a sleep diary (domain.md §6). Nothing is guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from store.care.questionnaire.plan import DiaryRoles

_DAY = 24 * 60
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?")


@dataclass(frozen=True)
class Night:
    """One night in whole minutes; `efficiency` is the part of the time in bed that was slept, 0 to 1."""

    in_bed_minutes: int
    asleep_minutes: int
    efficiency: float


def sleep_of(roles: DiaryRoles, answers: Mapping[str, object]) -> Night | None:
    """The night that the answers, by linkId, tell of; None when one that is needed is missing.

    Times run forward from `to_bed`, over midnight where they must.

    Raises:
        ValueError: an answer can't be read, or the answers contradict each other; the text is Swedish, with a mend.
    """
    links = (roles.to_bed, roles.woke, roles.up, roles.onset_minutes, roles.awake_minutes)
    if any(answers.get(link) in (None, "") for link in links):
        return None
    to_bed, woke_at, up_at = (_clock(answers[link]) for link in links[:3])
    onset, awake = (_minutes(answers[link]) for link in links[3:])
    woke, up = (woke_at - to_bed) % _DAY, (up_at - to_bed) % _DAY
    if up == 0:
        raise ValueError("Du gick och lade dig och steg upp samma minut. Se över de två tiderna.")
    if up < woke:
        raise ValueError("Du steg upp innan du vaknade. Se över tiderna då du vaknade och steg upp.")
    asleep = woke - onset - awake
    if asleep < 0:
        raise ValueError("Minuterna vaken är fler än natten räcker till. Se över minuterna och tiderna.")
    return Night(up, asleep, asleep / up)


def _clock(value: object) -> int:
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value} är inte ett klockslag. Skriv timmar och minuter så här: 22:30.")
    return int(match[1]) * 60 + int(match[2])


def _minutes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value} är inte ett antal minuter. Skriv ett heltal, till exempel 20.")
    return value
