"""Which roles work behind a server's fence, and by what its rules are known."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

COLUMNS = ("runtime_role", "operator_role", "fence")


def upgrade() -> None:
    """Bring a store to this revision."""
    for name in COLUMNS:
        op.add_column("store_info", sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    for name in reversed(COLUMNS):
        op.drop_column("store_info", name)
