"""Ställföreträdare: who stands in for a colleague on a unit, from one day to another."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("substitute_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("first_day", sa.String(), nullable=False),
        sa.Column("last_day", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("fell_away", sa.String(), nullable=False, server_default=sa.text("''")),
    )
    op.create_index("substitution_of", "substitution", ["unit_id", "staff_id", "last_day"])
    op.create_index("substitution_by", "substitution", ["unit_id", "substitute_id", "last_day"])


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("substitution")
