"""The commands of a screen, as its bindings declare them: what the key bar, the help and the palette are made from.

A `Binding` is the one declaration of a command: `id` (settings can remap it), `description` (a word or two for the key
bar; words that belong together are joined by a no-break space, since the key bar may shorten to the first word),
`tooltip` (a whole sentence). Bindings without an id are Textual's own, as those inside an `Input`, and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from textual.app import App
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.keys import format_key
from textual.screen import Screen
from textual.widget import Widget

HELP_ID = "app.help"
"""The binding that opens the help; the key bar never leaves it out."""
PERSON_ID = "app.person"
"""The binding that changes person, in practice."""
LOCK_ID = "app.lock"
"""The binding that covers the screen; the key bar leaves it out last of all."""

_KEY_NAMES = {
    **{"enter": "Enter", "escape": "Esc", "tab": "Tab", "space": "Mellanslag", "backspace": "Backsteg"},
    **{"pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End", "insert": "Insert", "delete": "Delete"},
    **{"up": "↑", "down": "↓", "left": "←", "right": "→"},
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}
_CURSOR_KEYS = frozenset(("up", "down", "left", "right", "pageup", "pagedown", "home", "end", "tab", "shift+tab"))


class Command(NamedTuple):
    """Something that can be done here and now."""

    id: str
    keys: tuple[str, ...]
    """Its keys as they are shown, the one to be shown alone first."""
    label: str
    sentence: str
    action: str
    node: DOMNode
    """Where it is declared, and where its action runs."""
    enabled: bool = True
    on_key_bar: bool = True
    moves_cursor: bool = False
    """Whether it only moves the cursor: then it is no use in the palette."""

    @property
    def everywhere(self) -> bool:
        """Whether it is a command of the app rather than of what is on screen."""
        return isinstance(self.node, App)

    def run(self) -> None:
        """Run the command as its key would."""
        app = self.node.app
        app.call_later(app.run_action, self.action, self.node)


def key_name(binding: Binding) -> str:
    """Return a binding's key as it is shown: `Enter`, `Esc`, `F1`, `ctrl+s`, `/`, `M`."""
    if binding.key_display:
        return binding.key_display
    modifiers, key = binding.parse_key()
    return "+".join((*modifiers, _KEY_NAMES.get(key) or format_key(key)))


def commands_of(screen: Screen[Any]) -> tuple[Command, ...]:
    """Return what can be done on a screen, the most specific first; the app's own come last, the help first of them."""
    found: dict[tuple[int, str], Command] = {}
    for node, binding, enabled, tooltip in (*screen.active_bindings.values(), *_reaching_through(screen)):
        if not binding.id or not binding.description or _is_typed(screen.focused, node, binding):
            continue
        known = found.get(place := (id(node), binding.action))
        if known is not None:
            found[place] = _with_key(known, key_name(binding))
            continue
        found[place] = Command(
            binding.id,
            (key_name(binding),),
            binding.description,
            tooltip or binding.description,
            binding.action,
            node,
            enabled,
            binding.show,
            binding.key in _CURSOR_KEYS,
        )
    commands = list(found.values())
    if screen.app._keymap:
        commands = _as_declared(commands)
    return tuple(sorted(commands, key=_rank))


def _as_declared(commands: list[Command]) -> list[Command]:
    """Return commands with those of each part in the order in which they are declared.

    Textual puts a command that has got another key behind all others of its part.
    """
    places: dict[int, list[int]] = {}
    for place, command in enumerate(commands):
        places.setdefault(id(command.node), []).append(place)
    ordered = list(commands)
    for own in places.values():
        bindings = type(commands[own[0]].node)._merged_bindings or ()
        declared = list(dict.fromkeys(binding.id for _, binding in bindings))
        ours = sorted((commands[place] for place in own), key=lambda one: declared.index(one.id))
        for place, command in zip(own, ours, strict=True):
            ordered[place] = command
    return ordered


def _rank(command: Command) -> int:
    if not command.everywhere:
        return 0
    return 1 if command.id == HELP_ID else 2 if command.on_key_bar else 3


def _is_typed(focused: Widget | None, node: DOMNode, binding: Binding) -> bool:
    """Whether the focused field takes the key as a character. Textual knows that too, but not of `/` and its like."""
    if focused is None or focused is node or binding.priority:
        return False
    character = format_key(binding.key)
    return len(character) == 1 and focused.check_consume_key(binding.key, character)


def _with_key(known: Command, key: str) -> Command:
    return known if key in known.keys else known._replace(keys=(*known.keys, key))


def _reaching_through(screen: Screen[Any]) -> Iterator[ActiveBinding]:
    """The app's priority bindings on a modal screen: they work there, but Textual doesn't count them as active."""
    if not screen.is_modal:
        return
    app = screen.app
    for node, bindings in screen._binding_chain:
        if node is not app:
            continue
        for _, binding in bindings:
            if binding.priority and (state := app._check_action_state(binding.action, node)) is not False:
                yield ActiveBinding(node, binding, bool(state), binding.tooltip)
