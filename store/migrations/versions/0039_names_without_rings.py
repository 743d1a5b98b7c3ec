"""Parts of names with å ä ö are found without their rings and dots, too: *osterberg* finds Österberg."""

from alembic import op

revision = "0039"
down_revision = "0038"

PLAIN = "replace(replace(replace(part, 'å', 'a'), 'ä', 'a'), 'ö', 'o')"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.execute(
        f"INSERT INTO residentpart (part, resident_id) SELECT DISTINCT {PLAIN}, resident_id FROM residentpart p"
        f" WHERE {PLAIN} <> part AND NOT EXISTS (SELECT 1 FROM residentpart o"
        f" WHERE o.resident_id = p.resident_id AND o.part = {PLAIN.replace('part', 'p.part')})"
    )


def downgrade() -> None:
    """Leave what was added: which part was somebody's own can't be told, and an older version only finds more by it."""
