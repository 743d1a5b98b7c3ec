"""*Vårdgivare*: what a care provider decides for all its units (domain.md §7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from store.foundation.access import Action
from store.foundation.connection import Connection, columns
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import became, clean
from store.foundation.work import Work
from store.people.provider_changes import provider_changed
from store.people.providers import MAY_ABOVE, FoundProvider, provider_for
from store.people.units import LOG_YEARS

TEXT_LIMIT = 4_000
LINE_LIMIT = 200
MOST_YEARS = 100
THRESHOLDS = (3, 100)
"""The least and the most that a statistics threshold may be; ours."""
BACKUPS = (1, 730)
"""For how many days backups may be kept; ours."""
NOTICE_DAYS = 90
"""From how long before its end an agreement is warned of; ours."""

Day = date | Literal[""]
"""A day that is given, or that there is to be none."""

KEPT_TOO_SHORT = f"Loggen ska sparas i minst {LOG_YEARS} år (HSLF-FS 2016:40 4 kap. 9 §). Ange {LOG_YEARS} eller fler."
NO_DECISION = f"Att spara loggen längre än {LOG_YEARS} år kräver ett beslut. Ange beslutets referens."
DECISION_FOR_NOTHING = f"Beslutets referens hör till en längre tid än {LOG_YEARS} år. Ange loggtiden också."
NO_REFERENCE = "Ange avtalets referens: en sista dag utan avtal betyder inget."
ADVICE_PURGE = "Gallringsbeslut saknas. Det ska stå på varje gallringsintyg."
ADVICE_BACKUPS = "Hur länge säkerhetskopior sparas är inte bestämt. Det ska stå på gallringsintyg."


@dataclass(frozen=True)
class ProviderSettings:
    """What a care provider has decided. Days are ISO, empty where there is none."""

    hsa_id: str
    name: str
    purge_decision: str
    """Gallringsbeslut, with its reference and its day."""
    purge_reference: str
    purge_decided_on: str
    agreement: str
    """The reference of a private vårdgivare's agreement; empty for who is none."""
    agreement_ends: str
    """Its last day: after it no moment starts."""
    statistics_threshold: int
    """Statistics hide a number below it."""
    log_years: int
    """For how long the log is kept, at least `LOG_YEARS`."""
    log_decision: str
    """The decision by which that is longer."""
    backup_days: int
    """For how long backups are kept; 0 where nobody has said."""
    advice: tuple[str, ...] = ()
    """What should be thought of, a sentence each."""


@operation("Se vårdgivarens inställningar", may=MAY_ABOVE, action=None)
def provider_settings(work: ReadTransaction, provider: str | None = None) -> ProviderSettings:
    """Return what a care provider has decided; `provider` is its HSA-id, where the operator has to name it.

    Raises:
        NotPermitted, Refused: as `provider_for`.
    """
    found = provider_for(work, provider)
    row = work.db.single(_Kept, f"SELECT {columns(_Kept)} FROM careprovider WHERE id = :id", id=found.id)
    return ProviderSettings(found.hsa_id, found.name, *row, advice=tuple(_advice(row, work.today)))


class _Kept(NamedTuple):
    purge_decision: str
    purge_reference: str
    purge_decided_on: str
    agreement: str
    agreement_ends: str
    statistics_threshold: int
    log_years: int
    log_decision: str
    backup_days: int


def _advice(kept: _Kept, today: date) -> list[str]:
    advice = []
    if ends := kept.agreement_ends:
        last = date.fromisoformat(ends)
        if last < today:
            advice.append(f"Avtalet gällde till och med {ends}: inga nya moment kan startas. De som pågår fortsätter.")
        elif last - today <= timedelta(NOTICE_DAYS):
            advice.append(f"Avtalet gäller till och med {ends}. Efter den dagen kan inga nya moment startas.")
    if not kept.purge_decision:
        advice.append(ADVICE_PURGE)
    if not kept.backup_days:
        advice.append(ADVICE_BACKUPS)
    return advice


@operation("Ändra vårdgivarens inställningar", may=MAY_ABOVE, action=Action.CHANGED)
def change_provider(
    work: Work,
    provider: str | None = None,
    *,
    purge_decision: str | None = None,
    purge_reference: str | None = None,
    purge_decided_on: Day | None = None,
    agreement: str | None = None,
    agreement_ends: Day | None = None,
    statistics_threshold: int | None = None,
    log_years: int | None = None,
    log_decision: str | None = None,
    backup_days: int | None = None,
    seen: ProviderSettings | None = None,
    confirmed: bool = False,
) -> None:
    """Change what is named; None leaves a setting as it is. See `ProviderSettings`.

    An agreement that is taken away takes its last day along, and five years of log need no decision.
    `seen` is what was decided when it was read by who changes it; None where nobody looked. `confirmed`: whether it has
    been confirmed that another's change of the same is written over.

    Raises:
        NotPermitted: as `provider_for`.
        NeedsConfirmation: another has changed the same since.
        Refused: a number is out of range, a day or a text will not do, or nothing is named.
    """
    found = provider_for(work, provider)
    work.serialize(f"provider:{found.id}")
    kept = work.db.single(_Kept, f"SELECT {columns(_Kept)} FROM careprovider WHERE id = :id", id=found.id)
    given = {
        "purge_decision": _text(purge_decision, "gallringsbeslut", multiline=True),
        "purge_reference": _text(purge_reference, "gallringsbeslut-referens"),
        "purge_decided_on": _decided(purge_decided_on, work.today),
        "agreement": _text(agreement, "avtal"),
        "agreement_ends": _iso(agreement_ends),
        "statistics_threshold": _between(statistics_threshold, "troskel", *THRESHOLDS),
        "log_years": _years(log_years),
        "log_decision": _text(log_decision, "beslut"),
        "backup_days": _between(backup_days, "kopior-dagar", *BACKUPS),
    }
    named = {name: value for name, value in given.items() if value is not None}
    if not named:
        raise Refused("Ange minst en inställning att ändra.", helps=("change_provider",))
    if seen is not None and not confirmed:
        _warn_of_others(kept, named, seen)
    changes = {**named, **_agreement(kept, named), **_log(kept, named)}
    work.db.run(
        f"UPDATE careprovider SET {', '.join(f'{name} = :{name}' for name in changes)} WHERE id = :id",
        **changes,
        id=found.id,
    )
    said = ", ".join(_said(name, value) for name, value in changes.items())
    work.log(Action.CHANGED, details=f"vårdgivarens inställningar: {said}")
    _let_units_see(work, found)


def _warn_of_others(kept: _Kept, named: Mapping[str, object], seen: ProviderSettings) -> None:
    """Ask for a confirmation where another has changed the same since it was seen.

    Raises:
        NeedsConfirmation: so it is.
    """
    changed = [name for name in named if getattr(kept, name) not in (getattr(seen, name), named[name])]
    said = [f"{_NAMES[name].capitalize()} har {became(getattr(kept, name))} sedan du såg det." for name in changed]
    if said:
        raise NeedsConfirmation([f"{one} Sparar du gäller ditt." for one in said])


def agreement_over(db: Connection, unit_id: int, today: date) -> str:
    """Return why no new moment starts at a unit: its vårdgivare's agreement is over; empty where one may."""
    last = str(
        db.value(
            "SELECT c.agreement_ends FROM unit u JOIN careprovider c ON c.id = u.provider_id WHERE u.id = :unit",
            unit=unit_id,
        )
        or ""
    )
    if not last or date.fromisoformat(last) >= today:
        return ""
    return (
        f"Vårdgivarens avtal gällde till och med {last}, så inga nya moment kan startas. De som pågår fortsätter. "
        "Fråga vårdgivaradministratören om avtalet är förlängt."
    )


def _agreement(kept: _Kept, named: Mapping[str, object]) -> dict[str, object]:
    """Return what follows for the last day from a change of the agreement."""
    if not named.get("agreement", kept.agreement):
        if named.get("agreement_ends"):
            raise Refused(NO_REFERENCE, field="avtal")
        return {"agreement_ends": ""} if "agreement" in named else {}
    return {}


def _log(kept: _Kept, named: Mapping[str, object]) -> dict[str, object]:
    """Return what follows for the decision from a change of how long the log is kept."""
    if named.get("log_years", kept.log_years) == LOG_YEARS:
        if named.get("log_decision"):
            raise Refused(DECISION_FOR_NOTHING, field="loggtid")
        return {"log_decision": ""} if "log_years" in named else {}
    if not named.get("log_decision", kept.log_decision):
        raise Refused(NO_DECISION, field="beslut")
    return {}


def _years(value: int | None) -> int | None:
    if value is not None and value < LOG_YEARS:
        raise Refused(KEPT_TOO_SHORT, field="loggtid")
    return _between(value, "loggtid", LOG_YEARS, MOST_YEARS)


def _between(value: int | None, field: str, least: int, most: int) -> int | None:
    if value is not None and not least <= value <= most:
        raise Refused(f"Ange {_NAMES[_COLUMNS[field]]} som ett heltal från {least} till {most}.", field=field)
    return value


def _decided(day: Day | None, today: date) -> str | None:
    if isinstance(day, date) and day > today:
        raise Refused(f"Beslutets dag {day} har inte varit än.", field="gallringsbeslut-datum")
    return _iso(day)


def _iso(day: Day | None) -> str | None:
    return day.isoformat() if isinstance(day, date) else day


def _text(text: str | None, field: str, *, multiline: bool = False) -> str | None:
    limit = TEXT_LIMIT if multiline else LINE_LIMIT
    return None if text is None else clean(text, multiline=multiline, limit=limit, field=field).strip()


_NAMES = {
    "purge_decision": "gallringsbeslut",
    "purge_reference": "gallringsbeslutets referens",
    "purge_decided_on": "gallringsbeslutets dag",
    "agreement": "avtal",
    "agreement_ends": "avtalets sista dag",
    "statistics_threshold": "statistikens tröskel",
    "log_years": "år som loggen sparas",
    "log_decision": "beslut om loggtid",
    "backup_days": "dagar som säkerhetskopior sparas",
}
_COLUMNS = {"troskel": "statistics_threshold", "loggtid": "log_years", "kopior-dagar": "backup_days"}


def _said(name: str, value: object) -> str:
    """Return a change as the log says it; what a decision says stands in the setting itself."""
    return _NAMES[name] if name == "purge_decision" else f"{_NAMES[name]} {value if value != '' else 'borttaget'}"


def _let_units_see(work: Work, provider: FoundProvider) -> None:
    for unit in work.db.values("SELECT id FROM unit WHERE provider_id = :id", id=provider.id):
        work.changed(unit)
    provider_changed(work, provider.id)
