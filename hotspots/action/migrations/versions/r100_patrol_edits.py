"""Changes to patrol areas by hand, which had a file of their own before."""

import sqlalchemy as sa
from alembic import op

revision = "r100"
down_revision = "r090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "patrol_edits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("area", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("geometry", sa.Text, nullable=False),
        sa.Column("east_m", sa.Float(53), nullable=False),
        sa.Column("north_m", sa.Float(53), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("by", sa.String(500), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("undone_at", moment),
        sa.Column("undone_by", sa.String(500)),
        sa.Column("undone_reason", sa.String(500)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_patrol_edits_area", "patrol_edits", ["area"])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("patrol_edits")
