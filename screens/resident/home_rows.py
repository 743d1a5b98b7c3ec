"""The rows of the start page: what is new first, then all there is to read, fill in and do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual.content import Content

from screens.resident.texts import NOTHING_NEW
from screens.wording import long_day, plural
from store.care.questionnaire.plan import FormKind
from store.foundation.clock import Instant
from store.views.residents_page import Part, ResidentsForm, ResidentsModule, ResidentsPage

NEW, DONE, OPEN = "●", "✓", "○"


class Target(NamedTuple):
    """What a row opens: a part, and which step or form."""

    part: Part
    id: str = ""


class HomeRow(NamedTuple):
    """A line of the start page; without a target it is a heading, or a sentence."""

    text: Content
    target: Target | None = None
    is_news: bool = False
    """Whether the target has a row of its own further down."""

    @property
    def id(self) -> str | None:
        """What the cursor is kept by."""
        if self.target is None:
            return None
        return f"{'nytt ' if self.is_news else ''}{self.target.part.name} {self.target.id}"


def home_rows(page: ResidentsPage) -> tuple[HomeRow, ...]:
    """Return the rows from above."""
    return (*_news(page), *_forms(page), *_modules(page), *_more(page))


def _heading(text: str) -> HomeRow:
    """Return a heading under an empty line."""
    return HomeRow(Content(f"\n{text}"))


def _news(page: ResidentsPage) -> Iterator[HomeRow]:
    yield HomeRow(Content("Nytt"))
    found = list(_new_things(page))
    if not found:
        yield HomeRow(Content.styled(f"  {NOTHING_NEW}", "$text-muted not bold"))
    for text, target in found:
        yield HomeRow(Content(f"  {NEW} {text}"), target, is_news=True)


def _new_things(page: ResidentsPage) -> Iterator[tuple[str, Target]]:
    if page.unread:
        words = plural(page.unread, "nytt meddelande", "nya meddelanden")
        yield f"{words} från din behandlare", Target(Part.MESSAGES)
    for form in page.due:
        yield f"Fyll i: {form.title}", Target(Part.FORM, form.id)
    if page.to_do_today:
        yield f"{plural(page.to_do_today, 'aktivitet', 'aktiviteter')} i dag", Target(Part.ACTIVITIES)
    if page.plan_is_news:
        yield "Din behandlare har ändrat säkerhetsplanen", Target(Part.SAFETY_PLAN)
    if page.next_step is not None:
        module, step = page.next_step
        yield f"Läs vidare: {step.title} ({_named(module)})", Target(Part.STEP, step.id)


def _forms(page: ResidentsPage) -> Iterator[HomeRow]:
    if not page.forms:
        return
    yield _heading("Formulär")
    for form in page.forms:
        mark = NEW if form.is_due else DONE if form.answered_at else OPEN
        yield HomeRow(Content(f"  {mark} {form.title} – {_state(form)}"), Target(Part.FORM, form.id))


def _state(form: ResidentsForm) -> str:
    if form.is_due:
        return "att fylla i"
    if form.kind is FormKind.DIARY:
        return "skriv en rad när du vill"
    said = f"besvarat {long_day(Instant(form.answered_at))}" if form.answered_at else "inte besvarat"
    return f"{said}, nästa gång {long_day(Instant(form.next_at))}" if form.next_at else said


def _modules(page: ResidentsPage) -> Iterator[HomeRow]:
    for module in page.modules:
        read = sum(step.is_read for step in module.steps)
        yield _heading(f"{_named(module)} ({read} av {len(module.steps)} lästa)")
        for step in module.steps:
            mark, word = (DONE, " – läst") if step.is_read else (OPEN, "")
            yield HomeRow(Content(f"  {mark} {step.title}{word}"), Target(Part.STEP, step.id))


def _named(module: ResidentsModule) -> str:
    return f"Modul {module.number}: {module.title}" if module.number else module.title


def _more(page: ResidentsPage) -> Iterator[HomeRow]:
    yield _heading("Mer")
    yield HomeRow(Content("  Meddelanden"), Target(Part.MESSAGES))
    if page.has_activities:
        yield HomeRow(Content("  Aktiviteter"), Target(Part.ACTIVITIES))
    written = "" if page.has_plan else " – inget skrivet än"
    yield HomeRow(Content(f"  Säkerhetsplan{written}"), Target(Part.SAFETY_PLAN))
    if page.shows_scores:
        yield HomeRow(Content("  Mina resultat"), Target(Part.SCORES))
