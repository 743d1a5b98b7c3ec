"""Reads `data/practice/cast.toml` and `residents.toml`: every fault is a Swedish sentence with its line."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import time
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from store.care.contacts import MOST_MINUTES, ContactSort
from store.care.duties import MOST_MONTHS, DutyKind
from store.care.plan_rules import MOST_ACTIVITIES
from store.care.safety_plan_text import PARTS
from store.care.substituting import MOST_DAYS
from store.foundation.access import Role
from store.foundation.contact import parse_email, parse_mobile, parse_region
from store.foundation.errors import Refused
from store.foundation.flag_kinds import Outcome, Severity
from store.foundation.hsa_id import HsaId, hsa_key
from store.foundation.text import clean_name
from store.people.units import ServiceArea
from store.practice.cast import (
    Act,
    Cast,
    CastDuty,
    CastMoment,
    CastResident,
    CastStaff,
    CastTemplate,
    CastUnit,
    Deed,
    Lives,
    Post,
    PurgeDecision,
    StandIn,
)
from store.practice.toml_table import TomlTable, placed, read_toml

MAX_DAYS = 3650
"""How long ago something may have happened."""


def read_cast(path: Path) -> Cast:
    """Return the cast.

    Raises:
        Refused: the first fault, with its place.
    """
    called = f"Övningsmiljöns rollista {path.name}"
    with placed(called):
        top = read_toml(path)
        cast = Cast(
            provider=_provider(top.table("provider")),
            units=_each(top, "units", _unit),
            staff=_each(top, "staff", _staff),
            templates=_each(top, "templates", _template, needed=False),
            lives=(_lives(top, called),),
        )
        top.done()
        _check(cast)
        return cast


def read_residents(path: Path, cast: Cast) -> Cast:
    """Return the cast with the residents of another file too.

    Raises:
        Refused: the first fault, with its place.
    """
    called = f"Övningsmiljöns invånare {path.name}"
    with placed(called):
        top = read_toml(path)
        both = read_lives(top, called, cast)
        top.done()
        return both


def read_lives(top: TomlTable, called: str, cast: Cast) -> Cast:
    """Return the cast with the residents of a file's top table too, whose other keys are left to the caller.

    Raises:
        Refused: the first fault, with its line; `called` is how others name the file.
    """
    lives = _lives(top, called)
    both = replace(cast, lives=(*cast.lives, lives))
    _check_lives(both, lives)
    return both


def read_start(top: TomlTable, called: str, cast: Cast | None) -> Lives:
    """Return what an exercise's file tells of residents and moments; both may be left out.

    A moment without a start goes on with the one that the resident has in the practice store.

    Args:
        top: the file's top table; its other keys are left alone.
        called: how a fault names the file.
        cast: who is there before; without it names are not looked for.

    Raises:
        Refused: the first fault, with its place.
    """
    moments = _each(top, "moments", lambda entry: _moment(entry, goes_on=True), needed=False)
    lives = Lives(called, _each(top, "residents", _resident, needed=False), moments)
    if cast is not None:
        _check_lives(replace(cast, lives=(*cast.lives, lives)), lives)
    return lives


def _lives(top: TomlTable, called: str) -> Lives:
    return Lives(
        called,
        _each(top, "residents", _resident, needed=False),
        _each(top, "moments", _moment, needed=False),
        _each(top, "substitutes", _stand_in, needed=False),
        _each(top, "duties", _duty, needed=False),
        _each(top, "purge_decisions", _purge_decision, needed=False),
    )


T = TypeVar("T")


def _each(parent: TomlTable, key: str, read: Callable[[TomlTable], T], *, needed: bool = True) -> tuple[T, ...]:
    """Return all entries of a list, each checked for unknown keys."""

    def one(entry: TomlTable) -> T:
        found = read(entry)
        entry.done()
        return found

    return tuple(one(entry) for entry in parent.tables(key, needed=needed))


def _provider(entry: TomlTable) -> tuple[str, str]:
    provider = (_hsa_id(entry, "hsa_id"), entry.text("name"))
    entry.done()
    return provider


def _unit(entry: TomlTable) -> CastUnit:
    region = entry.text("region")
    with placed(entry.where):
        parse_region(region)
    return CastUnit(
        where=entry.where,
        hsa_id=_hsa_id(entry, "hsa_id"),
        name=entry.text("name"),
        region=region,
        service_area=entry.one_of("service_area", tuple(area.value for area in ServiceArea)),
        programs=entry.all_or_texts("programs"),
        risk_instruction=entry.text("risk_instruction", ""),
    )


def _staff(entry: TomlTable) -> CastStaff:
    email, mobile = entry.text("email", ""), entry.text("mobile", "")
    with placed(entry.where):
        if email:
            parse_email(email)
        if mobile:
            parse_mobile(mobile)
        names = [clean_name(entry.text(f"{part}_name"), swedish) for part, swedish in _NAMES]
    return CastStaff(
        where=entry.where,
        hsa_id=_hsa_id(entry, "hsa_id"),
        family_name=names[0],
        given_name=names[1],
        email=email,
        mobile=mobile,
        trained_programs=entry.all_or_texts("trained_programs", ()),
        posts=_each(entry, "assignments", _post, needed=False),
        provider_admin=entry.flag("provider_admin", False),
    )


_NAMES = (("family", "efternamn"), ("given", "fornamn"))
_UNIT_ROLES = tuple(role.value for role in Role if role is not Role.PROVIDER_ADMIN)


def _post(entry: TomlTable) -> Post:
    roles = entry.texts("roles")
    for role in roles:
        if role not in _UNIT_ROLES:
            raise entry.fault(f"{role} är ingen roll på en enhet. Rollerna är {', '.join(_UNIT_ROLES)}.", "roles")
    return Post(_hsa_id(entry, "unit"), tuple(Role(role) for role in roles), entry.flag("active", True))


_COLUMNS = {
    "personnummer": "personnummer",
    "family_name": "efternamn",
    "given_name": "fornamn",
    "region": "region",
    "mobile": "mobil",
    "protection": "skydd",
    "email": "epost",
    "channel": "avisering",
}
"""The file's keys, and the columns of the import that adds and checks a resident (contract.md §2)."""
_NEEDED = ("personnummer", "family_name", "given_name", "region")


def _resident(entry: TomlTable) -> CastResident:
    if not re.fullmatch("[0-9]{12}", entry.text("personnummer")):
        raise entry.fault("personnummer ska skrivas med tolv siffror.", "personnummer")
    columns = {column: entry.text(key, None if key in _NEEDED else "") for key, column in _COLUMNS.items()}
    return CastResident(entry.where, columns, entry.texts("guardians", ()))


def _template(entry: TomlTable) -> CastTemplate:
    staff = _hsa_id(entry, "staff", "")
    return CastTemplate(
        entry.where, _hsa_id(entry, "unit"), staff, entry.text("title"), entry.text("text", multiline=True)
    )


def _stand_in(entry: TomlTable) -> StandIn:
    return StandIn(
        where=entry.where,
        unit=_hsa_id(entry, "unit"),
        clinician=_hsa_id(entry, "clinician"),
        substitute=_hsa_id(entry, "substitute"),
        days_ago=entry.number("days_ago", 1, MAX_DAYS),
        days_left=entry.number("days_left", 0, MOST_DAYS),
    )


def _duty(entry: TomlTable) -> CastDuty:
    return CastDuty(
        where=entry.where,
        unit=_hsa_id(entry, "unit"),
        kind=DutyKind(entry.one_of("kind", tuple(kind.value for kind in DutyKind))),
        months=entry.number("months", 1, MOST_MONTHS),
        delegate=_hsa_id(entry, "delegate"),
        decided_by=entry.text("decided_by"),
        by=_hsa_id(entry, "by"),
        days_ago=entry.number("days_ago", 1, MAX_DAYS),
    )


def _purge_decision(entry: TomlTable) -> PurgeDecision:
    text, reference = entry.text("text", multiline=True), entry.text("reference", "")
    return PurgeDecision(entry.where, text, reference, entry.number("days_ago", 1, MAX_DAYS))


def _moment(entry: TomlTable, *, goes_on: bool = False) -> CastMoment:
    acts = tuple(act for several in _each(entry, "acts", _acts) for act in several)
    deeds = [act.deed for act in acts]
    if Deed.START in deeds[1:] or not (goes_on or Deed.START in deeds):
        raise entry.fault("acts ska börja med start, och ha bara en sådan.", "acts")
    for before, after in pairwise(acts):
        if before.order > after.order:
            raise Refused(f"{after.where}: acts ska stå i tidsordning.", field="acts")
    return CastMoment(
        where=entry.where,
        resident=entry.text("resident"),
        program=entry.text("program"),
        unit=_hsa_id(entry, "unit"),
        clinician=_hsa_id(entry, "clinician"),
        acts=acts,
    )


_OBJECTS = {
    Deed.OPEN: "module",
    Deed.ANSWER: "form",
    Deed.READ_FORM: "form",
    Deed.REQUEST: "form",
    Deed.HIDE: "part",
    Deed.SHOW: "part",
    Deed.SWITCH: "to",
    Deed.OFFER: "to",
    Deed.END: "reason",
    Deed.PLAN: "template",
}
_CHOICES: dict[Deed, tuple[str, tuple[str, ...], str | None]] = {
    Deed.FLAG: ("severity", tuple(one.value for one in Severity), Severity.WARNING.value),
    Deed.HANDLE_FLAG: ("outcome", tuple(one.value for one in Outcome), ""),
    Deed.CONTACT: ("sort", tuple(one.value for one in ContactSort), None),
    Deed.MARK: ("done", ("ja", "nej"), "ja"),
}
_NUMBERS = {
    Deed.FLAG: ("due_in", 0, MAX_DAYS, 0),
    Deed.CONTACT: ("minutes", 1, MOST_MINUTES, None),
    Deed.MARK: ("activity", 1, MOST_ACTIVITIES, 1),
    Deed.STOP_PURGE: ("due_in", 0, MAX_DAYS, None),
}
_NEED_TEXT = (
    Deed.WRITE,
    Deed.MESSAGE,
    Deed.DRAFT,
    Deed.FLAG,
    Deed.HANDLE_FLAG,
    Deed.FOLLOW_UP,
    Deed.OFFER,
    Deed.DECLINE,
    Deed.STOP_PURGE,
)
_MAY_HAVE_TEXT = (Deed.SWITCH, Deed.END, Deed.CONTACT, Deed.MARK)
_MAY_BE_BY = (Deed.START, Deed.SWITCH, Deed.TAKE_FLAG, Deed.HANDLE_FLAG)
_MINUTES_A_STEP = 4


def _acts(entry: TomlTable) -> tuple[Act, ...]:
    """Return what one table tells: one act, or one for each step read."""
    deed = Deed(entry.one_of("do", tuple(deed.value for deed in Deed)))
    act = Act(
        where=entry.where,
        deed=deed,
        days_ago=entry.number("days_ago", 1, MAX_DAYS),
        time=_time(entry),
        object=_object(entry, deed),
        number=entry.number(*_NUMBERS[deed]) if deed in _NUMBERS else 0,
        answers=entry.json("answers") if deed is Deed.ANSWER else "",
        is_refused=entry.flag("refused", False) if deed is Deed.ANSWER else False,
        by=_by(entry, deed),
        message=_message(entry, deed) or None,
        heading=entry.text("heading", "") if deed in (Deed.WRITE, Deed.MESSAGE, Deed.DRAFT) else "",
        parts=_parts(entry) if deed in (Deed.SAFETY_PLAN, Deed.OWN_SAFETY_PLAN) else {},
    )
    if deed is not Deed.READ:
        return (act,)
    steps = enumerate(entry.texts("steps"))
    return tuple(replace(act, minutes=place * _MINUTES_A_STEP, object=name) for place, name in steps)


def _object(entry: TomlTable, deed: Deed) -> str:
    if deed in _CHOICES:
        return entry.one_of(*_CHOICES[deed])
    return entry.text(_OBJECTS[deed]) if deed in _OBJECTS else ""


def _by(entry: TomlTable, deed: Deed) -> str:
    if deed in (Deed.DECLINE, Deed.STOP_PURGE):
        return _hsa_id(entry, "by")
    return _hsa_id(entry, "by", "") if deed in _MAY_BE_BY else ""


def _message(entry: TomlTable, deed: Deed) -> str:
    if deed in _NEED_TEXT:
        return entry.text("message", multiline=True)
    return entry.text("message", "", multiline=True) if deed in _MAY_HAVE_TEXT else ""


def _parts(entry: TomlTable) -> dict[str, str]:
    """Return what stands in a säkerhetsplan, part by part; a part that is left out is empty."""
    table = entry.table("parts")
    found = {part.name: table.text(part.key, "", multiline=True) for part in PARTS}
    table.done()
    return found


def _time(entry: TomlTable) -> time:
    try:
        at = time.fromisoformat(entry.text("time"))
    except ValueError:
        at = time.max
    if at.tzinfo or at.microsecond:
        raise entry.fault('time ska vara ett klockslag: time = "09:15"', "time")
    return at


def _hsa_id(entry: TomlTable, key: str, default: str | None = None) -> str:
    value = entry.text(key, default)
    with placed(f"{entry.where}, {key}"):
        return HsaId.parse(value).value if value != default else value


def _check(cast: Cast) -> None:
    """Refuse what stands twice, and names of somebody who is not in the file. A personnummer is never repeated."""
    units = _once("enheten", ((unit.where, unit.hsa_id) for unit in cast.units))
    staff = _once("personen", ((one.where, one.hsa_id) for one in cast.staff))
    for one in cast.staff:
        _once("enheten", ((one.where, post.unit) for post in one.posts))
        _known("enheten", units, one.where, (post.unit for post in one.posts))
    for template in cast.templates:
        _known("enheten", units, template.where, [template.unit])
        _known("personen", {"", *staff}, template.where, [template.staff])
    for lives in cast.lives:
        _check_lives(cast, lives)


def _check_lives(cast: Cast, lives: Lives) -> None:
    """Refuse a resident who stands twice, in another file too, and names of somebody who is in none."""
    units = {hsa_key(unit.hsa_id) for unit in cast.units}
    staff = {hsa_key(one.hsa_id) for one in cast.staff}
    residents = _once("invånaren", ((one.where, one.number) for one in cast.residents))
    for child in lives.residents:
        _known("vårdnadshavaren", residents, child.where, child.guardians)
    for moment in lives.moments:
        _known("enheten", units, moment.where, [moment.unit])
        _known("invånaren", residents, moment.where, [moment.resident])
        _known("behandlaren", staff, moment.where, [moment.clinician])
    for one in lives.stand_ins:
        _known("enheten", units, one.where, [one.unit])
        _known("behandlaren", staff, one.where, [one.clinician, one.substitute])
    for duty in lives.duties:
        _known("enheten", units, duty.where, [duty.unit])
        _known("personen", staff, duty.where, [duty.delegate, duty.by])


def _once(what: str, found: Iterable[tuple[str, str]]) -> set[str]:
    seen: set[str] = set()
    for where, value in found:
        if hsa_key(value) in seen:
            raise Refused(f"{where}: {what} står redan tidigare.")
        seen.add(hsa_key(value))
    return seen


def _known(what: str, known: set[str], where: str, named: Iterable[str]) -> None:
    if not known.issuperset(map(hsa_key, named)):
        raise Refused(f"{where}: {what} finns inte i filen.")
