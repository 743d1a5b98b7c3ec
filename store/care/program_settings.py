"""What a program's `program.toml` says, read key by key so that every fault has its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.care.program_activities import read_templates
from store.care.program_faults import ProgramReader
from store.care.program_flags import read_flag_rules
from store.care.program_plans import read_plans
from store.care.program_shape import DEFAULT_END_REASONS, Contact, FlagRules, PlanTemplate
from store.care.program_table import MAX_DAYS, Table, is_days, is_line
from store.care.questionnaire.plan import FormPlan


@dataclass(frozen=True)
class Settings:
    """The keys of `program.toml`. `opens` is None for "all"; `opens_line` is where it stands."""

    title: str
    version: str
    recommended_days: int
    contact: Contact
    opens: tuple[str, ...] | None
    opens_line: int | None
    reminders: tuple[int, ...]
    end_reasons: tuple[str, ...]
    requires_training: bool
    plans: tuple[tuple[FormPlan, Table], ...]
    """How the forms are used, each with its table, where what the rest of the folder contradicts is noted."""
    flags: FlagRules
    activity_plans: tuple[PlanTemplate, ...]
    shows_scores: bool
    training_link: str


def read_settings(reader: ProgramReader, path: Path) -> Settings | None:
    """The settings, with stand-ins where a fault was noted; None when the file is unreadable or not TOML."""
    text = reader.text(path)
    data = None if text is None else _parse(reader, path, text)
    if text is None or data is None:
        return None
    table = Table(reader, path, text, data)
    settings = Settings(
        title=table.text("title"),
        version=_version(table),
        recommended_days=_days(table),
        contact=_contact(table),
        opens=_opens(table),
        opens_line=table.line("opens_from_start"),
        reminders=_reminders(table),
        end_reasons=_end_reasons(table),
        requires_training=table.flag("requires_training", default=True),
        plans=read_plans(table),
        flags=read_flag_rules(table),
        activity_plans=read_templates(table),
        shows_scores=table.flag("shows_scores"),
        training_link=_training_link(table),
    )
    table.unknown_keys()
    return settings


def _parse(reader: ProgramReader, path: Path, text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else len(text.rstrip("\n").split("\n"))
        mend = f'Rätta raden. Texter står inom citattecken, listor inom [ ]: title = "Namn". ({error})'
        reader.fault(path, line, "Filen går inte att tolka som TOML.", mend)
        return None


def _version(table: Table) -> str:
    mend = 'Skriv siffror med punkter, inom citattecken: version = "1.0".'
    value = table.need("version", 'version = "1.0"')
    if value is not None and not (isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9}){0,3}", value)):
        table.fault("version", 'version ska vara en text som "1.0".', mend)
    return str(value)


def _days(table: Table) -> int:
    value = table.need("recommended_days", "recommended_days = 90")
    if value is None or is_days(value):
        return int(value or 1)
    mend = f"Skriv antalet dagar som ett heltal från 1 till {MAX_DAYS}: recommended_days = 90."
    table.fault("recommended_days", "recommended_days ska vara ett antal dagar.", mend)
    return 1


def _contact(table: Table) -> Contact:
    inner = table.table("contact", '[contact] med name = "…" och email = "…"')
    if inner is None:
        return Contact("")
    contact = Contact(inner.text("name"), inner.text("email", needed=False), inner.text("phone", needed=False))
    if not (contact.email or contact.phone):
        inner.fault("email", "Kontaktpersonen går inte att nå.", "Lägg till email eller phone under [contact].")
    if contact.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", contact.email):
        inner.fault("email", "E-postadressen är inte fullständig.", 'Skriv den som email = "namn@example.org".')
    if contact.phone and not re.fullmatch(r"\+?[0-9][0-9 -]{4,20}", contact.phone):
        inner.fault("phone", "Telefonnumret är inte rätt skrivet.", "Skriv bara siffror, mellanslag och bindestreck.")
    inner.unknown_keys()
    return contact


def _training_link(table: Table) -> str:
    link = table.text("training_link", needed=False)
    if link and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", link):
        mend = 'Skriv hela adressen: training_link = "https://example.org/utbildning".'
        table.fault("training_link", "training_link ska vara en webbadress.", mend)
        return ""
    return link


def _opens(table: Table) -> tuple[str, ...] | None:
    value = table.need("opens_from_start", 'opens_from_start = "all"')
    if value is None or value == "all":
        return None
    if isinstance(value, list) and value and all(is_line(one) for one in value):
        return tuple(one.strip() for one in value)
    mend = 'Skriv opens_from_start = "all", eller en lista: opens_from_start = ["borja-har"].'
    table.fault("opens_from_start", 'opens_from_start ska vara "all" eller en lista med modulernas id.', mend)
    return None


def _reminders(table: Table) -> tuple[int, ...]:
    value = table.take("reminders")
    if value is None:
        return ()
    if isinstance(value, list) and all(is_days(one) for one in value) and len(set(value)) == len(value):
        return tuple(sorted(value))
    mend = f"Skriv olika heltal från 1 till {MAX_DAYS}: reminders = [14]."
    table.fault("reminders", "reminders ska vara en lista med antal dagar efter start.", mend)
    return ()


def _end_reasons(table: Table) -> tuple[str, ...]:
    value = table.take("end_reasons")
    if value is None:
        return DEFAULT_END_REASONS
    if isinstance(value, list) and value and all(is_line(one) for one in value):
        reasons = tuple(one.strip() for one in value)
        if len(set(reasons)) == len(reasons):
            return reasons
    mend = 'Skriv minst en, ingen två gånger: end_reasons = ["Övrigt"]. Utan nyckeln gäller standardlistan.'
    table.fault("end_reasons", "end_reasons ska vara en lista med avslutningsorsaker.", mend)
    return DEFAULT_END_REASONS
