"""Which answers to a unit's own form are a risk, named when it was installed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.add_column("installedform", sa.Column("risks", sa.String(), nullable=False, server_default=sa.text("''")))
