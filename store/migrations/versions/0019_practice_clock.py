"""How far a practice store's clock has been moved forward."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.add_column("store_info", sa.Column("clock_ahead", sa.BigInteger(), nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_column("store_info", "clock_ahead")
