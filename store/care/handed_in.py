"""What a resident hands in, read and checked against the form: whole, and before anything is written (domain.md §6)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from store.care.forms import Form
from store.care.questionnaire.answers import Answers, fault_at, is_response, read_answers
from store.care.questionnaire.plan import DiaryRoles, FormKind
from store.care.questionnaire.response import faults_of_the_head, subject_of
from store.care.sleep_diary import ImplausibleNight, Night, check_day, check_overlap, sleep_of
from store.foundation.clock import STOCKHOLM, Instant, local_day
from store.foundation.errors import Refused
from store.foundation.identity import PersonalNumber

MOST_ROWS = 366
"""Entries of a diary that can be handed in at once."""
_MOST_CHARACTERS = 5_000_000


@dataclass(frozen=True)
class AskedForm:
    """A form that can be answered now, and what an answer is checked against."""

    form: Form
    personnummer: str = field(repr=False)
    started_at: Instant
    """The moment's start."""
    now: Instant
    days: frozenset[str] = frozenset()
    """Of a diary: the days that there is an entry for."""
    nights: Mapping[str, Night] = field(default_factory=dict)
    """Of a sleep diary: the nights that there are, by day."""


@dataclass(frozen=True)
class Entry:
    """An answer, or one row of a diary: as it came, and its answers or what is wrong with them."""

    raw: str
    answers: Answers
    faults: tuple[str, ...]


@dataclass(frozen=True)
class HandedIn:
    """What was handed in to a form. `said` is what who hands in should know: it is taken all the same."""

    asked: AskedForm
    given: str
    entries: tuple[Entry, ...]
    said: tuple[str, ...]


def read_handed_in(asked: AskedForm, given: str) -> HandedIn:
    """Read and check what was handed in.

    Args:
        asked: the form, and whose answer it is.
        given: JSON: `{linkId: value}` or a QuestionnaireResponse; for a diary also a list of them.

    Raises:
        Refused: it is too much, or a response that is somebody else's, another form's or not finished: nothing of it
            is to be kept.
    """
    reader = _Reader(asked)
    entries = tuple(reader.entry(raw, value) for raw, value in _rows(asked.form, given))
    return HandedIn(asked, given, entries, tuple(reader.said))


class _Reader:
    """Reads the entries one after the other: a diary's night is checked against those before it too."""

    def __init__(self, asked: AskedForm) -> None:
        self._asked = asked
        self._days = set(asked.days)
        self._nights = dict(asked.nights)
        self.said: list[str] = []

    def entry(self, raw: str, value: object) -> Entry:
        """Return an entry; `value` is the fault where it could not even be parsed."""
        if isinstance(value, Refused):
            return Entry(raw, {}, (value.message,))
        if isinstance(value, dict) and is_response(value):
            self._check_head(value)
        answers, faults = read_answers(self._asked.form.questionnaire, value)
        wrong = [fault.message for fault in faults]
        if not wrong and (roles := self._asked.form.plan.diary):
            wrong += self._diary(roles, answers)
        return Entry(raw, answers, tuple(wrong))

    def _check_head(self, response: Mapping[str, object]) -> None:
        if faults := list(faults_of_the_head(self._asked.form.questionnaire, response)):
            raise Refused(" ".join(fault.message for fault in faults), field="svar")
        about = subject_of(response)
        if about is not None and not self._is_the_resident(about):
            sentence = "Svaren gäller någon annan, eller så går det inte att se vem de gäller (subject)."
            raise Refused(f"{sentence} Ingenting är sparat.", field="svar")
        self.said += _authored(response.get("authored"), self._asked)

    def _is_the_resident(self, number: str) -> bool:
        try:
            return PersonalNumber.parse(number, local_day(self._asked.now)).value == self._asked.personnummer
        except Refused:
            return False

    def _diary(self, roles: DiaryRoles, answers: Answers) -> Iterator[str]:
        single = {link: values[0] for link, values in answers.items() if values}
        day = str(single.get(roles.day) or local_day(self._asked.now))
        try:
            night = sleep_of(roles, single)
            check_day(roles, single, local_day(self._asked.started_at), local_day(self._asked.now))
            if night:
                check_overlap(roles, night, {other: one for other, one in self._nights.items() if other != day})
        except ImplausibleNight as fault:
            item = self._asked.form.questionnaire.item(fault.link)
            yield fault_at(item, str(fault)).message if item else str(fault)
            return
        if day in self._days:
            self.said.append(f"Raden för {day} ersätter en tidigare.")
        self._days.add(day)
        self._nights.pop(day, None)
        if night:
            self._nights[day] = night


def _rows(form: Form, given: str) -> list[tuple[str, object]]:
    """Return what was handed in, entry by entry: its text, and the value or the fault that there is none."""
    if len(given) > _MOST_CHARACTERS:
        raise Refused("Svaren är större än 5 MB. Ta bort det som inte är svar.", field="svar")
    try:
        value = json.loads(given)
    except (ValueError, RecursionError) as error:
        line = f" på rad {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        fault = Refused(f"Svaren går inte att tolka som JSON{line}. Kontrollera citattecken, komman och klamrar.")
        return [(given, fault)]
    if not isinstance(value, list) or form.plan.kind is not FormKind.DIARY:
        return [(given, value)]
    if not 0 < len(value) <= MOST_ROWS:
        raise Refused(f"En dagbok tar emot 1 till {MOST_ROWS} rader åt gången, inte {len(value)}.", field="svar")
    return [(json.dumps(entry, ensure_ascii=False), entry) for entry in value]


def _authored(authored: object, asked: AskedForm) -> Iterator[str]:
    """Yield what is odd about when a response says that it was filled in."""
    if authored is None:
        return
    try:
        when = datetime.fromisoformat(str(authored))
    except ValueError:
        yield "Tiden då svaren fylldes i (authored) går inte att läsa. De sparas med tiden nu."
        return
    when = when if when.tzinfo else when.replace(tzinfo=STOCKHOLM)
    day = when.astimezone(STOCKHOLM).date()
    if day < local_day(asked.started_at):
        yield f"Enligt uppgift är svaren ifyllda {day}, före momentets start {local_day(asked.started_at)}."
    elif _is_later(when, day, asked.now):
        yield f"Enligt uppgift är svaren ifyllda {day}, senare än nu."


def _is_later(when: datetime, day: date, now: Instant) -> bool:
    return day > local_day(now) or when.timestamp() * 1000 > now
