"""Behovs- och riskanalys: a text per role on a unit."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "roleanalysis",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_on", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("unit_id", "role"),
    )


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("roleanalysis")
