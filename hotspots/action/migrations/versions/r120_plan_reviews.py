"""What each review of a plan found, with its figures."""

import sqlalchemy as sa
from alembic import op

revision = "r120"
down_revision = "r110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    plan = sa.ForeignKey("plan.id", ondelete="CASCADE")
    op.create_table(
        "plan_review",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plan_id", sa.Integer, plan, nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("closing", sa.Boolean, nullable=False),
        sa.Column("verdict", sa.String(2000), nullable=False),
        sa.Column("said", sa.String(2000), nullable=False),
        sa.Column("last_month", sa.String(7), nullable=False),
        sa.Column("data", sa.String(12), nullable=False),
        sa.Column("software", sa.String(40), nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("plan_review")
