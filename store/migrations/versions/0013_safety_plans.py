"""Säkerhetsplaner in versions, and the day on which a unit has confirmed the crisis numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

PARTS = ("warning_signs", "what_helps", "whom_to_call", "care_numbers", "safe_means")


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "safetyplan",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("resident_id", sa.Integer(), sa.ForeignKey("resident.id"), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("moment_id", sa.Integer(), sa.ForeignKey("moment.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("beside", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in PARTS),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.Column("saved_as", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=True),
    )
    op.create_index("safetyplan_place", "safetyplan", ["resident_id", "unit_id", "id"], unique=False)
    op.add_column(
        "unit", sa.Column("crisis_numbers_confirmed", sa.String(), nullable=False, server_default=sa.text("''"))
    )
