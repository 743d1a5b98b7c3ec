"""Dataexport: who has taken which moments out of the store, for whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "dataexport",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("actor_hsa_id", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("moments", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_dataexport_unit_id", "dataexport", ["unit_id"])
    op.create_table(
        "exportedmoment",
        sa.Column("moment_id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("moment_id", "export_id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("exportedmoment")
    op.drop_table("dataexport")
