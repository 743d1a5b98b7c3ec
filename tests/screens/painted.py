"""What an app has painted, as text or as segments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, cast

import pytest
from rich.segment import Segment
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen
from textual.strip import Strip

_seen: dict[Compositor, list[Strip]] = {}
"""What was painted last, for as long as nothing in it has changed."""
_parsed: defaultdict[frozenset[tuple[str, str]], LRUCache[Any, list[RuleSet]]] = defaultdict(lambda: LRUCache(1024))
"""The style rules that were read in this process, for each set of colours."""


def strips(app: App[Any]) -> list[Strip]:
    compositor = app.screen._compositor
    below = app._background_screens if app.screen.is_modal else []
    if compositor not in _seen or any(map(_is_stale, [app.screen, *below])):
        visible_screen_stack.set(app._background_screens)
        _seen.clear()
        _seen[compositor] = compositor.render_strips()
    return _seen[compositor]


def _is_stale(screen: Screen[Any]) -> bool:
    return bool(screen._dirty_widgets or screen._layout_required or screen._scroll_required or screen._repaint_required)


def lines(app: App[Any]) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in strips(app)]


def text(app: App[Any]) -> str:
    return "\n".join(lines(app))


def segments(app: App[Any]) -> Iterator[Segment]:
    for strip in strips(app):
        yield from strip


def place(app: App[Any], words: str) -> tuple[int, int]:
    """The column and the line where some words begin."""
    for y, line in enumerate(lines(app)):
        if words in line:
            return line.index(words), y
    raise AssertionError(f"{words!r} is not on screen:\n{text(app)}")


@pytest.fixture(autouse=True)
def painted_when_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paint no frame for a terminal that is not there: a fifth of a test's time. What is looked at is painted then."""
    whole = Compositor.render_update

    def render_update(self: Compositor, full: bool = False, **options: Any) -> Any:
        _seen.clear()
        if full:
            return whole(self, full, **options)
        self._dirty_regions.clear()
        return None

    monkeypatch.setattr(Compositor, "render_update", render_update)


@pytest.fixture(autouse=True)
def styles_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a style's text once in a process, as an app does: every test runs an app of its own."""
    make, set_variables = Stylesheet.__init__, Stylesheet.set_variables

    def known(self: Stylesheet) -> None:
        self._parse_cache = _parsed[frozenset(self._variables.items())]

    def made(self: Stylesheet, **options: Any) -> None:
        make(self, **options)
        known(self)

    def changed(self: Stylesheet, variables: dict[str, str]) -> None:
        self._parse_cache = LRUCache(1)  # it is emptied
        set_variables(self, variables)
        known(self)

    monkeypatch.setattr(Stylesheet, "__init__", made)
    monkeypatch.setattr(Stylesheet, "set_variables", changed)


@pytest.fixture(autouse=True)
def styles_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set no style that a widget has already: when a class or the focus changes, most are set again, to the same."""
    replace = Stylesheet.replace_rules.__func__  # type: ignore[attr-defined]

    def replaced(cls: type[Stylesheet], node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
        if node.styles.base._rules == rules:
            node.notify_style_update()
        else:
            replace(cls, node, rules, animate)

    monkeypatch.setattr(Stylesheet, "replace_rules", classmethod(replaced))
    monkeypatch.setattr(RuleSet, "__hash__", object.__hash__)  # theirs says the same, in Python


@pytest.fixture(autouse=True)
def rules_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look the style rules that can be a widget's up once: Textual goes through all of them for each widget."""
    apply, rules = Stylesheet.apply, cast("property", Stylesheet.rules)
    kept: dict[frozenset[str], list[RuleSet]] = {}
    of: dict[str, list[RuleSet]] = {}
    narrowed: list[RuleSet] | None = None

    def applied(self: Stylesheet, node: DOMNode, **options: Any) -> None:
        nonlocal kept, of, narrowed
        narrowed = None
        whole, by_name = self.rules, self.rules_map
        if by_name is not of:
            kept, of = {}, by_name
        names = frozenset(by_name.keys() & node._selector_names)
        if names not in kept:
            able = {rule for name in names for rule in by_name[name]}
            kept[names] = [rule for rule in whole if rule in able]
        narrowed = kept[names]
        apply(self, node, **options)
        narrowed = None

    def able_rules(self: Stylesheet) -> list[RuleSet]:
        return cast("list[RuleSet]", rules.__get__(self)) if narrowed is None else narrowed

    monkeypatch.setattr(Stylesheet, "apply", applied)
    monkeypatch.setattr(Stylesheet, "rules", property(able_rules))
