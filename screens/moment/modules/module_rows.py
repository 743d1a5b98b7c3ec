"""*Startade moduler* as rows: which there are, what each says, and what can be folded (guide; domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from screens.widgets.cells import Ink, Tone
from screens.widgets.row import Row
from screens.wording import day_and_month, short_date
from store.foundation.clock import Instant, local_day
from store.views.moment import ModuleState, SectionState, StepState

STARTED = "startade"
"""The id of the heading over the opened modules."""
WAITING = "ej-öppnade"
"""The id of the heading over those that are not opened yet."""

NOTHING_STARTED = "Inga moduler är öppnade än."
UNREAD = Ink("oläst", "muted")
NOT_OPENED = Ink("○ inte öppnad", "muted")
HIDDEN = Ink("⊘ dold", "waiting")


@dataclass(frozen=True)
class ModuleRow(Row):
    """A line of the list of modules."""

    part: str = ""
    """The module or section that `v` shows or hides; empty where it does nothing."""
    is_hidden: bool = False
    module: str = ""
    """The module that it belongs to."""
    step: str = ""
    """The step that it is; empty for a heading, a module and a section."""


def module_rows(modules: Sequence[ModuleState], unfolded: Set[str], today: date) -> tuple[ModuleRow, ...]:
    """Return the rows: the opened modules, then apart those that are not; `unfolded` holds ids of rows."""
    opened = [module for module in modules if module.opened_at is not None]
    waiting = [module for module in modules if module.opened_at is None]
    rows = list(_group(STARTED, "Startade moduler", opened, unfolded, today))
    if waiting:
        rows += [ModuleRow("", ""), *_group(WAITING, "Inte öppnade moduler", waiting, unfolded, today)]
    return tuple(rows)


def first_unfolded(modules: Sequence[ModuleState]) -> set[str]:
    """Return what is unfolded at first: the headings, and the module that the resident is in the middle of."""
    reached = [(max(step.read_at or 0 for step in module.steps), module) for module in modules if module.read]
    current = max(reached, key=lambda found: found[0])[1] if reached else None
    is_halfway = current is not None and current.read < len(current.steps)
    return {STARTED, WAITING} | ({module_id(current.id)} if current and is_halfway else set())


def next_unopened(modules: Sequence[ModuleState]) -> ModuleState | None:
    """Return the module that comes next for the resident, None where all are opened."""
    return next((module for module in modules if module.opened_at is None), None)


def module_id(module: str) -> str:
    """Return the id of a module's row."""
    return f"modul {module}"


def _group(
    heading: str, title: str, modules: Sequence[ModuleState], unfolded: Set[str], today: date
) -> Iterator[ModuleRow]:
    is_open = heading in unfolded
    yield ModuleRow(heading, title, is_heading=True, is_open=is_open)
    if is_open and not modules:
        yield ModuleRow("", NOTHING_STARTED, depth=1, tone="muted")
    if is_open:
        for module in modules:
            yield from _module(module, unfolded, today)


def _module(module: ModuleState, unfolded: Set[str], today: date) -> Iterator[ModuleRow]:
    row_id = module_id(module.id)
    is_open, is_opened = row_id in unfolded, module.opened_at is not None
    yield ModuleRow(
        id=row_id,
        text=module.title if module.number is None else f"{module.number} {module.title}",
        depth=1,
        state=_counted(module.steps, is_hidden=module.is_hidden) if is_opened else (NOT_OPENED,),
        tone="" if is_opened and not module.is_hidden else "muted",
        is_open=is_open,
        part=module.id if is_opened else "",
        is_hidden=module.is_hidden,
        module=module.id,
    )
    if is_open:
        for section in module.sections:
            yield from _section(module, section, today)


def _section(module: ModuleState, section: SectionState, today: date) -> Iterator[ModuleRow]:
    is_opened, is_hidden = module.opened_at is not None, module.is_hidden or section.is_hidden
    if section.title:
        yield ModuleRow(
            id=f"avsnitt {section.id}",
            text=section.title,
            depth=2,
            state=_counted(section.steps, is_hidden=section.is_hidden) if is_opened else (),
            tone="" if is_opened and not is_hidden else "muted",
            part=section.id if is_opened else "",
            is_hidden=section.is_hidden,
            module=module.id,
        )
    for step in section.steps:
        yield ModuleRow(
            id=f"steg {step.id}",
            text=step.title,
            depth=3 if section.title else 2,
            state=(read_mark(step, today),) if is_opened else (),
            tone=_step_tone(step, is_shown=is_opened and not is_hidden),
            module=module.id,
            step=step.id,
        )


def read_mark(step: StepState, today: date) -> Ink:
    """Return what a step says of itself: `✓ läst 2 nov`, with the year where it is another."""
    if step.read_at is None:
        return UNREAD
    day = local_day(Instant(step.read_at))
    return Ink(f"✓ läst {day_and_month(day) if day.year == today.year else short_date(day)}", "done")


def _step_tone(step: StepState, *, is_shown: bool) -> Tone:
    if step.read_at is not None:
        return "done"
    return "" if is_shown else "muted"


def _counted(steps: Iterable[StepState], *, is_hidden: bool) -> tuple[Ink, ...]:
    marks = [step.read_at is not None for step in steps]
    read, all_read = sum(marks), all(marks)
    words = f"läst {read} av {len(marks)}"
    count = Ink(f"✓ {words}", "done") if all_read else Ink(words, "" if read else "muted")
    return (HIDDEN, Ink("  "), count) if is_hidden else (count,)
