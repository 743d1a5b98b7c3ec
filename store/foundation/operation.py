"""Operations: all that can be done in a store, each a function that declares who may do it, and when.

What is not declared cannot be called: `operation` is the only way to a `Work`, and it checks before any rule does.
The same wrapper sees to it that the log row and the timeline event are there when the operation is done. Together the
declarations are the access table.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from store.foundation.access import Action, DataCategory, Declaration, Origin, Subject, Who
from store.foundation.errors import NotPermitted, Refused
from store.foundation.operation_in_progress import OperationInProgress
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work

P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W", bound=ReadTransaction)
S = TypeVar("S", bound=Subject)


@dataclass(frozen=True, eq=False, repr=False)
class Operation(Declaration):
    """A declared function."""

    on: Callable[[ReadTransaction, int], Subject | None] | None = None
    """Finds what it is done to, by id."""
    statuses: Callable[[Any], None] | None = None
    """Raises `Refused` where the subject's status doesn't allow it; None where any status does."""
    parameters: tuple[str, ...] = ()
    """The names of what it is called with."""


OPERATIONS: dict[str, Operation] = {}
"""The access table, by the operation's name."""


@overload
def operation(
    text: str,
    *,
    may: Iterable[Who],
    action: Action | None,
    category: DataCategory | None = None,
    event: bool = False,
    origin: Origin | None = None,
) -> Callable[[Callable[Concatenate[W, P], R]], Callable[Concatenate[W, P], R]]: ...


@overload
def operation(
    text: str,
    *,
    may: Iterable[Who],
    action: Action | None,
    category: DataCategory | None = None,
    event: bool = False,
    origin: Origin | None = None,
    on: Callable[[ReadTransaction, int], S | None],
    statuses: Callable[[S], None] | None = None,
) -> Callable[[Callable[Concatenate[W, S, P], R]], Callable[Concatenate[W, int, P], R]]: ...


def operation(
    text: str,
    *,
    may: Iterable[Who],
    action: Action | None,
    category: DataCategory | None = None,
    event: bool = False,
    origin: Origin | None = None,
    on: Callable[[ReadTransaction, int], Subject | None] | None = None,
    statuses: Callable[[Any], None] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function as an operation.

    With `on` the function is called with an id after `work`, and gets the subject that was found by it.

    Args:
        text: what it does, in Swedish.
        may: who may do it; with `on`, to that subject.
        action: what its log row says, None for a refresh.
        category: which data its log rows are about. A refresh of somebody's data that was not opened before, in the
            same session, is logged as a reading.
        event: whether it must leave a timeline event.
        origin: from where it is always done, as its log rows say; None where that depends on who does it.
        on: finds the subject by id, locked where the transaction writes; None there, and another unit's, are both
            refused with the one sentence of `NotPermitted`.
        statuses: the subject's statuses in which it can be done: raises `Refused` in any other; asked after permission
            and before any other rule.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        declared = Operation(
            function.__name__,
            text,
            frozenset(may),
            action,
            event,
            category,
            is_writing=issubclass(next(iter(function.__annotations__.values())), Work),
            origin=origin,
            on=on,
            statuses=statuses,
            parameters=_parameters(function),
        )
        OPERATIONS[declared.name] = declared

        @functools.wraps(function)
        def checked(work: ReadTransaction, /, *args: Any, **options: Any) -> Any:
            asked = {**dict(zip(declared.parameters, args, strict=False)), **options}
            with work.perform(declared, asked) as running:
                if running.is_repeated:
                    return running.result
                _permit(declared, running, work, args[0] if args else None)
                work.catch_up(running.subject)
                if statuses is not None:
                    statuses(running.subject)
                given = args if on is None else (running.subject, *args[1:])
                running.result = function(work, *given, **options)
                return running.result

        return checked

    return declare


def declaration_of(function: Callable[..., object]) -> Operation:
    """Return what an operation declares."""
    return OPERATIONS[function.__name__]


def is_permitted(function: Callable[..., object], standing: frozenset[Who]) -> bool:
    """Whether somebody of a standing may do an operation; to be asked before it is offered on screen."""
    return bool(standing & declaration_of(function).may)


_LARGEST = 2**63 - 1
"""No database compares with a larger number."""


def check(
    function: Callable[..., object], work: ReadTransaction, key: object = None, refusal: Refused | None = None
) -> None:
    """Raise `NotPermitted` where an operation may not be done; a refusal is logged as if it had been tried.

    Args:
        function: the operation.
        work: the transaction, and who asks.
        key: what it is to be done to, where it is done to one.
        refusal: why it is refused to who may, before it is tried: raised, too.
    """
    declared = declaration_of(function)
    with work.attempt(declared, dict(zip(declared.parameters, (key,), strict=False))) as running:
        _permit(declared, running, work, key)
        if refusal is not None:
            raise refusal


def _permit(declared: Operation, running: OperationInProgress, work: ReadTransaction, key: object) -> None:
    """Find the operation's subject, and raise `NotPermitted` where it may not be done to it."""
    if declared.on is not None:
        if isinstance(key, int) and 0 < key <= _LARGEST:
            running.subject = declared.on(work, key)
        if running.subject is None:
            raise NotPermitted
    if not work.actor.standing(running.subject) & declared.may:
        raise work.actor.refusal(running.subject, declared.may)


def _parameters(function: Callable[..., object]) -> tuple[str, ...]:
    """Return the names of what follows `work`."""
    code = function.__code__
    return code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
