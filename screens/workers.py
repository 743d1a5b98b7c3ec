"""Work that a page's parts start on it, as its own methods do by `@work`."""

from __future__ import annotations

import asyncio
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


def is_closing(node: DOMNode) -> bool:
    """Whether a node can be shown nothing: it, or its page, was closed while something was read, or is being closed."""
    return not node.is_attached or node._pruning


class InTurn:
    """Work that is done in its turn, once however often it is asked for before that."""

    def __init__(
        self, node: DOMNode, group: str, turn: asyncio.Lock, work: Callable[[], Coroutine[Any, Any, object]]
    ) -> None:
        """Take the work; it ends with the node, and holds the lock while it is done."""
        self._node = node
        self._group = group
        self._turn = turn
        self._work = work
        self._is_due = False
        self.was_done = asyncio.Event()
        """Set once it has been done for the first time, well or not."""

    def ask(self) -> None:
        """Let it be done soon; a node that is being closed, its parts first, asks in vain."""
        if not self._is_due and not is_closing(self._node):
            self._is_due = True
            start(self._node, self._group, self._do)

    async def _do(self) -> None:
        async with self._turn:
            self._is_due = False
            try:
                await self._work()
            finally:
                self.was_done.set()
