"""One command under way: its store, who acts, and how the answer is given."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import typer

from sob_tui.keys.opening import open_configured_store
from sob_tui.options import Common, UsageFault
from sob_tui.place import system_user
from sob_tui.printing import put, put_json, tell
from sob_tui.progress import bar
from sob_tui.settings import configured_store, file_faults, practice_store, trainee
from sob_tui.signing_in import signed_in, signed_in_above
from store.foundation.errors import Refused
from store.practice import open_practice

if TYPE_CHECKING:
    from store.foundation.access import Actor
    from store.foundation.store import Store
    from store.foundation.work import Work
    from store.people.sign_in import StaffActor


class Session:
    """What a command's function works with."""

    def __init__(self, ctx: typer.Context) -> None:
        self._ctx = ctx
        self.common: Common = ctx.obj

    @cached_property
    def store(self) -> "Store":
        """The configured store, closed when the command ends."""
        store = open_configured_store(configured_store(self.common.store), confirmed=self.common.ja)
        self._ctx.call_on_close(store.close)
        for sentence in (*file_faults(self.common.store), *store.said):
            tell(sentence)
        if store.is_practice and (named := trainee()):
            store.access_log.begin_trainee(named)
        return store

    @cached_property
    def practice(self) -> "Store":
        """The practice store, which is made where there is none; closed when the command ends."""
        store = open_practice(practice_store(self.common.store), show=bar, confirmed=self.common.ja)
        self._ctx.call_on_close(store.close)
        for sentence in store.said:
            tell(sentence)
        if named := trainee():
            store.access_log.begin_trainee(named)
        return store

    @property
    def trainer(self) -> "StaffActor":
        """Whom `--som` names in the practice store, who has to be somebody there."""
        return signed_in(self.practice, self.common)

    @cached_property
    def staff(self) -> "StaffActor":
        """The staff member that `--som` names."""
        return signed_in(self.store, self.common)

    @property
    def staff_or_operator(self) -> "Actor":
        """The staff member that `--som` names, else the operator, by name (contract.md §1).

        Raises:
            UsageFault: both are named.
        """
        self._refuse_both()
        return self._operator() if self.common.som is None else self.staff

    @property
    def above_or_operator(self) -> "Actor":
        """The staff member that `--som` names, above the units, else the operator; see `staff_or_operator`."""
        self._refuse_both()
        return self._operator() if self.common.som is None else signed_in_above(self.store, self.common)

    def _refuse_both(self) -> None:
        if self.common.som is not None and self.common.som_driften is not None:
            raise UsageFault("Ange antingen --som eller --som-driften.")

    def _operator(self) -> "Actor":
        """Return the store's operator, by name; raises `NoOperator` where the system user is not a real store's."""
        from store.people.operators import require_operator

        require_operator(self.store)
        return operator(self.common.som_driften)

    def work(self) -> AbstractContextManager["Work"]:
        """Open a writing transaction of the staff member's."""
        return self.store.work(self.staff)

    @contextmanager
    def reading_for(
        self, function: Callable[..., object], key: int | None = None, *, by: "Actor | None" = None
    ) -> Iterator[None]:
        """Let who may do an operation have values and files read for it; nobody else is told of them (contract.md §1).

        What is refused of them is logged as a refusal of the operation. No transaction is open meanwhile: standard
        input may be somebody who thinks.

        Args:
            function: the operation.
            key: what it is done to, where it is done to one.
            by: who does it; else the staff member.
        """
        self._check(function, key, by)
        try:
            yield
        except Refused as refusal:
            self._check(function, key, by, refusal)
            raise

    def _check(
        self, function: Callable[..., object], key: int | None, by: "Actor | None", refusal: Refused | None = None
    ) -> None:
        from store.foundation.operation import check

        with self.store.read(by or self.staff) as work:
            check(function, work, key, refusal)

    def answer(self, value: object, lines: Sequence[str]) -> None:
        """Print the answer: the value with `--json`, else the lines."""
        if self.common.json:
            put_json(value)
        else:
            for line in lines:
                put(line)


def operator(name: str | None) -> "Actor":
    """Return the store's operator, named for the log: the system's user, where no other name is given."""
    from store.foundation.access import OPERATOR

    return replace(OPERATOR, person=name or system_user())


def moment_id(text: str) -> int:
    """Return a moment's id; what is no number is nobody's id, and refused like any unknown one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else NobodysId(text)


class NobodysId(int):
    """An id that nothing has; the log tells what was typed for it."""

    typed: str

    def __new__(cls, typed: str) -> "NobodysId":
        """Remember what was typed."""
        made = super().__new__(cls, 0)
        made.typed = typed
        return made
