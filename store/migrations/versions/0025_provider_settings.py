"""What a care provider decides for its units, and whom it turns to at each."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

TEXTS = ("purge_decision", "purge_reference", "purge_decided_on", "agreement", "agreement_ends", "log_decision")
NUMBERS = {"statistics_threshold": 5, "log_years": 5, "backup_days": 0}


def upgrade() -> None:
    """Bring a store to this revision."""
    for name in TEXTS:
        op.add_column("careprovider", sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''")))
    for name, value in NUMBERS.items():
        op.add_column("careprovider", sa.Column(name, sa.Integer(), nullable=False, server_default=str(value)))
    op.add_column("unit", sa.Column("contact", sa.String(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_column("unit", "contact")
    for name in (*reversed(NUMBERS), *reversed(TEXTS)):
        op.drop_column("careprovider", name)
