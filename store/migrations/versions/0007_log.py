"""The log: all that a row must say, room for its seal, and no way to write over one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

EMPTY = sa.text("''")
TEXTS = (
    "acted_as",
    "ground",
    "category",
    "thing_kind",
    "thing_id",
    "origin",
    "session",
    "reason",
    "unit_hsa_id",
    "provider_hsa_id",
    "chain",
    "mac",
    "key_id",
    "number_hmac",
    "sealed",
)


def upgrade() -> None:
    """Bring a store to this revision: rows that are there keep what they say, and learn where it was done."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in TEXTS:
        op.add_column("log", sa.Column(name, sa.String(), nullable=False, server_default=EMPTY))
    op.add_column("log", sa.Column("outcome", sa.String(), nullable=False, server_default=sa.text("'gjort'")))
    op.add_column("log", sa.Column("chain_number", sa.BigInteger(), nullable=True))
    op.execute("DROP TRIGGER log_no_update" if is_sqlite else "DROP TRIGGER log_append_only ON log")
    op.execute(
        "UPDATE log SET unit_hsa_id = (SELECT u.hsa_id FROM unit u WHERE u.id = log.unit_id),"
        " provider_hsa_id = (SELECT p.hsa_id FROM unit u JOIN careprovider p ON p.id = u.provider_id"
        " WHERE u.id = log.unit_id) WHERE unit_id IN (SELECT id FROM unit)"
    )
    if is_sqlite:
        _never("log_no_update", "BEFORE UPDATE")
        # REPLACE removes a row without a word to the trigger that watches removals. A row that is given no id of its
        # own has -1 until it is there.
        _never("log_no_replace", "BEFORE INSERT", "NEW.id > 0 AND EXISTS (SELECT 1 FROM log WHERE id = NEW.id)")
        _never("log_no_odd_id", "AFTER INSERT", "NEW.id < 1")
    else:
        op.execute(
            "CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log"
            " FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()"
        )


def _never(name: str, what: str, when: str = "1") -> None:
    op.execute(
        f"CREATE TRIGGER {name} {what} ON log WHEN {when} BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    )
