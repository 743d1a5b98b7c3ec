"""Imports of files: what is staged, until it has been applied in pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "fileimport",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hsa_id", sa.String(), nullable=False),
        sa.Column("unit_hsa_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("is_whole", sa.Integer(), nullable=False),
    )
    op.create_table(
        "stagedrows",
        sa.Column("import_key", sa.String(), sa.ForeignKey("fileimport.key"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("content", sa.String(), nullable=False),
    )
