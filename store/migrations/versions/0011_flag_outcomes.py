"""How a flag was handled, and the attempts that left it open."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Bring a store to this revision. What was handled before has no outcome."""
    op.add_column("flag", sa.Column("outcome", sa.String(), nullable=True))
    op.add_column("flag", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("flag", sa.Column("next_attempt_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "flagattempt",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("resident_id", sa.Integer(), sa.ForeignKey("resident.id"), nullable=False),
        sa.Column("moment_id", sa.Integer(), sa.ForeignKey("moment.id"), nullable=False),
        sa.Column("flag_id", sa.Integer(), sa.ForeignKey("flag.id"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("flagattempt_moment", "flagattempt", ["resident_id", "moment_id", "flag_id", "id"])
