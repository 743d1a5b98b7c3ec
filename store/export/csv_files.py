"""CSV that opens right in a Swedish Excel: a folder with a file for each kind, and no cell that runs as a formula.

UTF-8 with BOM, semicolons, decimal comma, ISO dates. `nummer` is the moment's number in this export, and ties the files
together.
"""

import csv
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from store.care.export_choice import Identity, Part
from store.export.records import About, Exported, Who
from store.export.words import NOTES, answers_of, clinician_name, part_of
from store.foundation.clock import Instant, local, local_day
from store.foundation.identity import PersonalNumber

_RESIDENT = {
    Identity.FULL: ("personnummer", "efternamn", "förnamn", "kön", "ålder vid start", "skydd"),
    Identity.SEX_AND_AGE: ("kön", "ålder vid start", "skydd"),
    Identity.PSEUDONYM: ("pseudonym", "skydd"),
}
_MOMENT = (
    *("program", "version", "titel", "status", "start", "slut", "avslutningsorsak", "senast aktiv"),
    *("behandlare HSA-id", "behandlare", "enhet HSA-id", "enhet", "vårdgivare HSA-id", "vårdgivare"),
)
_FILES: dict[str, tuple[frozenset[Part], tuple[str, ...]]] = {
    "kopplade": (frozenset(), ("titel", "status", "start", "slut")),
    "handelser": (frozenset({Part.EVENTS}), ("tid", "händelse", "av", "vad", "till")),
    "planer": (
        frozenset({Part.PLANS}),
        (
            *("plan", "gjord", "avslutad", "följs upp", "aktivitet", "börjar", "klockan", "upprepas", "borttagen"),
            *("dag", "gjord den dagen", "anteckning"),
        ),
    ),
    "svar": (
        frozenset({Part.BATTERY, Part.OTHER_FORMS}),
        ("grupp", "formulär", "titel", "besvarat", "fråga", "frågans text", "svar", "lagrat"),
    ),
    "poang": (
        frozenset({Part.BATTERY, Part.OTHER_FORMS}),
        ("grupp", "formulär", "besvarat", "skala", "poäng", "högst", "nivå"),
    ),
}
"""By name: with which parts it is there (none: always), and its columns after `nummer`."""
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # also the full-width ones that Excel may fold


class CsvFiles:
    """An export as a folder of CSV files."""

    def __init__(self, path: Path, about: About) -> None:
        """Make the folder."""
        path.mkdir(mode=0o700)
        self._path = path
        self._about = about
        self._open = ExitStack()
        self._tables: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Begin the files of what was chosen."""
        identity, parts = self._about.choice.identity, self._about.choice.parts
        self._begin("om-exporten", ("uppgift", "värde"))
        self._tables["om-exporten"].writerows(map(_safe, _about(self._about)))
        self._begin("moment", ("nummer", *_RESIDENT[identity], *_MOMENT))
        for name, (needed, columns) in _FILES.items():
            if not needed or needed & parts:
                self._begin(name, ("nummer", *columns))
        return self

    def __exit__(self, *error: object) -> None:
        """End the files."""
        self._open.close()

    def write(self, exported: Exported) -> None:
        """Write a moment's rows."""
        for name, rows in (
            ("moment", [_moment(self._about, exported)]),
            ("kopplade", _linked(exported)),
            ("handelser", _events(exported)),
            ("planer", _plans(exported)),
            ("svar", _answers(exported)),
            ("poang", _scores(exported)),
        ):
            if rows:
                self._tables[name].writerows([_safe((exported.number, *row)) for row in rows])

    def _begin(self, name: str, columns: Iterable[str]) -> None:
        file = self._open.enter_context((self._path / f"{name}.csv").open("w", encoding="utf-8-sig", newline=""))
        self._tables[name] = csv.writer(file, delimiter=";", lineterminator="\r\n")
        self._tables[name].writerow(columns)


def _safe(row: Iterable[object]) -> list[str]:
    """Return a row's cells as they are written."""
    return [cell(value) for value in row]


def cell(value: object) -> str:
    """Return what stands in a cell: a decimal comma, and `'` before what a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    text = f"{value:.10g}".replace(".", ",") if isinstance(value, float) else str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_RUNS) else text


def _time(at: int | None) -> str:
    return "" if at is None else f"{local(Instant(at)):%Y-%m-%d %H:%M:%S}"


def _about(about: About) -> list[tuple[str, object]]:
    choice = about.choice
    return [
        ("exporterat", _time(about.at)),
        ("program", choice.program),
        ("status", choice.life.value),
        ("identitet", choice.identity.value),
        ("startade från och med", choice.first),
        ("startade till och med", choice.last),
        ("delar", ", ".join(sorted(choice.parts))),
        ("mottagare", choice.recipient),
        ("ändamål", choice.purpose),
        ("moment", about.count.moments),
        ("med skyddade personuppgifter", about.count.protected),
        ("de är med", choice.reveals),
        ("att tänka på", NOTES[choice.identity]),
    ]


def _moment(about: About, exported: Exported) -> tuple[object, ...]:
    row, version, unit = exported.row, about.versions[exported.row.version_id], about.unit
    return (
        *_resident(about.choice.identity, exported.who, row.started_at),
        *(version.program, version.version, version.title, row.status),
        *(_time(row.started_at), _time(row.ended_at), row.end_reason, _time(row.last_active_at)),
        *(row.clinician_hsa_id, clinician_name(row)),
        *(unit.hsa_id, unit.name, unit.provider_hsa_id, unit.provider_name),
    )


def _resident(identity: Identity, who: Who, started_at: int) -> tuple[object, ...]:
    if identity is Identity.PSEUDONYM:
        return who.number, who.protection
    if identity is Identity.SEX_AND_AGE:
        return who.sex, who.age, who.protection
    # With its separator: twelve digits are a number to Excel, which shows it as 1,98E+11.
    number = PersonalNumber(who.number).display(local_day(Instant(started_at)))
    return number, who.last_name, who.first_name, who.sex, who.age, who.protection


def _linked(exported: Exported) -> list[tuple[object, ...]]:
    return [(one.title, one.status, _time(one.started_at), _time(one.ended_at)) for one in exported.linked]


def _events(exported: Exported) -> list[tuple[object, ...]]:
    found: list[tuple[int, tuple[object, ...]]] = [
        (one.at, (_time(one.at), one.kind, one.actor_kind, part_of(one), "")) for one in exported.events
    ]
    found += (
        (one.sent_at, (_time(one.sent_at), "meddelande", one.sender, "", _time(one.read_at)))
        for one in exported.messages
    )
    found += (
        (one.raised_at, (_time(one.raised_at), "flagga", "", f"{one.kind}, {one.severity}", _time(one.handled_at)))
        for one in exported.flags
    )
    return [row for _, row in sorted(found, key=lambda one: one[0])]


def _plans(exported: Exported) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for plan in exported.plans:
        head = (plan.title, _time(plan.made_at), _time(plan.ended_at), plan.follow_up_on)
        activities = [one for one in exported.activities if one.plan_id == plan.id]
        if not activities:
            found.append((*head, *[""] * 8))
        for one in activities:
            what = (one.description, one.starts_on, one.at, one.repeats, one.removed_on)
            marks = [mark for mark in exported.marks if mark.activity_id == one.id]
            found += ((*head, *what, mark.day, bool(mark.done), mark.note) for mark in marks)
            if not marks:
                found.append((*head, *what, "", "", ""))
    return found


def _answers(exported: Exported) -> list[tuple[object, ...]]:
    return [
        (_group(one.is_battery), one.form.id, one.form.title, _time(one.saved_at), item.link_id, item.text, text, value)
        for one in exported.answers
        for item, value, text in answers_of(one)
    ]


def _scores(exported: Exported) -> list[tuple[object, ...]]:
    return [
        (_group(one.is_battery), one.form.id, _time(one.saved_at), scale.title, score.value, score.maximum, score.band)
        for one in exported.answers
        for scale, score in one.scores
    ]


def _group(is_battery: bool) -> str:
    return Part.BATTERY.value if is_battery else Part.OTHER_FORMS.value
