"""What people said steps in the level were."""

import sqlalchemy as sa
from alembic import op

revision = "r070"
down_revision = "r060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "named_break",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("area", sa.String(100), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("area", "month"),
    )
    op.create_index("ix_named_break_area", "named_break", ["area"])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("named_break")
