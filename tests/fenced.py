"""A store behind the fence, for tests: who acts goes through the role that is theirs, as in a real one."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg

from store.fence.raising import raise_fence
from store.fence.rules import Roles
from store.foundation.access import Actor, Fixed
from store.foundation.clock import Instant
from store.foundation.keys import StoreKeys
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.foundation.work import Work
from store.opening import open_store

ROLES = Roles("sob_agare", "sob_app", "sob_drift")


def as_role(url: str, role: str) -> str:
    """Return an address for another role."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{role}@{parts.netloc.rpartition('@')[2]}").geturl()


def with_owner(url: str) -> str:
    """Return the owner's address, once all three roles are there and the database is the owner's."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for role in ROLES:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
                connection.execute(f"CREATE ROLE {role} LOGIN".encode())
        connection.execute(f"ALTER DATABASE {connection.info.dbname} OWNER TO {ROLES.owner}".encode())
    return as_role(url, ROLES.owner)


def raise_tests_fence(store: Store) -> None:
    """Put a store of the owner's behind the fence."""
    with store.lend_to_write() as db:
        raise_fence(db, ROLES)


class FencedStore(Store):
    """Staff and residents act through the runtime role; the operator, the day's run and a test's own SQL by theirs."""

    def __init__(self, runtime: Store, operators: Store, clock: Callable[[], Instant]) -> None:
        """Act through two open stores."""
        super().__init__(operators.engine, operators.kind, clock, operators.keys)
        self._opened = runtime, operators
        self.runtime = Store(runtime.engine, runtime.kind, clock, runtime.keys)
        self.runtime.access_log = self.access_log

    def with_clock(self, clock: Callable[[], Instant]) -> "FencedStore":
        """Return the same with another clock."""
        return FencedStore(*self._opened, clock)

    def work(self, actor: Actor, **options: Any) -> AbstractContextManager[Work]:  # type: ignore[override]
        """Open a writing transaction."""
        return super().work(actor, **options) if isinstance(actor, Fixed) else self.runtime.work(actor, **options)

    def read(self, actor: Actor, **options: Any) -> AbstractContextManager[ReadTransaction]:  # type: ignore[override]
        """Open a reading transaction."""
        return super().read(actor, **options) if isinstance(actor, Fixed) else self.runtime.read(actor, **options)

    def close(self) -> None:
        """Close both."""
        self.runtime.close()
        super().close()


def open_fenced(url: str, *, keys: StoreKeys | None, clock: Callable[[], Instant]) -> FencedStore:
    """Open a store by its operator's address, and by that of the runtime role."""
    runtime = open_store(as_role(url, ROLES.runtime), keys=keys, clock=clock)
    return FencedStore(runtime, open_store(url, keys=keys, clock=clock), clock)


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """Make an empty database with an owner of its own; yields the owner's address.

    The roles that `sob init` makes, named `OWN`, go with it.
    """
    owner, *others = OWN
    name = f"egen_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        for word in (f"CREATE ROLE {owner} LOGIN CREATEROLE", f"CREATE DATABASE {name} OWNER {owner}"):
            connection.execute(word.encode())
        try:
            address = server.replace("/postgres?", f"/{name}?")
            yield as_role(address.replace("postgresql://", "postgresql+psycopg://"), owner)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            for role in (*others, owner):
                connection.execute(f"DROP ROLE IF EXISTS {role}".encode())


OWN = Roles(*(f"sob_{name}_{os.getpid()}" for name in ("egen", "app", "drift")))
"""The roles of a store that a test makes by `sob init`."""
