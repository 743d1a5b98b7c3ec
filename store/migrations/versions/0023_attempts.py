"""What a course's people and residents are called at each trainee's place; attempts at exercises."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "traineename",
        sa.Column("trainee_id", sa.Integer(), sa.ForeignKey("trainee.id"), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("own", sa.String(), nullable=False),
    )
    op.create_table(
        "exerciseattempt",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("trainee", sa.String(), nullable=False, index=True),
        sa.Column("seat_id", sa.Integer(), sa.ForeignKey("trainee.id"), nullable=True),
        sa.Column("exercise", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("steps", sa.String(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("done", sa.String(), nullable=False),
        sa.Column("mistakes", sa.String(), nullable=False),
        sa.Column("worked", sa.BigInteger(), nullable=False),
        sa.Column("keys", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
    )


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("exerciseattempt")
    op.drop_table("traineename")
