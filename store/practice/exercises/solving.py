"""A line of a solution as it is carried out: split into words as a shell does, with ids in the places of their names.

An author can't know which id a moment or a flag has in a store. `{moment}` is that of the step's resident,
`{moment:199105172382}` somebody else's; likewise what stands in `_FOUND`. `{dag}` is today, `{dag+14}` two weeks from
now. `{mapp}` is a folder to write to, which is gone once the exercise has been tried.
"""

import re
import shlex
from datetime import date, timedelta
from typing import NamedTuple

from store.foundation.connection import Connection
from store.foundation.errors import Refused
from store.foundation.flag_kinds import Severity
from store.practice.exercises.exercise import Step

_NAMED = re.compile(r"\{([a-zåäö]+)(?::([0-9]{12}))?\}")
_DAY = re.compile(r"\{dag(?:\+([0-9]{1,3}))?\}")
FOLDER = "{mapp}"
"""Filled in by what carries a command out: where the store lies that it is tried on."""
_HERE_STRING = "<<<"


class Command(NamedTuple):
    """The words after `sob`, and what stands on standard input."""

    words: tuple[str, ...]
    given: str


def command_of(line: str) -> Command:
    """Return a line's command; `<<< 'text'` at its end is what stands on standard input, as in bash."""
    words = shlex.split(line)[1:]
    if _HERE_STRING in words:
        place = words.index(_HERE_STRING)
        return Command(tuple(words[:place]), " ".join(words[place + 1 :]))
    return Command(tuple(words), "")


def filled(db: Connection, command: Command, step: Step, today: date) -> Command:
    """Return a command with ids in the places of their names, and days in theirs.

    Raises:
        Refused: there is no such thing, or it isn't said whose.
    """
    trace = step.trace
    resident, program = (trace.resident, trace.program) if trace is not None else ("", "")

    def value(named: re.Match[str]) -> str:
        if named[0] == FOLDER:
            return named[0]
        whose = named[2] or resident
        if named[1] not in ("moment", *_FOUND):
            names = ", ".join(f"{{{name}}}" for name in ("moment", *_FOUND, "mapp"))
            raise Refused(f"{named[0]} finns inte. De som finns är {names}.")
        if not whose:
            raise Refused(
                f"Det står inte vems {named[0]} är. Skriv {{{named[1]}:PERSONNUMMER}}, eller invanare i steget."
            )
        return str(_id(db, named[1], whose, program if whose == resident else ""))

    def day(named: re.Match[str]) -> str:
        return (today + timedelta(days=int(named[1] or 0))).isoformat()

    return command._replace(words=tuple(_NAMED.sub(value, _DAY.sub(day, word)) for word in command.words))


def _id(db: Connection, name: str, resident: str, program: str) -> int:
    moment = db.value(
        "SELECT m.id FROM moment m JOIN resident r ON r.id = m.resident_id WHERE r.personnummer = :number"
        " AND (m.program = :program OR :program = '')"
        " ORDER BY CASE WHEN m.status = 'avslutat' THEN 1 ELSE 0 END, m.id DESC",
        number=resident,
        program=program,
    )
    if moment is None:
        raise Refused(f"{{{name}}}: invånaren {resident} har inget moment{f' i {program}' if program else ''}.")
    if name == "moment":
        return int(moment)
    found = _flag(db, moment) if name == "flagga" else db.value(_FOUND[name], moment=moment)
    if found is None:
        raise Refused(f"{{{name}}} finns inte i invånarens moment när raden ska köras. Lägg till det i moments.")
    return int(found)


_FOUND = {
    "flagga": "",
    "svar": "SELECT id FROM formanswer WHERE moment_id = :moment"
    " ORDER BY CASE WHEN read_at IS NULL THEN 0 ELSE 1 END, id DESC",
    "konversation": "SELECT id FROM conversation WHERE moment_id = :moment ORDER BY latest_at DESC, id DESC",
    "plan": "SELECT id FROM activityplan WHERE moment_id = :moment ORDER BY id DESC",
    "aktivitet": "SELECT id FROM activity WHERE moment_id = :moment ORDER BY plan_id DESC, id",
}
"""What a moment may have besides itself: the most urgent open flag, the newest unread answer (else the newest), the
conversation that was written in last, the newest plan and its first activity."""


def _flag(db: Connection, moment: int) -> int | None:
    open_flags: dict[int, str] = dict(
        db.pairs("SELECT id, severity FROM flag WHERE moment_id = :moment AND handled_at IS NULL", moment=moment)
    )
    return min(open_flags, key=lambda flag: (Severity(open_flags[flag]).rank, -flag), default=None)
