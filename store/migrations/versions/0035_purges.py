"""Gallring: what stops a moment from being purged, and what each purge chose and did."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "purgestop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), sa.ForeignKey("resident.id"), nullable=False),
        sa.Column("moment_id", sa.Integer(), sa.ForeignKey("moment.id"), nullable=False),
        sa.Column("of_resident", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.Column("actor_hsa_id", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_purgestop_resident_id", "purgestop", ["resident_id"])
    op.create_index("ix_purgestop_moment_id", "purgestop", ["moment_id"])
    op.create_table(
        "purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("actor_hsa_id", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("decided_on", sa.String(), nullable=False),
        sa.Column("chosen", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_purge_unit_id", "purge", ["unit_id"])
    op.create_table(
        "purgedmoment",
        sa.Column("purge_id", sa.Integer(), nullable=False),
        sa.Column("moment_id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("started_in", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("in_ledger", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("purge_id", "moment_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "purgedexport",
        sa.Column("purge_id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("moments", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("purge_id", "export_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("moment_purge", "moment", ["unit_id", "purge_by"])


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_index("moment_purge", "moment")
    for table in ("purgedexport", "purgedmoment", "purge", "purgestop"):
        op.drop_table(table)
