"""What the store refuses, said in a notification where no dialog stands open to say it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from textual.app import App

from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from store.foundation.errors import DomainError
from store.foundation.work import ReadTransaction

P = ParamSpec("P")
T = TypeVar("T")


def notify_refusal(app: App[Any], refusal: DomainError) -> None:
    """Say what was refused."""
    app.notify(refusal.message, severity="warning", markup=False)


async def attempt(app: App[Any], change: Awaitable[object]) -> bool:
    """Wait for a change to be made; returns whether it was, and says so where it was refused."""
    try:
        await change
    except DomainError as refusal:
        notify_refusal(app, refusal)
        return False
    return True


async def read_for_dialog(
    app: App[Any],
    client: StoreClient,
    operation: Callable[Concatenate[ReadTransaction, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | None:
    """Read what a dialog chooses from; a refusal is said, and None returned.

    Keys are kept for the dialog until it opens. Where none is opened after all, release them.
    """
    hold_keys(app)
    try:
        return await client.read(operation, *args, **kwargs)
    except DomainError as refusal:
        release_keys(app)
        notify_refusal(app, refusal)
        return None
