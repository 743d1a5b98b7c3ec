"""Roles with who gave them and until when, a unit's own settings per program, and handovers between units."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
EMPTY = sa.text("''")


def upgrade() -> None:
    """Bring a store to this revision."""
    for name in ("given_by", "reason", "until"):
        op.add_column("assignmentrole", sa.Column(name, sa.String(), nullable=False, server_default=EMPTY))
    op.add_column("assignmentrole", sa.Column("given_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("assignmentrole_unit", "assignmentrole", ["unit_id", "role", "until"], unique=False)
    op.add_column("assignment", sa.Column("sort_name", BYTEWISE, nullable=False, server_default=EMPTY))
    op.execute("UPDATE assignment SET sort_name = (SELECT s.sort_name FROM staff s WHERE s.id = staff_id)")
    op.create_index("assignment_list", "assignment", ["unit_id", "active", "sort_name", "staff_id"], unique=False)
    op.add_column("message", sa.Column("author_id", sa.Integer(), nullable=True))
    op.add_column("staff", sa.Column("protection", sa.String(), nullable=False, server_default=EMPTY))
    for name in ("contact_name", "contact_email", "contact_phone", "end_reasons", "training"):
        op.add_column("openprogram", sa.Column(name, sa.String(), nullable=False, server_default=EMPTY))
    op.add_column("unit", sa.Column("support", sa.String(), nullable=False, server_default=EMPTY))
    op.add_column("unit", sa.Column("role_training", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("moment", sa.Column("offered_to", sa.Integer(), nullable=True))
    op.create_index("moment_offered", "moment", ["offered_to"], unique=False)
    op.add_column("draft", sa.Column("left_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("moment_id", sa.Integer(), nullable=False),
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("tell_resident", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("offered_by", sa.String(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.ForeignKeyConstraint(["moment_id"], ["moment.id"]),
        sa.ForeignKeyConstraint(["from_unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("handover_moment", "handover", ["resident_id", "moment_id"], unique=False)
    op.create_index("handover_from", "handover", ["from_unit_id", "state"], unique=False)
