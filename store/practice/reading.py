"""Reads `data/practice/cast.toml`: every fault is a Swedish sentence with its line."""

import re
from collections.abc import Callable, Iterable
from datetime import time
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from store.foundation.access import Role
from store.foundation.contact import parse_email, parse_mobile, parse_region
from store.foundation.errors import Refused
from store.foundation.hsa_id import HsaId, hsa_key
from store.foundation.text import clean_name
from store.people.units import ServiceArea
from store.practice.cast import Act, Cast, CastMoment, CastResident, CastStaff, CastTemplate, CastUnit, Deed, Post
from store.practice.toml_table import TomlTable, placed, read_toml

MAX_DAYS = 3650
"""How long ago something may have happened."""


def read_cast(path: Path) -> Cast:
    """Return the cast.

    Raises:
        Refused: the first fault, with its place.
    """
    with placed(f"Övningsmiljöns rollista {path.name}"):
        top = read_toml(path)
        cast = Cast(
            file=path.name,
            provider=_provider(top.table("provider")),
            units=_each(top, "units", _unit),
            staff=_each(top, "staff", _staff),
            residents=_each(top, "residents", _resident),
            templates=_each(top, "templates", _template, needed=False),
            moments=_each(top, "moments", _moment),
        )
        top.done()
        _check(cast)
        return cast


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


def _moment(entry: TomlTable) -> CastMoment:
    acts = tuple(act for several in _each(entry, "acts", _acts) for act in several)
    if not acts or [act.deed for act in acts].count(Deed.START) != 1 or acts[0].deed is not Deed.START:
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
    Deed.HIDE: "part",
    Deed.SHOW: "part",
    Deed.SWITCH: "to",
    Deed.END: "reason",
}
_MINUTES_A_STEP = 4


def _acts(entry: TomlTable) -> tuple[Act, ...]:
    """Return what one table tells: one act, or one for each step read."""
    deed = Deed(entry.one_of("do", tuple(deed.value for deed in Deed)))
    objects = entry.texts("steps") if deed is Deed.READ else (entry.text(_OBJECTS[deed]) if deed in _OBJECTS else "",)
    days_ago, at = entry.number("days_ago", 1, MAX_DAYS), _time(entry)
    by = _hsa_id(entry, "by", "") if deed in (Deed.START, Deed.SWITCH) else ""
    message = _message(entry, deed)
    heading = entry.text("heading", "") if deed in (Deed.WRITE, Deed.MESSAGE) else ""
    answers = entry.json("answers") if deed is Deed.ANSWER else ""
    is_refused = entry.flag("refused", False) if deed is Deed.ANSWER else False
    return tuple(
        Act(
            where=entry.where,
            deed=deed,
            days_ago=days_ago,
            time=at,
            minutes=place * _MINUTES_A_STEP,
            object=name,
            answers=answers,
            is_refused=is_refused,
            by=by,
            message=message or None,
            heading=heading,
        )
        for place, name in enumerate(objects)
    )


def _message(entry: TomlTable, deed: Deed) -> str:
    if deed in (Deed.WRITE, Deed.MESSAGE):
        return entry.text("message", multiline=True)
    return entry.text("message", "", multiline=True) if deed in (Deed.SWITCH, Deed.END) else ""


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
    residents = _once("invånaren", ((one.where, one.number) for one in cast.residents))
    for one in cast.staff:
        _once("enheten", ((one.where, post.unit) for post in one.posts))
        _known("enheten", units, one.where, (post.unit for post in one.posts))
    for child in cast.residents:
        _known("vårdnadshavaren", residents, child.where, child.guardians)
    for template in cast.templates:
        _known("enheten", units, template.where, [template.unit])
        _known("personen", {"", *staff}, template.where, [template.staff])
    for moment in cast.moments:
        _known("enheten", units, moment.where, [moment.unit])
        _known("invånaren", residents, moment.where, [moment.resident])
        _known("behandlaren", staff, moment.where, [moment.clinician])


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
