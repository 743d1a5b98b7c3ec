"""Whether somebody has seen that one's ställföreträdare fell away."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.add_column("substitution", sa.Column("seen_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_column("substitution", "seen_at")
