"""Keys: each store is told from others, knows its keys by name, and has one for each resident."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

EMPTY = sa.text("''")
SEALED = sa.text("number_hmac <> ''")


def upgrade() -> None:
    """Bring a store to this revision; one that is there has no keys."""
    for name in ("uuid", "data_key_id", "log_key_id", "recovery_key"):
        op.add_column("store_info", sa.Column(name, sa.String(), nullable=False, server_default=EMPTY))
    op.execute(f"UPDATE store_info SET uuid = '{uuid.uuid4()}'")
    op.create_table(
        "resident_key",
        sa.Column("resident_id", sa.Integer(), sa.ForeignKey("resident.id"), primary_key=True),
        sa.Column("wrapped", sa.String(), nullable=False),
    )
    op.create_index("log_number", "log", ["number_hmac", "at"], sqlite_where=SEALED, postgresql_where=SEALED)


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_index("log_number", "log")
    op.drop_table("resident_key")
    for name in ("uuid", "data_key_id", "log_key_id", "recovery_key"):
        op.drop_column("store_info", name)
