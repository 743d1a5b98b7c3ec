"""What the store refuses, said in a notification where no dialog stands open to say it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from textual.app import App

from screens.safe_app import remember_refusal
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.whom import Whom
from store.foundation.errors import DomainError, NotPermitted
from store.foundation.read_transaction import ReadTransaction

P = ParamSpec("P")
T = TypeVar("T")


def notify_refusal(app: App[Any], refusal: DomainError, *, whom: Whom | None, then: str = "") -> None:
    """Say what was refused, and of whom, as a confirmation does; what goes to the support names nobody.

    Args:
        app: where it is said.
        refusal: what the store refuses with.
        whom: the resident and the program; None where it is about no moment. Who may not see it is told of nobody.
        then: what follows from it, a sentence.
    """
    sentence = f"{refusal.message} {then}" if then else refusal.message
    notify_warning(app, sentence, whom=None if isinstance(refusal, NotPermitted) else whom)


def notify_warning(app: App[Any], sentence: str, *, whom: Whom | None) -> None:
    """Say what is not as it was asked for, and of whom; an *Ärendeunderlag* has the sentence alone."""
    app.notify(whom.says(sentence) if whom is not None else sentence, severity="warning", markup=False)
    remember_refusal(app, sentence)


async def attempt(app: App[Any], change: Awaitable[object], *, whom: Whom) -> bool:
    """Wait for a change of a moment to be made; returns whether it was, and says so where it was refused."""
    try:
        await change
    except DomainError as refusal:
        notify_refusal(app, refusal, whom=whom)
        return False
    return True


async def read_for_dialog(
    app: App[Any],
    client: StoreClient,
    operation: Callable[Concatenate[ReadTransaction, P], T],
    whom: Whom | None,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | None:
    """Read what a dialog about `whom` (None for no moment) chooses from; a refusal is said, and None returned.

    Keys are kept for the dialog until it opens. Where none is opened after all, release them.
    """
    hold_keys(app)
    try:
        return await client.read(operation, *args, **kwargs)
    except DomainError as refusal:
        release_keys(app)
        notify_refusal(app, refusal, whom=whom)
        return None
