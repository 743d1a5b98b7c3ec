"""Work that a page's parts start on it, as its own methods do by `@work`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ParamSpec

from textual.dom import DOMNode
from textual.worker import Worker

P = ParamSpec("P")


def start(
    node: DOMNode, group: str, work: Callable[P, Coroutine[Any, Any, None]], *args: P.args, **kwargs: P.kwargs
) -> Worker[None]:
    """Start work that ends with the node, beside others of its group."""
    return node.run_worker(partial(work, *args, **kwargs), group=group)


def start_alone(
    node: DOMNode, group: str, work: Callable[P, Coroutine[Any, Any, None]], *args: P.args, **kwargs: P.kwargs
) -> Worker[None]:
    """Start work that ends with the node, and stop what its group was doing there."""
    return node.run_worker(partial(work, *args, **kwargs), group=group, exclusive=True)
