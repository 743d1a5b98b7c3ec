"""A resident's scores over time: all of a moment's scored forms on one time axis (domain.md §6)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from store.care.forms import Form, answered_form
from store.care.moments import MomentSubject, moment_subject
from store.care.program_files import Program
from store.care.programs import program_of
from store.care.questionnaire.answers import from_json
from store.care.questionnaire.scale import shown_level
from store.care.questionnaire.scoring import figure, score_of
from store.foundation.access import Action, DataCategory
from store.foundation.clock import start_of
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.views.diary import Diary, diaries_in
from store.views.moment import SEES


@dataclass(frozen=True)
class Point:
    """A score on one occasion. `at` is in UTC milliseconds."""

    answer_id: int
    at: int
    value: float


@dataclass(frozen=True)
class Series:
    """A score over time, oldest first; `bands` are (from, text), lowest first."""

    form: str
    title: str
    maximum: float
    bands: tuple[tuple[float, str], ...]
    points: tuple[Point, ...]
    published: bool = False
    """Whether the bands are a published instrument's."""
    unit: str = ""
    """What a value is counted in; empty for points, which are so many of the most there can be."""

    def said(self, value: float) -> str:
        """Return a value in words: `16 av 27`, or `84 %`."""
        return f"{figure(value)} {self.unit}" if self.unit else f"{figure(value)} av {figure(self.maximum)}"

    def band(self, value: float) -> str:
        """Return what the score calls a value, empty below its first band."""
        held = [text for at_least, text in self.bands if at_least <= value]
        return held[-1] if held else ""

    def level(self, value: float) -> str:
        """Return the band as it is shown: one of our own says that it is."""
        return shown_level(self.band(value), published=self.published)


@dataclass(frozen=True)
class TimeMark:
    """What else happened: `kind` is modul, meddelande or behandlare."""

    at: int
    kind: str
    text: str


@dataclass(frozen=True)
class FormGraph:
    """All of a moment's scored forms on one time axis, from its start to now or its end. Instants are UTC ms."""

    started_at: int
    until: int
    series: tuple[Series, ...]
    marks: tuple[TimeMark, ...]
    sleep: tuple[Series, ...] = ()
    """The sleep efficiency of each diary's nights, in percent; a night stands on the noon of its morning."""
    is_part: bool = False
    """Whether it is a part of the moment's time, see `between`."""

    @property
    def panels(self) -> tuple[Series, ...]:
        """All that is drawn, each with a panel of its own."""
        return (*self.series, *self.sleep)

    def between(self, first: int, last: int) -> "FormGraph":
        """Return what of it lies between two instants, both with it."""

        def held(all_series: tuple[Series, ...]) -> tuple[Series, ...]:
            return tuple(
                replace(series, points=tuple(point for point in series.points if first <= point.at <= last))
                for series in all_series
            )

        marks = tuple(mark for mark in self.marks if first <= mark.at <= last)
        return FormGraph(first, last, held(self.series), marks, held(self.sleep), is_part=True)


_NOON = 12 * 3_600_000
"""Milliseconds from a day's beginning."""


@operation("Se grafen över formulär", may=SEES, action=Action.READ, category=DataCategory.FORMS, on=moment_subject)
def open_graph(work: ReadTransaction, moment: MomentSubject) -> FormGraph:
    """Return the graph; opening it is logged."""
    return _graph(work, moment)


@operation("Läsa om en öppen graf", may=SEES, action=None, category=DataCategory.FORMS, on=moment_subject)
def refresh_graph(work: ReadTransaction, moment: MomentSubject) -> FormGraph:
    """Return the graph again, as a refresh does."""
    return _graph(work, moment)


def _graph(work: ReadTransaction, moment: MomentSubject) -> FormGraph:
    ((started, ended),) = work.db.pairs("SELECT started_at, ended_at FROM moment WHERE id = :id", id=moment.moment_id)
    sleep = tuple(_sleep(diary) for diary in diaries_in(work, moment))
    return FormGraph(started, ended or work.now, scores_of(work, moment), tuple(_marks(work, moment)), sleep)


def _sleep(diary: Diary) -> Series:
    """Return the sleep efficiency of a diary's nights, those left out that count in no mean."""
    points = tuple(
        Point(row.answer_id, start_of(day) + _NOON, round(100 * row.night.efficiency))
        for row in reversed(diary.rows)
        if row.night and row.answer_id and (day := row.morning)
    )
    return Series(diary.form, "Sömneffektivitet", 100, (), points, unit="%")


def scores_of(work: ReadTransaction, moment: MomentSubject) -> tuple[Series, ...]:
    """Return a moment's scores over time; part of operations."""
    return tuple(_series(work, moment))


def _series(work: ReadTransaction, moment: MomentSubject) -> Iterator[Series]:
    """Yield a series for each score of each form in each version that was answered."""
    rows = work.db.all(
        _Saved,
        "SELECT form, installed_id, id, saved_at, answers FROM formanswer"
        " WHERE resident_id = :resident AND moment_id = :moment ORDER BY form, installed_id, saved_at, id",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    for (form_id, installed_id), group in groupby(rows, key=lambda row: (row.form, row.installed_id)):
        form = answered_form(work, moment, form_id, installed_id)
        yield from series_of(form, [(row.id, row.saved_at, row.answers) for row in group])


def series_of(form: Form, saved: Iterable[tuple[int, int, str]]) -> Iterator[Series]:
    """Yield a series for each score of a form; `saved` are answers to it, (id, saved at, JSON), the oldest first."""
    given = [(answer, at, from_json(answers)) for answer, at, answers in saved] if form.plan.scales else []
    for scale in form.plan.scales:
        scored = [(answer, at, score_of(form.questionnaire, scale, answers).value) for answer, at, answers in given]
        yield Series(
            form=form.id,
            title=scale.title,
            maximum=scale.maximum,
            bands=tuple((band.at_least, band.text) for band in scale.bands),
            points=tuple(Point(answer, at, value) for answer, at, value in scored if value is not None),
            published=scale.published,
        )


class _Saved(NamedTuple):
    form: str
    installed_id: int | None
    id: int
    saved_at: int
    answers: str


class _Event(NamedTuple):
    at: int
    kind: EventKind
    facts: str


_MARKED = {
    EventKind.STARTED: "modul",
    EventKind.MODULE_OPENED: "modul",
    EventKind.MESSAGE_SENT: "meddelande",
    EventKind.SWITCHED: "behandlare",
}


def _marks(work: ReadTransaction, moment: MomentSubject) -> Iterator[TimeMark]:
    program = program_of(work.db, moment.version_id)
    kinds = ", ".join(f":k{place}" for place in range(len(_MARKED)))
    rows = work.db.all(
        _Event,
        "SELECT at, kind, facts FROM event WHERE resident_id = :resident AND moment_id = :moment"
        f" AND kind IN ({kinds}) ORDER BY at, seq",
        resident=moment.resident_id,
        moment=moment.moment_id,
        **{f"k{place}": kind.value for place, kind in enumerate(_MARKED)},
    )
    for row in rows:
        yield TimeMark(row.at, _MARKED[row.kind], _said(row.kind, json.loads(row.facts), program))


def _said(kind: EventKind, facts: dict[str, Any], program: Program) -> str:
    if kind is EventKind.MODULE_OPENED:
        module = program.module(facts["module"])
        return module.title if module else facts["module"]
    return {
        EventKind.STARTED: "Start",
        EventKind.MESSAGE_SENT: "Meddelande",
        EventKind.SWITCHED: "Byte av behandlare",
    }[kind]
