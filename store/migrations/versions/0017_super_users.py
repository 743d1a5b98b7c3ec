"""Superanvändare, named on the unit."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.add_column("unit", sa.Column("super_users", sa.String(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_column("unit", "super_users")
