"""Plans of weeks, their visits, and fair tests."""

import sqlalchemy as sa
from alembic import op

revision = "r080"
down_revision = "r070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "patrol_plans",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("study_area", sa.String(100), nullable=False, index=True),
        sa.Column("first_day", sa.Date, nullable=False, index=True),
        sa.Column("terms", sa.JSON, nullable=False),
        sa.Column("shifts", sa.JSON, nullable=False),
        sa.Column("data", sa.String(100), nullable=False),
        sa.Column("software", sa.String(40), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "planned_visits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "plan", sa.String(36), sa.ForeignKey("patrol_plans.id"), nullable=False, index=True
        ),
        sa.Column("area", sa.String(40), nullable=False, index=True),
        sa.Column("area_name", sa.String(200), nullable=False),
        sa.Column("outline", sa.Text, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_number", sa.Integer, nullable=False),
        sa.Column("order_number", sa.Integer, nullable=False),
        sa.Column("travel_min", sa.Integer, nullable=False),
        sa.Column("officers", sa.Integer, nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
    )
    op.create_table(
        "fair_tests",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("study_area", sa.String(100), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("starts", sa.Date, nullable=False),
        sa.Column("weeks", sa.Integer, nullable=False),
        sa.Column("blocks", sa.JSON, nullable=False),
        sa.Column("outlines", sa.JSON, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("fair_tests")
    op.drop_table("planned_visits")
    op.drop_table("patrol_plans")
