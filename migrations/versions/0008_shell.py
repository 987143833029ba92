"""What the shell needs: indexes that hold what waits and nothing of what is done, and whether pages are closed"""

import sqlalchemy as sa
from alembic import op
from kernel.database import Moment

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

PARTIAL = (
    ('ix_messages_unread', 'messages', ['person_id', 'sent_at'], "channel = 'web' AND status = 'sent'"),
    ('ix_messages_inbox', 'messages', ['person_id', 'seq'], "channel = 'web' AND status IN ('sent', 'delivered')"),
    ('ix_messages_undecided', 'messages', ['queued_at'], "status = 'held' AND reason = 'ask_a_person'"),
    ('ix_messages_failed', 'messages', ['queued_at'], "status = 'failed'"),
    ('ix_event_handlings_parked', 'event_handlings', ['due_at'], "state = 'parked'"),
    ('ix_timetable_parked', 'timetable', ['slot'], "state = 'parked'"),
)
WHOLE = (
    ('ix_qa_visits_officer', 'qa_visits', ['officer_id', 'state', 'day']),
    ('ix_qa_actions_officer', 'qa_actions', ['officer_id', 'state']),
)


def upgrade() -> None:
    for name, table, columns, where in PARTIAL:
        held = sa.text(where)
        op.create_index(name, table, columns, postgresql_where=held, sqlite_where=held)
    for name, table, columns in WHOLE:
        op.create_index(name, table, columns)
    op.create_table(
        'maintenance',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('since', Moment(), nullable=False),
        sa.Column('until', Moment(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_maintenance')),
    )


def downgrade() -> None:
    op.drop_table('maintenance')
    for name, table, *_ in (*reversed(WHOLE), *reversed(PARTIAL)):
        op.drop_index(name, table_name=table)
