"""The tables that the ground itself needs. Instants are UTC milliseconds, days are ISO dates (see `clock`)."""

import base64
import secrets
import uuid
from typing import Any

from sqlalchemy import BigInteger, Index, String, text
from sqlmodel import Field, SQLModel

BYTEWISE = String().with_variant(String(collation="C"), "postgresql")
"""Text that is ordered by its bytes, whatever order the database was made with (see `text.sort_name`)."""


class FreeText(String):
    """Text of a resident, or about one, in somebody's own words; also a JSON text with such words in it.

    Where the database does not encrypt all that it holds, it stands sealed (`store.foundation.seals`). A row is written
    by way of `Connection.sealed` then, and no query can compare what it says, nor order by it.
    """

    cache_ok = True


EMPTY = text("''")
"""What a column of text that came later has in older rows."""


def _new_key() -> str:
    """Return 256 random bits, as Fernet wants them."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def _new_uuid() -> str:
    return str(uuid.uuid4())


def of_moment() -> Any:
    """Return the column of a row's unit, which is that of its moment: the database fills it in, and moves it along."""
    return Field(default=0, sa_column_kwargs={"server_default": text("0")})


class StoreInfo(SQLModel, table=True):
    """The one row that says what this store is."""

    __tablename__ = "store_info"

    id: int = Field(default=1, primary_key=True)
    kind: str
    """`practice` or `real`."""
    created_at: int = Field(sa_type=BigInteger)
    draft_key: str = Field(default_factory=_new_key, sa_column_kwargs={"server_default": EMPTY})
    """Seals what is kept on a machine of its own while the database is away: the file alone tells nothing."""
    clock_ahead: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    """Milliseconds by which a practice store's clock has been moved forward; see `store.practice.clock`."""
    uuid: str = Field(default_factory=_new_uuid, sa_column_kwargs={"server_default": EMPTY})
    """By which its keys are found, and what is kept outside it knows whose it is."""
    data_key_id: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Which keys it was made with (`store.foundation.keys.key_id`); both are empty in a store without keys."""
    log_key_id: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    recovery_key: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """The public half of the recovery key, for which each new key is sealed; see `store.foundation.recovery`."""
    runtime_role: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """The server's role that people work through, behind the fence (`store.fence`); empty where there is no fence."""
    operator_role: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    fence: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """What tells the fence's rules from others."""


def _later() -> Any:
    """Return a column of text that older rows of the log have nothing in."""
    return Field(default="", sa_column_kwargs={"server_default": EMPTY})


_SEALED = text("number_hmac <> ''")


class Log(SQLModel, table=True):
    """The access log; see `store.foundation.log`."""

    __table_args__ = (
        Index("log_unit", "unit_id", "at"),
        Index("log_resident", "personnummer", "at"),
        Index("log_actor", "actor_hsa_id", "at"),
        Index("log_number", "number_hmac", "at", sqlite_where=_SEALED, postgresql_where=_SEALED),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=BigInteger)
    wall_at: int = Field(sa_type=BigInteger)
    unit_id: int | None
    actor_kind: str
    actor_hsa_id: str | None
    actor_name: str
    action: str
    operation: str
    personnummer: str | None
    resident_name: str | None
    moment_id: int | None
    details: str
    acted_as: str = _later()
    """The role or standing by which it was done."""
    ground: str = _later()
    category: str = _later()
    thing_kind: str = _later()
    thing_id: str = _later()
    origin: str = _later()
    session: str = _later()
    outcome: str = Field(default="gjort", sa_column_kwargs={"server_default": text("'gjort'")})
    reason: str = _later()
    """The kind of the sentence by which it was refused."""
    unit_hsa_id: str = _later()
    provider_hsa_id: str = _later()
    chain: str = _later()
    """The chain that it is in (`store.foundation.log_chain`), its number there and its code."""
    chain_number: int | None = Field(default=None, sa_type=BigInteger)
    mac: str = _later()
    key_id: str = _later()
    """Which key the row is sealed with; empty in a store without keys, as are the next two."""
    number_hmac: str = _later()
    sealed: str = _later()
    """Number, name and details: their own columns are empty then."""


class LogHead(SQLModel, table=True):
    """How far a chain of the log has come; see `store.foundation.log_chain`."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    chain: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    mac: str
    seal: str
    key_id: str
    """Which log key the chain is of; empty in a store without keys, which has the chain's key in `own_key`."""
    own_key: str


class LogExpiry(SQLModel, table=True):
    """How far a chain's rows have expired: those up to the number may go, and verifying begins after it."""

    chain: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    mac: str
    """Of the last row that has expired."""
    at: int = Field(sa_type=BigInteger)
    checkpoint: str
    """The line, signed, that names number and code (`store.foundation.checkpoint`)."""


class Event(SQLModel, table=True):
    """What happened in a moment; clustered by it, in the order it happened."""

    __table_args__ = (
        Index("event_kind", "resident_id", "moment_id", "kind", "at", "seq"),
        {"sqlite_with_rowid": False},
    )

    resident_id: int = Field(primary_key=True)
    moment_id: int = Field(primary_key=True)
    at: int = Field(primary_key=True, sa_type=BigInteger)
    seq: int = Field(primary_key=True)
    """Tells events of one instant apart, in order."""
    kind: str
    actor_kind: str
    actor_name: str
    facts: str = Field(sa_type=FreeText)
    """A JSON object: references and short facts, never a resident's free text."""
    unit_id: int = of_moment()


class Change(SQLModel, table=True):
    """A unit's change number: raised by what others on the unit should see."""

    unit_id: int = Field(primary_key=True)
    change_no: int = Field(sa_type=BigInteger)


class ProviderChange(SQLModel, table=True):
    """A care provider's change number: raised by what should be seen above its units."""

    provider_id: int = Field(primary_key=True)
    change_no: int = Field(sa_type=BigInteger)


class ClientClock(SQLModel, table=True):
    """What the clock of a client of a file shows; see `store.foundation.client_clocks`."""

    client: str = Field(primary_key=True)
    number: int
    """Raised each time that it is told."""
    at: int = Field(sa_type=BigInteger)
    is_asked: int
    """1 where somebody waits for it to be told anew."""


class CommandRecord(SQLModel, table=True):
    """A command that was carried out, by the client's UUID: sending it again changes nothing."""

    __tablename__ = "command"
    __table_args__ = {"sqlite_with_rowid": False}

    uuid: str = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    """The operation's place among those of one command."""
    operation: str
    result: str
    """What the operation returned, as JSON."""
    at: int = Field(sa_type=BigInteger)
