"""Lines of the trail whose words can be erased, and what may be kept longer than its rule."""

import sqlalchemy as sa
from alembic import op

revision = "r200"
down_revision = "r120"
branch_labels = None
depends_on = None

_REFUSAL = "the audit trail can only be added to"
_STAY = ("id", "at", "who", "kind", "prev_hash", "hash", "seal")


def upgrade() -> None:
    """Add the seal; let the words go, and nothing else, and of a line of erasure not even them."""
    held = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("audit")}
    for name in ("salt", "seal"):
        if name not in held:
            op.add_column(
                "audit", sa.Column(name, sa.String(64), nullable=False, server_default="")
            )
    if op.get_bind().dialect.name == "sqlite":
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _STAY)
        op.execute("DROP TRIGGER audit_refuses_update")
        op.execute(
            f"CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit WHEN NOT ({same} AND "
            "OLD.kind != 'erasure' AND NEW.what = '' AND NEW.why = '' AND NEW.salt = '' "
            f"AND NEW.details = '{{}}') BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
    else:
        same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _STAY)
        op.execute(
            "CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF TG_OP = 'UPDATE' THEN IF {same} AND OLD.kind != 'erasure' "
            "AND NEW.what = '' AND NEW.why = '' AND NEW.salt = '' "
            "AND NEW.details::text = '{}' THEN RETURN NEW; END IF; END IF; "
            f"RAISE EXCEPTION '{_REFUSAL}'; END $$"
        )
    op.create_table(
        "kept_longer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("why", sa.String(2000), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Refuse every change of a line again; seals stay, for the chain is made of them."""
    op.drop_table("kept_longer")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_refuses_update")
        op.execute(
            "CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
    else:
        op.execute(
            "CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
        )
