"""Meetings, and what people said at them."""

import sqlalchemy as sa
from alembic import op

revision = "r090"
down_revision = "r080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("area", sa.String(200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(120), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("keep_until", sa.Date, nullable=False),
        sa.Column("hexagons", sa.JSON, nullable=False),
        sa.Column("picture", sa.Text, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
    )
    op.create_table(
        "meeting_answer",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("meeting_id", sa.String(32), sa.ForeignKey("meeting.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("marks", sa.JSON, nullable=False),
        sa.Column("priorities", sa.JSON, nullable=False),
        sa.Column("words", sa.String(140), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'shown', 'refused')", name="state"),
        sa.CheckConstraint("way IN ('phone', 'facilitator', 'paper')", name="way"),
    )
    op.create_index("ix_meeting_answer_meeting_id", "meeting_answer", ["meeting_id"])
    op.create_index("ix_meeting_answer_state", "meeting_answer", ["state"])


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("meeting_answer")
    op.drop_table("meeting")
