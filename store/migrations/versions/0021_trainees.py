"""Trainees of a course, each with a unit of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "trainee",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("number", "round"),
    )


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("trainee")
