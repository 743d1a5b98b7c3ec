"""The log's chains: a head for each, the rows that are there chained, and rows that may go once a checkpoint says so.

A store with keys is brought to this revision with them at hand alone.
"""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

from store.foundation.connection import Connection
from store.foundation.errors import KeyMissing, KeyWrong
from store.foundation.keys import StoreKeys
from store.foundation.log_chain import CONTENT, chain_rows, move_heads

revision = "0033"
down_revision = "0032"

TOGETHER = 2000
CHAIN = ("chain", "chain_number")
EARLIER = ("id", *(name for name in CONTENT if name not in CHAIN))
_SELECT = f"SELECT {', '.join(EARLIER)} FROM log WHERE id > :after ORDER BY id LIMIT {TOGETHER}"
_UPDATE = "UPDATE log SET chain = :chain, chain_number = :chain_number, mac = :mac WHERE id = :id"
_KEPT = "OLD.chain_number > coalesce((SELECT number FROM logexpiry e WHERE e.chain = OLD.chain), 0)"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "loghead",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("own_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "logexpiry",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain"),
    )
    _let_change()
    _chain()
    if _is_sqlite():
        _refuse_on_sqlite("log_no_update", "BEFORE UPDATE")
        _refuse_on_sqlite("log_no_delete", "BEFORE DELETE", f"coalesce({_KEPT}, 1)")
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION log_keeps() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN IF coalesce({_KEPT}, true) THEN RAISE EXCEPTION 'the log is append-only'; END IF;"
        " RETURN OLD; END $$"
    )
    op.execute("CREATE TRIGGER log_keeps BEFORE DELETE ON log FOR EACH ROW EXECUTE FUNCTION log_keeps()")
    op.execute(
        "CREATE TRIGGER log_append_only BEFORE UPDATE OR TRUNCATE ON log"
        " FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()"
    )


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    _let_change()
    op.execute("UPDATE log SET chain = '', chain_number = NULL, mac = ''")
    if _is_sqlite():
        _refuse_on_sqlite("log_no_update", "BEFORE UPDATE")
        _refuse_on_sqlite("log_no_delete", "BEFORE DELETE")
    else:
        op.execute("DROP TRIGGER log_keeps ON log")
        op.execute("DROP FUNCTION log_keeps()")
        op.execute(
            "CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log"
            " FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()"
        )
    op.drop_table("logexpiry")
    op.drop_table("loghead")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _let_change() -> None:
    if _is_sqlite():
        op.execute("DROP TRIGGER log_no_update")
        op.execute("DROP TRIGGER log_no_delete")
    else:
        op.execute("DROP TRIGGER log_append_only ON log")


def _refuse_on_sqlite(name: str, what: str, when: str = "1") -> None:
    op.execute(
        f"CREATE TRIGGER {name} {what} ON log WHEN {when} BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    )


def _chain() -> None:
    """Chain the rows that are there, as they are stored."""
    driver: Any = op.get_bind().connection.driver_connection
    db = Connection(driver, pyformat=not _is_sqlite())
    after, keys = 0, None
    while rows := [dict(zip(EARLIER, row, strict=True)) for row in db.rows(_SELECT, after=after)]:
        keys = keys or _keys(db)
        move_heads(db, chain_rows(db, keys, rows))
        db.run_many(_UPDATE, rows)
        after = rows[-1]["id"]


def _keys(db: Connection) -> StoreKeys | None:
    """Return the store's keys, where it has any; raises `KeyMissing` or `KeyWrong`."""
    log_key_id = db.value("SELECT log_key_id FROM store_info")
    keys: StoreKeys | None = context.config.attributes.get("keys")
    if not log_key_id:
        return None
    if keys is None:
        raise KeyMissing
    if keys.log_id != log_key_id:
        raise KeyWrong
    return keys
