"""Sentences that name a key: it is read from the binding, so a binding that gets another key changes its sentences.

Such a sentence has the binding's id in braces: `Tryck {list.start} för att starta ett.` It is written by `keyed` where
it is shown, since the settings may have remapped the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual._context import active_app
from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode

from screens.commands import key_name

_NAMED = re.compile(r"\{([a-z_]+(?:\.[a-z_0-9]+)+)\}")


def keyed(sentence: str) -> str:
    """Return a sentence with the keys for the ids of bindings in it.

    Raises:
        LookupError: there is no binding with such an id.
    """
    return _NAMED.sub(lambda named: key_of(named[1]), sentence)


def with_keys(sentence: str, style: str = "bold $key") -> Content:
    """Return a sentence as `keyed` writes it, its keys as the key bar shows them.

    A border's text knows no colours of the theme: its keys are in another `style`.

    Raises:
        LookupError: there is no binding with such an id.
    """
    parts = _NAMED.split(sentence)
    return Content.assemble(*((key_of(part), style) if at % 2 else part for at, part in enumerate(parts)))


def key_of(binding_id: str) -> str:
    """Return the key of a binding as it is shown; the first, where it has several.

    Raises:
        LookupError: there is no such binding.
    """
    binding = _declared(binding_id)
    remapped = _keymap().get(binding_id)
    if remapped:
        binding = binding.with_key(key=remapped.partition(",")[0], key_display=None)
    return key_name(binding)


def own_key(binding_id: str, key: str) -> str:
    """Return a binding's key as it is shown, where the settings have remapped it; else `key`, its declared one."""
    return key_of(binding_id) if binding_id in _keymap() else key


def _declared(binding_id: str) -> Binding:
    found = next((binding for binding in _bindings(DOMNode) if binding.id == binding_id), None)
    if found is None:
        raise LookupError(f"no binding has the id {binding_id}")
    return found


def _bindings(kind: type[DOMNode]) -> Iterator[Binding]:
    """Yield what a class and those below it declare."""
    yield from Binding.make_bindings(kind.__dict__.get("BINDINGS", ()))
    for below in kind.__subclasses__():
        yield from _bindings(below)


def _keymap() -> dict[str, str]:
    """Return what the settings of the app have remapped, by the id; outside an app nothing."""
    app = active_app.get(None)
    return {} if app is None else dict(app._keymap)
