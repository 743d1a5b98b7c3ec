"""*Enhet*: what a unit decides for itself (FAQ; domain.md §7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from store.foundation.access import Action, Role
from store.foundation.connection import columns
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.flag_kinds import THRESHOLDS
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import became, clean
from store.foundation.work import Work
from store.people.crisis_numbers import crisis_numbers as shipped_numbers
from store.people.trainer_key import parse_fingerprints
from store.people.unit_programs import UnitProgram, open_programs
from store.people.units import SUPPORT, ServiceArea

TEXT_LIMIT = 4_000
MOST_DAYS = 365
CLAIMED = (5, 120)
"""Minutes for which *Jag tar den* may hold: at least, and at most; ours."""
LOCKED, IDLE = (1, 60), (5, 240)
"""Minutes without a key until the screen is covered, and until a session is over: at least, and at most; ours."""
FORENOON = (6, 11)
"""*Uppsamlat* goes in the forenoon (guide); from which hour to which is ours."""
ADVICE_WHOLE_COUNTRY = (
    "Enheten har inte betjäningsområdet Hela landet. Den inställningen ska alla enheter ha, då man har rätt att söka "
    "öppenvård i hela landet."
)
ADVICE_INSTRUCTION = (
    "Enheten har ingen instruktion för risksvar. Skriv vad som ska göras när en prioriterad flagga kommer."
)


@dataclass(frozen=True)
class UnitSettings:
    """A unit's settings. `collect_hour` in Stockholm, in the `FORENOON`."""

    hsa_id: str
    name: str
    region: str
    service_area: ServiceArea
    collect_hour: int
    risk_instruction: str
    days: Mapping[str, int]
    """The thresholds of flags by `Threshold.column`, 0 for never."""
    claim_minutes: int
    """After how many *Jag tar den* ends by itself; within `CLAIMED`."""
    lock_minutes: int
    """Without a key, after which the screen is covered in a real store; within `LOCKED`."""
    idle_minutes: int
    """Without a key or a command, after which a session is over; within `IDLE`."""
    support: str
    super_users: str
    """Whom colleagues ask first; empty where nobody is named."""
    trainer_keys: str
    """Fingerprints of the trainers' keys whose signed trainings are recorded without a warning, a line each."""
    role_training: bool
    crisis_numbers: tuple[str, ...]
    """The numbers that somebody in a crisis is given, a line each."""
    crisis_numbers_confirmed: str
    """ISO day on which the unit confirmed them as they are now; empty where it has not."""
    programs: tuple[UnitProgram, ...]
    advice: tuple[str, ...]
    """What the administrator should think of, a sentence each."""


@operation("Se enhetens inställningar", may={Role.ACCESS_ADMIN}, action=None)
def unit_settings(work: ReadTransaction) -> UnitSettings:
    """Return the settings of the unit of the one who acts. Concerns no resident."""
    unit = work.db.single(_Unit, f"SELECT {columns(_Unit)} FROM unit WHERE id = :unit", unit=work.actor.unit_id)
    advice = [] if unit.service_area is ServiceArea.WHOLE_COUNTRY else [ADVICE_WHOLE_COUNTRY]
    advice += [] if unit.risk_instruction else [ADVICE_INSTRUCTION]
    numbers = shipped_numbers()
    confirmed = unit.crisis_numbers_confirmed if numbers.is_confirmed(unit.crisis_numbers_confirmed) else ""
    advice += [] if confirmed else [numbers.note(confirmed)]
    return UnitSettings(
        hsa_id=unit.hsa_id,
        name=unit.name,
        region=unit.region,
        service_area=unit.service_area,
        collect_hour=unit.collect_hour,
        risk_instruction=unit.risk_instruction,
        days=thresholds_of(work, work.actor.unit_id or 0),
        claim_minutes=unit.claim_minutes,
        lock_minutes=unit.lock_minutes,
        idle_minutes=unit.idle_minutes,
        support=unit.support or SUPPORT,
        super_users=unit.super_users,
        trainer_keys=unit.trainer_keys,
        role_training=unit.role_training,
        crisis_numbers=numbers.lines,
        crisis_numbers_confirmed=confirmed,
        programs=open_programs(work),
        advice=tuple(advice),
    )


class _Unit(NamedTuple):
    hsa_id: str
    name: str
    region: str
    service_area: ServiceArea
    collect_hour: int
    risk_instruction: str
    claim_minutes: int
    lock_minutes: int
    idle_minutes: int
    support: str
    super_users: str
    trainer_keys: str
    role_training: bool
    crisis_numbers_confirmed: str


def thresholds_of(work: ReadTransaction, unit_id: int) -> dict[str, int]:
    """Return the unit's days until a flag is raised, by `Threshold.column`; part of operations."""
    each = (f"SELECT '{one.column}' AS name, {one.column} AS days FROM unit WHERE id = :unit" for one in THRESHOLDS)
    return dict(work.db.pairs(" UNION ALL ".join(each), unit=unit_id))


@operation("Ändra enhetens inställningar", may={Role.ACCESS_ADMIN}, action=Action.CHANGED)
def change_unit(
    work: Work,
    *,
    service_area: ServiceArea | None = None,
    collect_hour: int | None = None,
    risk_instruction: str | None = None,
    claim_minutes: int | None = None,
    lock_minutes: int | None = None,
    idle_minutes: int | None = None,
    support: str | None = None,
    super_users: str | None = None,
    trainer_keys: str | None = None,
    role_training: bool | None = None,
    crisis_numbers: bool | None = None,
    days: Mapping[str, int] | None = None,
    seen: Mapping[str, int | str] | None = None,
    confirmed: bool = False,
) -> None:
    """Change what is named; None leaves a setting as it is. See `UnitSettings`; `days` are thresholds of flags.

    `crisis_numbers` confirms the numbers from today, or takes that back.
    `seen` are numbers, texts and thresholds as they were read by who changes them, by their names; None where nobody
    looked. `confirmed`: whether it has been confirmed that another's change of the same is written over.

    Raises:
        NeedsConfirmation: another has changed the same since; the field is that of the first.
        Refused: an hour, a number of days or a text is out of range; nothing is named.
    """
    given = {
        "service_area": service_area.value if service_area else None,
        "collect_hour": _between("collect_hour", collect_hour),
        "risk_instruction": _text(risk_instruction, "risk-instruktion"),
        "claim_minutes": _between("claim_minutes", claim_minutes),
        "lock_minutes": _between("lock_minutes", lock_minutes),
        "idle_minutes": _between("idle_minutes", idle_minutes),
        "support": _text(support, "support"),
        "super_users": _text(super_users, "superanvandare"),
        "trainer_keys": None if trainer_keys is None else "\n".join(parse_fingerprints(trainer_keys)),
        "role_training": None if role_training is None else int(role_training),
        "crisis_numbers_confirmed": _confirmed(work, crisis_numbers),
        **{name: _between(name, value) for name, value in (days or {}).items()},
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise Refused("Ange minst en inställning att ändra.", helps=("change_unit",))
    if seen and not confirmed:
        _warn_of_others(work, changes, seen)
    work.db.run(
        f"UPDATE unit SET {', '.join(f'{name} = :{name}' for name in changes)} WHERE id = :unit",
        **changes,
        unit=work.actor.unit_id,
    )
    work.log(Action.CHANGED, details=f"enhetens inställningar: {', '.join(_said(*one) for one in changes.items())}")


def _warn_of_others(work: Work, changes: Mapping[str, object], seen: Mapping[str, int | str]) -> None:
    """Ask for a confirmation where another has changed the same since it was seen; a choice of two can't differ.

    Raises:
        NeedsConfirmation: so it is.
    """
    names = [name for name in changes if name in seen]
    unit = work.actor.unit_id
    work.db.value(f"SELECT id FROM unit WHERE id = :unit{work.for_update('unit')}", unit=unit)
    kept = {name: work.db.value(f"SELECT {name} FROM unit WHERE id = :unit", unit=unit) for name in names}
    if kept.get("support") == "":
        kept["support"] = SUPPORT
    changed = [name for name in names if kept[name] not in (seen[name], changes[name])]
    if changed:
        said = [f"{_NAMES[name].capitalize()} har {became(kept[name])} sedan du såg det." for name in changed]
        raise NeedsConfirmation([f"{one} Sparar du gäller ditt." for one in said], field=_FIELDS[changed[0]])


_NAMES = {
    "service_area": "betjäningsområde",
    "collect_hour": "timme för uppsamlat",
    "risk_instruction": "instruktion för risksvar",
    "claim_minutes": "minuter för Jag tar den",
    "lock_minutes": "minuter till låset",
    "idle_minutes": "minuter till utloggning",
    "support": "support",
    "super_users": "superanvändare",
    "trainer_keys": "utbildares nycklar",
    "role_training": "utbildning för roller",
    "crisis_numbers_confirmed": "krisnummer kontrollerade",
    **{one.column: one.name for one in THRESHOLDS},
}
_LONG = ("risk_instruction", "support", "super_users")
_FIELDS = {
    "risk_instruction": "risk-instruktion",
    "support": "support",
    "super_users": "superanvandare",
    "trainer_keys": "utbildarnyckel",
    "collect_hour": "uppsamlat-timme",
    "claim_minutes": "ta-minuter",
    "lock_minutes": "las-minuter",
    "idle_minutes": "utloggning-minuter",
    **{one.column: one.option for one in THRESHOLDS},
}
"""The fault's field of each number and text."""
_RANGES = {
    "collect_hour": FORENOON,
    "claim_minutes": CLAIMED,
    "lock_minutes": LOCKED,
    "idle_minutes": IDLE,
    **{one.column: (0, MOST_DAYS) for one in THRESHOLDS},
}
"""The least and the most of each number."""


def _said(name: str, value: object) -> str:
    """Return a change as the log says it; what a text says stands in the setting itself."""
    return _NAMES[name] if name in _LONG else f"{_NAMES[name]} {value if value != '' else 'nej'}"


def _confirmed(work: ReadTransaction, is_so: bool | None) -> str | None:
    """Return what is kept of a confirmation: its day, empty for none, None where nothing is said of it.

    A store whose clock is behind confirms the numbers as they are, too.
    """
    if is_so is None:
        return None
    return max(work.today, shipped_numbers().written).isoformat() if is_so else ""


def _text(text: str | None, field: str) -> str | None:
    return None if text is None else clean(text, multiline=True, limit=TEXT_LIMIT, field=field).strip()


def typed_number(text: str) -> int:
    """Return a number as it is typed; what is none becomes one that is refused like any out of range."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(MOST_DAYS)) else -1


def _between(name: str, value: int | None) -> int | None:
    least, most = _RANGES[name]
    if value is not None and not least <= value <= most:
        raise Refused(f"Ange {_NAMES[name]} som ett heltal från {least} till {most}.", field=_FIELDS[name])
    return value
