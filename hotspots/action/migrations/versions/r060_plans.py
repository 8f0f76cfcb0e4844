"""Plans, their tasks, comments and risk assessments."""

import sqlalchemy as sa
from alembic import op

revision = "r060"
down_revision = "r050"
branch_labels = None
depends_on = None

_WORDS = {
    "place": 300,
    "made_by": 120,
    "problem": 300,
    "objective": 500,
    "owner": 120,
    "partners": 500,
    "victim": 2000,
    "offender": 2000,
    "location": 2000,
    "asked_of": 2000,
    "reason": 2000,
    "measured_by": 500,
    "assessment": 2000,
    "verdict": 2000,
    "reviewed_by": 120,
    "review": 2000,
}


def _text(name: str, most: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(most), nullable=False)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        _text("status", 12),
        _text("area", 80),
        _text("key", 20),
        _text("data", 12),
        _text("template", 40),
        _text("start_month", 7),
        *(_text(name, most) for name, most in _WORDS.items()),
        sa.Column("comparison", sa.JSON, nullable=False),
        sa.Column("scanning", sa.JSON, nullable=False),
        sa.Column("responses", sa.JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_on", sa.Date),
        sa.Column("closed_on", sa.Date),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("plan_id", sa.Integer, sa.ForeignKey("plan.id"), nullable=False, index=True),
        _text("what", 300),
        sa.Column("agency", sa.String(120), nullable=False, index=True),
        _text("role", 120),
        sa.Column("due", sa.Date, nullable=False),
        _text("status", 12),
        sa.Column("after", sa.Integer, sa.ForeignKey("task.id")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plan_id", sa.Integer, sa.ForeignKey("plan.id"), nullable=False, index=True),
        _text("kind", 12),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("who", 120),
        _text("text", 2000),
    )
    op.create_table(
        "risk",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plan_id", sa.Integer, sa.ForeignKey("plan.id"), nullable=False, index=True),
        sa.Column("on", sa.Date, nullable=False),
        _text("level", 12),
        _text("basis", 2000),
        _text("reviewer", 120),
        sa.Column("next_review", sa.Date, nullable=False),
        sa.Column("keep_until", sa.Date, nullable=False),
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in ("risk", "comment", "task", "plan"):
        op.drop_table(table)
