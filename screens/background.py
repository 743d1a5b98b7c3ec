"""Threads that carry out what would block the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Threads:
    """A few threads that take calls in turn.

    They are daemons, as those of `concurrent.futures` are not: the program ends although one of them waits for a
    database that never answers.
    """

    def __init__(self, most: int, name: str) -> None:
        """Start threads when they are needed, so many at most."""
        self._most = most
        self._name = name
        self._calls: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._starting = Lock()
        self._number = self._busy = 0

    async def run(self, call: Callable[[], T]) -> T:
        """Return what a call returns. Where nobody waits for it any longer before its turn comes, it is left."""
        return await asyncio.wrap_future(self._submit(call))

    async def run_to_end(self, call: Callable[[], T]) -> T:
        """Return what a call returns; it is carried out whether or not anybody still waits for it."""
        return await asyncio.shield(asyncio.wrap_future(self._submit(call)))

    def close(self) -> None:
        """Carry out nothing that has not begun."""
        while True:
            try:
                waiting = self._calls.get_nowait()
            except Empty:
                break
            if waiting is not None:
                waiting[1].cancel()
        for _ in range(self._number):
            self._calls.put(None)

    def _submit(self, call: Callable[[], T]) -> Future[T]:
        done: Future[T] = Future()
        self._calls.put((call, done))
        with self._starting:
            self._busy += 1
            if self._number < min(self._most, self._busy):
                self._number += 1
                Thread(target=self._serve, name=f"{self._name}-{self._number}", daemon=True).start()
        return done

    def _serve(self) -> None:
        while (waiting := self._calls.get()) is not None:
            call, done = waiting
            if done.set_running_or_notify_cancel():
                try:
                    done.set_result(call())
                except BaseException as error:
                    done.set_exception(error)
            with self._starting:
                self._busy -= 1
            del call, done, waiting  # what they hold is not kept until the next one comes
