"""What of a queue can be shown alone: each kind that waits, each resident's."""

from __future__ import annotations

from collections.abc import Iterable

from screens.dialogs.choose import Choice
from screens.marks import PROTECTED
from screens.queue.columns import name_of
from screens.queue.labels import LABELS
from screens.queue.source import QueueFilter
from screens.widgets.cells import clean, inks_of
from store.foundation.flag_kinds import MatterKind
from store.foundation.text import sort_name
from store.views.matters import Matter


def filter_choices(queue: Iterable[Matter]) -> Iterable[Choice[QueueFilter]]:
    """Yield the filters of a queue: all, each kind that waits, each resident by name (protected: the program)."""
    queue = tuple(queue)
    yield Choice(QueueFilter(), "Alla ärenden")
    for kind in MatterKind:
        if number := sum(matter.kind is kind for matter in queue):
            yield Choice(QueueFilter(kind=kind), f"{LABELS[kind].title} ({number})")
    residents: dict[int, list[Matter]] = {}
    for matter in queue:
        if matter.duty is not None:
            continue
        residents.setdefault(matter.resident, []).append(matter)
    for resident, theirs in sorted(residents.items(), key=lambda one: _by_name(one[1][0])):
        name = "".join(ink.text for ink in inks_of(name_of(theirs[0])))
        programs = ", ".join(dict.fromkeys(clean(matter.program_title) for matter in theirs))
        about = programs if name == PROTECTED else ""
        yield Choice(QueueFilter(resident=resident), f"{name} ({len(theirs)})", about)


def _by_name(matter: Matter) -> tuple[bool, str]:
    family, _, given = matter.name.partition(", ")
    return matter.protected, sort_name(family, given)
