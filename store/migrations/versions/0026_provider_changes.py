"""A change number for the level above the units."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "providerchange",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("change_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("provider_id"),
    )


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("providerchange")
