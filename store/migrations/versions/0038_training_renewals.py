"""Trainings by the day on which a refresher is due: *Personal* looked through all who work on the unit for it."""

from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_index("training_renewal", "training", ["renew_on", "staff_id"], unique=False)


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_index("training_renewal", table_name="training")
