"""Visits that were made."""

import sqlalchemy as sa
from alembic import op

revision = "r002"
down_revision = "r001"
branch_labels = None
depends_on = None

_COUNTS = ("arrests", "searches", "warnings", "cpw", "cpn", "dispersals", "other_powers")


def upgrade() -> None:
    """Make the table."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "visits",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("area_name", sa.String(200), nullable=False),
        sa.Column("outline", sa.Text, nullable=False),
        sa.Column("study_area", sa.String(100), nullable=False),
        sa.Column("started", moment, nullable=False),
        sa.Column("ended", moment, nullable=False),
        sa.Column("officers", sa.Integer, nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("seen", sa.String(1000), nullable=False),
        sa.Column("done", sa.String(1000), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _COUNTS),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("logged_at", moment, nullable=False),
        sa.Column("logged_by", sa.String(200), nullable=False),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("ended > started", name="ends"),
        sa.CheckConstraint(" AND ".join(f"{name} >= 0" for name in _COUNTS), name="counts"),
        sa.CheckConstraint("officers > 0", name="officers"),
    )
    for column in ("area", "study_area", "started"):
        op.create_index(f"ix_visits_{column}", "visits", [column])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("visits")
