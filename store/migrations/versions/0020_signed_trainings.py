"""Trainings that a trainer has signed: when, until when and by whose key; and the keys that a unit relies on."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

TRAINING = ("passed_on", "renew_on", "signed_by")


def upgrade() -> None:
    """Bring a store to this revision."""
    for name in TRAINING:
        op.add_column("training", sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("unit", sa.Column("trainer_keys", sa.String(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_column("unit", "trainer_keys")
    for name in reversed(TRAINING):
        op.drop_column("training", name)
