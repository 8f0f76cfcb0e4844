"""What people said about suspected doubles between two sources."""

import sqlalchemy as sa
from alembic import op

revision = "r050"
down_revision = "r002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "double_decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(40), nullable=False),
        sa.Column("b", sa.String(40), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("a", "b"),
        sa.CheckConstraint("verdict IN ('same', 'different', 'open')", name="verdict"),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("double_decision")
