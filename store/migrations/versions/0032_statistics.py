"""Statistik: figures of whole months, without persons."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "monthfigure",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "program", "month", "figure", "detail"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("monthfigure")
