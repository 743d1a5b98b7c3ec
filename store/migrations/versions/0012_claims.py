"""Who is on a flag right now, and for how long on each unit."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.add_column("unit", sa.Column("claim_minutes", sa.Integer(), nullable=False, server_default="30"))
    op.create_table(
        "claim",
        sa.Column("flag_id", sa.Integer(), sa.ForeignKey("flag.id"), primary_key=True),
        sa.Column("moment_id", sa.Integer(), sa.ForeignKey("moment.id"), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_index("claim_unit", "claim", ["unit_id", "until"])
    op.create_index("claim_moment", "claim", ["moment_id"])
