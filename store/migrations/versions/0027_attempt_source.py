"""An attempt at a trainer's own exercise keeps the text of its file."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.add_column("exerciseattempt", sa.Column("source", sa.String(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_column("exerciseattempt", "source")
