"""What the clocks of a file's clients show."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "clientclock",
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("client"),
    )
