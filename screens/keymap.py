"""A person's own keys, checked: Textual drops an action without a word where two want one key.

What can't be is told in a sentence and its command keeps the key it had; so every command has a key, whatever was
written. What is left is given to Textual whole: it would also drop what shares a key with a command that gets another
(as *Jag tar den* and *Släpp* share one), so those are told it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.keys import REPLACED_KEYS, Keys, _character_to_key, key_to_character
from textual.widgets import Input, TextArea

from screens.commands import key_name
from screens.key_places import Place, bindings_of, classes, defaults, places

Keymap = dict[str, str]
"""A command's id, and its keys with commas between."""


class KeyFault(NamedTuple):
    """What of a keymap is not taken."""

    id: str
    """The command's, as it was written."""
    message: str


class Checked(NamedTuple):
    """What is taken, and what is not."""

    keymap: Keymap
    """What is taken of the person's own."""
    faults: tuple[KeyFault, ...]

    @property
    def whole(self) -> Keymap:
        """What Textual is given."""
        return with_sharers(self.keymap)


def check(wanted: Mapping[str, Any]) -> Checked:
    """Return what of a keymap can be taken, and a sentence for each that can't; of two for one key the first."""
    known, keymap, faults = defaults(), Keymap(), []
    for name, keys in wanted.items():
        fault = _unusable(name, keys, known)
        if fault is None:
            keymap[name] = ",".join(_split(keys))
        else:
            faults.append(KeyFault(name, fault))
    order = {name: at for at, name in enumerate(wanted)}
    while clashing := _clashes(keymap, known, order):
        for clash in clashing:
            del keymap[clash.id]
        faults += clashing
    return Checked(keymap, tuple(sorted(faults, key=lambda one: order[one.id])))


def fault_of(name: str, keys: str, keymap: Mapping[str, str]) -> str | None:
    """Return why a command can't have a key beside what a person has set otherwise; None where it can."""
    others = {other: its for other, its in keymap.items() if other != name}
    return next((fault.message for fault in check({**others, name: keys}).faults if fault.id == name), None)


def labelled() -> list[tuple[str, str, str]]:
    """Return every command that has words: its id, what it is called, and its keys as they are declared."""
    return [
        (name, bindings[0].description.replace("\xa0", " "), ",".join(one.key for one in bindings))
        for name, bindings in defaults().items()
        if bindings[0].description
    ]


# A key by itself


def _unusable(name: str, keys: Any, known: Mapping[str, Sequence[Binding]]) -> str | None:
    if name not in known:
        near = get_close_matches(name[:60], known, n=1)
        return f"kommandot {name[:60]} finns inte.{f' Menade du {near[0]}?' if near else ''}"
    kept = f"{keys_shown(one.key for one in known[name])} gäller."
    if not isinstance(keys, str):
        return f'{_called(name, known)} ska ha en tangent inom citattecken: "{name}" = "f10". {kept}'
    if not keys.replace(",", "").strip():
        return f"{_called(name, known)} skulle bli utan tangent. {kept}"
    for key in keys.split(","):
        if (fault := _no_key(key.strip())) is not None:
            return f"{_called(name, known)}: {fault} {kept}"
    return None


def _called(name: str, known: Mapping[str, Sequence[Binding]]) -> str:
    label = known[name][0].description.replace("\xa0", " ")
    return f"{name} ({label})" if label else name


def _split(keys: str) -> list[str]:
    """Return keys as Textual calls them, each once."""
    found = (key.strip() for key in keys.split(","))
    return list(dict.fromkeys(_character_to_key(key) if len(key) == 1 else key for key in found))


SAME_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+j": "enter", "return": "enter"}
"""What a terminal sends as another key."""


def _no_key(key: str) -> str | None:
    shown = key[:20]
    if key in SAME_AS:
        return f"{shown} är samma tangent som {_shown(SAME_AS[key])} i en terminal."
    if (len(key) == 1 and key.isprintable()) or key in named_keys():
        return None
    *modifiers, last = key.split("+")
    is_character = bool(last) and (len(last) == 1 or character_of(last) is not None)
    if not modifiers and is_character:
        return None
    if modifiers == ["alt"] and is_character:
        return None
    if modifiers and is_character and set(modifiers) <= {"ctrl", "shift", "alt"}:
        return f"{shown} kan en terminal inte skicka."
    near = get_close_matches(shown.lower(), named_keys(), n=1)
    return f"{shown or 'ingenting'} är ingen tangent.{f' Menade du {near[0]}?' if near else ''}"


@cache
def named_keys() -> frozenset[str]:
    """Return the keys that have a name and that a terminal can send."""
    digits = {f"{modifiers}{digit}" for modifiers in ("ctrl+", "ctrl+shift+") for digit in range(10)}
    odd = {"<any>", "<scroll-up>", "<scroll-down>", "<ignore>", "ctrl+@", "shift+escape"}
    return frozenset(one.value for one in Keys) - digits - odd - SAME_AS.keys()


def _shown(key: str) -> str:
    return key_name(Binding(key, ""))


def keys_shown(keys: Iterable[str]) -> str:
    """Return keys as a sentence has them."""
    return " och ".join(dict.fromkeys(_shown(key) for key in keys))


# Keys beside each other


def _clashes(keymap: Keymap, known: Mapping[str, Sequence[Binding]], order: Mapping[str, int]) -> list[KeyFault]:
    found: dict[str, KeyFault] = {}
    for place in places():
        for name in sorted((place.commands.keys() & keymap.keys()) - found.keys(), key=order.__getitem__):
            if (why := _clash(name, place, keymap, known, order)) is not None:
                kept = f"{keys_shown(one.key for one in known[name])} gäller."
                found[name] = KeyFault(name, f"{_called(name, known)} kan inte ha {why} {kept}")
    return list(found.values())


def _clash(
    name: str, place: Place, keymap: Keymap, known: Mapping[str, Sequence[Binding]], order: Mapping[str, int]
) -> str | None:
    declared = place.commands[name]
    must_work = name in place.first or not all(map(is_typed, declared))
    for key in keymap[name].split(","):
        if key in place.others - declared:
            return f"{_shown(key)}: den flyttar, väljer eller skriver något på samma ställe."
        if place.is_typed_in and must_work and is_typed(key) and key not in declared:
            return f"{_shown(key)}: den behövs för att skriva i textfält."
        for other, keys in sorted(place.commands.items()):
            is_later = other in keymap and order[other] > order[name]
            if other == name or is_later or keys & declared:  # of two that share a key one is offered at a time
                continue
            if key in (keymap[other].split(",") if other in keymap else keys):
                return f"{_shown(key)}: den har redan {_called(other, known)} på samma ställe."
    return None


@cache
def _text_keys() -> frozenset[str]:
    return frozenset(key for field in (Input, TextArea) for key, _ in bindings_of(field)) | {"enter", "backspace"}


def is_typed(key: str) -> bool:
    """Whether a text field takes a key: to write, to move in the text, or to erase."""
    return key in _text_keys() or character_of(key.removeprefix("alt+")) is not None


def character_of(key: str) -> str | None:
    """Return the character that a key writes; None for one that writes none."""
    found = key_to_character(REPLACED_KEYS.get(key, key))
    return found if found is not None and found.isprintable() else None


# What Textual is given


def with_sharers(keymap: Keymap) -> Keymap:
    """Return a keymap in which what shares a key with a command that gets another is told its own anew."""
    whole, known = dict(keymap), defaults()
    while added := dict(_sharers(whole, known)):
        whole |= added
    return whole


def _sharers(keymap: Keymap, known: Mapping[str, Sequence[Binding]]) -> Iterator[tuple[str, str]]:
    for one in classes():
        sharing: dict[str, list[str]] = {}
        for key, binding in bindings_of(one):
            sharing.setdefault(key, []).append(binding.id or "")
        for ids in sharing.values():
            if any(name in keymap for name in ids):
                yield from (
                    (name, ",".join(each.key for each in known[name]))
                    for name in ids
                    if name in known.keys() - keymap.keys()
                )


def lost(one: type[DOMNode], keymap: Keymap) -> set[str]:
    """Return the commands of a class that no key would do any longer once Textual has taken a keymap."""
    if not any(binding.id in keymap for _, binding in bindings_of(one)):
        return set()
    taken = BindingsMap()
    for _, binding in bindings_of(one):
        taken._add_binding(binding)
    taken.apply_keymap(keymap)
    return {binding.id for _, binding in bindings_of(one) if binding.id} - {one.id for _, one in taken if one.id}
