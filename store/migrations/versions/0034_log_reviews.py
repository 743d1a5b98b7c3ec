"""Logguppföljning: reviews of the log, and their rows."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "logreview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("period", "kind", "seed", "asked", "drawn", "reason")
        ),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("drawn_hsa_id", sa.String(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("signed_hsa_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_logreview_unit_id", "logreview", ["unit_id"])
    op.create_table(
        "logreviewrow",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("log_ids", "actor_hsa_id", "day", "why", "verdict", "comment")
        ),
        sa.Column("judged_at", sa.BigInteger(), nullable=True),
        sa.Column("judged_by", sa.String(), nullable=False),
        sa.Column("judged_hsa_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["logreview.id"]),
        sa.PrimaryKeyConstraint("review_id", "number"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("logreviewrow")
    op.drop_table("logreview")
