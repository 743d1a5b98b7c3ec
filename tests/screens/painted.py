"""What an app has painted, as text or as segments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import pytest
from rich.segment import Segment
from textual._compositor import Compositor
from textual._context import active_app, visible_screen_stack
from textual.app import App
from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen
from textual.strip import Strip

from screens.widgets.preview_pane import PreviewPane

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
        if full or not active_app.get().is_headless:  # an app within a widget of another one tells that of it
            return whole(self, full, **options)
        self._dirty_regions.clear()
        return None

    monkeypatch.setattr(Compositor, "render_update", render_update)


@pytest.fixture(autouse=True)
def previews_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no preview fill itself while a test does something else: a test of previews says how long a rest takes."""
    monkeypatch.setattr(PreviewPane, "REST", 3600.0)


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
        base = node.styles.base
        if base._rules == rules:
            node.notify_style_update()
            return
        asked: set[frozenset[tuple[str, bool]]] = set()  # dozens of rules ask for the same
        base.refresh = lambda **what: asked.add(frozenset(what.items()))  # type: ignore[method-assign]
        replace(cls, node, rules, animate and "transitions" in rules)  # what moves for none is looked up for all
        del base.refresh
        for what in asked:
            base.refresh(**dict(what))

    monkeypatch.setattr(Stylesheet, "replace_rules", classmethod(replaced))
    monkeypatch.setattr(RuleSet, "__hash__", object.__hash__)  # theirs says the same, in Python


class _Able(NamedTuple):
    """The style rules that can be a widget's, by its names alone, and the pseudo-classes that they ask for."""

    rules: list[RuleSet]
    pseudo: frozenset[str]


_able: dict[tuple[int, ...], _Able] = {}
"""By the rules' ids: they are kept here, so that no id is used again."""
_found: dict[tuple[object, ...], RulesMap | None] = {}
"""The style of a widget, by the rules that can be its own and all that they ask of it and of what it stands in."""


@pytest.fixture(autouse=True)
def styles_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the style of alike widgets once in a process: Textual goes through all rules for each of them."""
    apply, rules = Stylesheet.apply, cast("property", Stylesheet.rules)
    replace = Stylesheet.replace_rules.__func__  # type: ignore[attr-defined]
    by_names: dict[frozenset[str], _Able] = {}
    of: dict[str, list[RuleSet]] = {}
    narrowed: list[RuleSet] | None = None
    replaced: dict[DOMNode, RulesMap] = {}

    def able_to(self: Stylesheet, node: DOMNode) -> _Able:
        nonlocal by_names, of
        whole, by_name = self.rules, self.rules_map
        if by_name is not of:
            by_names, of = {}, by_name
        names = frozenset(by_name.keys() & node._selector_names)
        if names not in by_names:
            ids = {id(rule) for name in names for rule in by_name[name]}
            kept = [rule for rule in whole if id(rule) in ids]
            pseudo = frozenset[str]().union(*(rule.pseudo_classes for rule in kept))
            by_names[names] = _able.setdefault(tuple(map(id, kept)), _Able(kept, pseudo))
        return by_names[names]

    def applied(self: Stylesheet, node: DOMNode, *, animate: bool = False, cache: object = None) -> None:  # noqa: ARG001
        nonlocal narrowed
        narrowed = None
        able = able_to(self, node)
        key = (id(able), *(_asked_of(one, able.pseudo) for one in node.css_path_nodes))
        if key in _found:
            node._has_hover_style, node._has_focus_within = "hover" in able.pseudo, "focus-within" in able.pseudo
            node._has_order_style = not able.pseudo.isdisjoint(_BY_ORDER)
            node._has_odd_or_even = not able.pseudo.isdisjoint(("odd", "even"))
            if (found := _found[key]) is not None:
                replace(type(self), node, found, animate)
            self._process_component_classes(node)
            return
        narrowed = able.rules
        apply(self, node, animate=animate)
        _found[key] = replaced.pop(node, None)
        narrowed = None

    def able_rules(self: Stylesheet) -> list[RuleSet]:
        return cast("list[RuleSet]", rules.__get__(self)) if narrowed is None else narrowed

    def noted(cls: type[Stylesheet], node: DOMNode, found: RulesMap, animate: bool = False) -> None:
        replaced[node] = found
        replace(cls, node, found, animate)

    monkeypatch.setattr(Stylesheet, "apply", applied)
    monkeypatch.setattr(Stylesheet, "rules", property(able_rules))
    monkeypatch.setattr(Stylesheet, "replace_rules", classmethod(noted))


_BY_ORDER = ("first-of-type", "last-of-type", "first-child", "last-child", "empty")


def _asked_of(node: DOMNode, pseudo: frozenset[str]) -> tuple[object, ...]:
    """All that a rule can ask of a widget, but for the pseudo-classes that no rule in question asks for."""
    able: Mapping[str, Callable[[Any], bool]] = node._PSEUDO_CLASSES
    here = tuple(name for name, holds in able.items() if name in pseudo and holds(node))
    return node._css_type_names, frozenset(node._classes), node._id, here
