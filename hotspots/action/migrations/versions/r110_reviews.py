"""Records drawn for review, and what reviewers answered."""

import sqlalchemy as sa
from alembic import op

revision = "r110"
down_revision = "r100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "review_item",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch", sa.Integer, nullable=False),
        sa.Column("question", sa.String(20), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("row_key", sa.String(40), nullable=False),
        sa.Column("fired", sa.Boolean, nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("all_fired", sa.Integer, nullable=False),
        sa.Column("all_unfired", sa.Integer, nullable=False),
        sa.Column("drawn", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("answer IN ('', 'yes', 'no', 'cannot tell')", name="answer"),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("review_item")
