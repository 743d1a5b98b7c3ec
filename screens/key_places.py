"""Where keys are pressed: what lies within what, so that it is known which bindings could want the same key.

A key goes to what has the focus, then to what that lies in, up to the screen and the app. A place is one such chain;
two commands of one place can't have the same key. Which screen holds what is not in the classes, so it is told here;
`tests/app/test_every_screen.py` compares it with every screen as it is opened.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input, TextArea

import screens

WITHIN: dict[str, tuple[str, ...]] = {
    "ActivityList": ("ActivitiesScreen",),
    "CastList": ("SignInScreen",),
    "ChoiceList": ("ChoiceDialog",),
    "Clinicians": ("OverviewScreen",),
    "Composer": ("MessagesTab",),
    "ConversationList": ("ConversationsScreen", "MessagesTab"),
    "DayInput": ("Box",),
    "DeliveryPick": ("Composer",),
    "EndMark": ("MomentScreen",),
    "ExportsTab": ("MainScreen",),
    "EntryList": ("PlanForm",),
    "FlagList": ("FlagsTab", "MomentScreen"),
    "FlagsTab": ("MomentScreen",),
    "FormList": ("MomentScreen",),
    "Hits": ("MessageSearch",),
    "HomeList": ("HomeScreen",),
    "Lines": ("HelpScreen",),
    "Mark": ("EndDialog", "MessagesTab", "MomentScreen"),
    "MessagesTab": ("MomentScreen",),
    "ModuleList": ("MomentScreen",),
    "MomentList": ("MainScreen",),
    "MonthView": ("CalendarDialog",),
    "Options": ("MarkDialog", "ResidentsFormScreen"),
    "OutcomePick": ("HandleDialog",),
    "PagedList": ("MomentList",),
    "PersonnelTab": ("MainScreen",),
    "PlanList": ("FlagsTab",),
    "PreviewPane": ("MomentList", "QueueTab"),
    "ProfileTab": ("MainScreen",),
    "ProgramList": ("ProgramsScreen",),
    "PurgeList": ("PurgeTab",),
    "PurgeTab": ("MainScreen", "PurgeScreen"),
    "Query": ("HelpScreen", "MessageSearch"),
    "QueueList": ("QueueTab",),
    "QueueTab": ("ColleagueQueue", "MainScreen"),
    "Related": ("ArticleScreen",),
    "ResultsGrid": ("MainScreen",),
    "ReviewList": ("ReviewsTab",),
    "ReviewsTab": ("MainScreen", "ReviewsScreen"),
    "StaffList": ("PersonnelTab",),
    "TellingList": (
        "CatalogScreen",
        "DutiesScreen",
        "ExportsTab",
        "PermissionsScreen",
        "ReviewScreen",
        "SettingsScreen",
        "StatisticsScreen",
        "TemplatesScreen",
        "WalkthroughScreen",
    ),
    "TimelineList": ("TimelineTab",),
    "TimelineTab": ("MomentScreen",),
    "UnitTab": ("MainScreen",),
    "WaitingMessages": ("MomentScreen",),
}
"""The class of each part that has keys of its own, and what it may lie in: a screen, or a part of one."""

_FORMS = ("Box", "Composer", "Door", "ProfileTab", "ResidentsFormScreen", "ThreadScreen", "UnitTab")
CONTROLS = {"Button": _FORMS, "CheckBox": _FORMS, "Select": _FORMS, "_Menu": ("Select",)}
"""The controls of forms and dialogs."""

TYPED_IN = (*_FORMS, "HelpScreen", "MessageSearch", "MomentList", "SwedishPalette")
"""What holds a field for text."""


class Place(NamedTuple):
    """What may be pressed with the focus on one part."""

    commands: dict[str, frozenset[str]]
    """The keys of each command, by its id."""
    others: frozenset[str]
    """Keys that are Textual's own, as an arrow in a list."""
    first: frozenset[str]
    """The commands whose keys come before what has the focus."""
    is_typed_in: bool
    """Whether the focus is in a field for text."""


def places() -> tuple[Place, ...]:
    """Return every place."""
    load()
    return _places(len(classes()))


@cache
def load() -> None:
    """Import all screens, 0.6 s once: only who has keys of their own waits for it."""
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        importlib.import_module(module.name)


@cache
def _places(_number: int) -> tuple[Place, ...]:
    apps = [one for one in classes() if issubclass(one, App)]
    found = dict.fromkeys((_taken((*chain, *apps)), issubclass(chain[0], Input | TextArea)) for chain in _chains())
    whole = [one for one in found if not any(one[0] < other[0] and one[1] == other[1] for other in found)]
    return tuple(_place(taken, is_typed_in) for taken, is_typed_in in whole)


def _taken(chain: tuple[type[DOMNode], ...]) -> frozenset[tuple[str, str, bool]]:
    return frozenset((key, one.id or "", one.priority) for cls in chain for key, one in bindings_of(cls))


def _place(taken: frozenset[tuple[str, str, bool]], is_typed_in: bool) -> Place:
    ids = {name for _, name, _ in taken if name}
    return Place(
        {name: frozenset(key for key, its, _ in taken if its == name) for name in ids},
        frozenset(key for key, name, _ in taken if not name),
        frozenset(name for _, name, is_first in taken if name and is_first),
        is_typed_in,
    )


def classes() -> tuple[type[DOMNode], ...]:
    """Return our classes that take keys."""
    return tuple(
        dict.fromkeys(one for one in _below(DOMNode) if one.__module__.split(".")[0] in ("screens", "sob_tui"))
    )


def bindings_of(one: type[DOMNode]) -> Iterable[tuple[str, Binding]]:
    """Return what a class takes, its bases' too, each with its key."""
    merged = one._merged_bindings
    return () if merged is None else merged


def _chains() -> Iterator[tuple[type[DOMNode], ...]]:
    """Yield what the focus may be on, with what that lies in, up to the screen."""
    for one in classes():
        if issubclass(one, Screen):
            yield (one,)
        else:
            yield from _from(one, containers(one))
    for field in (Input, TextArea):
        yield from _from(field, TYPED_IN)


def _from(one: type[DOMNode], within: tuple[str, ...]) -> Iterator[tuple[type[DOMNode], ...]]:
    for outer in (outer for outer in classes() if within and _is_one_of(outer, within)):
        if issubclass(outer, Screen):
            yield one, outer
        else:
            yield from ((one, *chain) for chain in _from(outer, containers(outer)))


def containers(one: type[DOMNode]) -> tuple[str, ...]:
    """Return what a part may lie in; where that is told of a base alone, what the base may."""
    for base in one.__mro__:
        if found := WITHIN.get(base.__name__) or CONTROLS.get(base.__name__):
            return found
    return ()


def _is_one_of(one: type[DOMNode], names: tuple[str, ...]) -> bool:
    return any(base.__name__ in names for base in one.__mro__)


def untold(screen: Screen[Any]) -> set[str]:
    """Return the parts with keys on a screen that is open, of which is not told here where they lie."""
    found = set()
    for part in screen.walk_children():
        if not (any(binding.id for _, binding in part._bindings) or isinstance(part, Input | TextArea)):
            continue
        outer = [one for one in part.ancestors if any(binding.id for _, binding in one._bindings)]
        told = TYPED_IN if isinstance(part, Input | TextArea) and not containers(type(part)) else containers(type(part))
        if outer and not isinstance(outer[0], App) and not _is_one_of(type(outer[0]), told):
            found.add(f"{type(part).__name__} in {type(outer[0]).__name__}")
    return found


def _below(cls: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for one in cls.__subclasses__():
        yield one
        yield from _below(one)


def defaults() -> dict[str, tuple[Binding, ...]]:
    """Return every command's bindings as they are declared, by its id."""
    load()
    found: dict[str, dict[str, Binding]] = {}
    for one in classes():
        for binding in Binding.make_bindings(one.__dict__.get("BINDINGS", ())):
            if binding.id:
                found.setdefault(binding.id, {}).setdefault(binding.key, binding)
    return {name: tuple(bindings.values()) for name, bindings in found.items()}
