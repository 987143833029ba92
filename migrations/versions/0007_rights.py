"""Rights requests and retention"""

import sqlalchemy as sa
from alembic import op
from kernel.database import Moment

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_checks',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('checked_by', sa.String(length=26), nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False),
    sa.Column('broken_at', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_checks'))
    )
    op.create_index(op.f('ix_audit_checks_at'), 'audit_checks', ['at'], unique=False)
    op.create_table('retention_runs',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('run_by', sa.String(length=26), nullable=False),
    sa.Column('is_dry', sa.Boolean(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_runs'))
    )
    op.create_index(op.f('ix_retention_runs_at'), 'retention_runs', ['at'], unique=False)
    op.create_table('suppressed_addresses',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('since', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_suppressed_addresses'))
    )
    op.create_table('rights_requests',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('council_id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=True),
    sa.Column('requester', sa.Text(), nullable=False),
    sa.Column('reach', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('came_by', sa.String(length=12), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('logged_at', Moment(), nullable=False),
    sa.Column('logged_by', sa.String(length=26), nullable=True),
    sa.Column('handler_id', sa.String(length=26), nullable=True),
    sa.Column('identity', sa.String(length=16), nullable=True),
    sa.Column('identity_on', sa.Date(), nullable=True),
    sa.Column('extended_on', sa.Date(), nullable=True),
    sa.Column('acknowledged_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('reviewed_at', Moment(), nullable=True),
    sa.Column('reviewed_by', sa.String(length=26), nullable=True),
    sa.Column('reviewed_digest', sa.String(length=64), nullable=True),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.Column('erased', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['council_id'], ['organisations.id'], name=op.f('fk_rights_requests_council_id_organisations')),
    sa.ForeignKeyConstraint(['handler_id'], ['persons.id'], name=op.f('fk_rights_requests_handler_id_persons')),
    sa.ForeignKeyConstraint(['logged_by'], ['persons.id'], name=op.f('fk_rights_requests_logged_by_persons')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_rights_requests_person_id_persons')),
    sa.ForeignKeyConstraint(['reviewed_by'], ['persons.id'], name=op.f('fk_rights_requests_reviewed_by_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rights_requests'))
    )
    op.create_index('ix_rights_requests_council', 'rights_requests', ['council_id', 'due_on'], unique=False)
    op.create_index('ix_rights_requests_open', 'rights_requests', ['due_on'], unique=False, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))
    op.create_index(op.f('ix_rights_requests_person_id'), 'rights_requests', ['person_id'], unique=False)
    op.create_table('stated_purposes',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('actor_id', sa.String(length=26), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=24), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('ends_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['persons.id'], name=op.f('fk_stated_purposes_actor_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stated_purposes'))
    )
    op.create_index('ix_stated_purposes_open', 'stated_purposes', ['actor_id', 'subject_id', 'ends_at'], unique=False)
    op.create_table('restrictions',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('request_id', sa.String(length=26), nullable=True),
    sa.Column('since', Moment(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_restrictions_person_id_persons')),
    sa.ForeignKeyConstraint(['request_id'], ['rights_requests.id'], name=op.f('fk_restrictions_request_id_rights_requests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_restrictions'))
    )
    op.create_index('ix_restrictions_open', 'restrictions', ['person_id'], unique=False, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))
    op.create_table('rights_decisions',
    sa.Column('request_id', sa.String(length=26), nullable=False),
    sa.Column('record_key', sa.String(length=120), nullable=False),
    sa.Column('is_released', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=24), nullable=False),
    sa.Column('decided_by', sa.String(length=26), nullable=False),
    sa.Column('decided_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_rights_decisions_decided_by_persons')),
    sa.ForeignKeyConstraint(['request_id'], ['rights_requests.id'], name=op.f('fk_rights_decisions_request_id_rights_requests')),
    sa.PrimaryKeyConstraint('request_id', 'record_key', name=op.f('pk_rights_decisions'))
    )
    op.create_table('rights_pauses',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('request_id', sa.String(length=26), nullable=False),
    sa.Column('why', sa.String(length=16), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['request_id'], ['rights_requests.id'], name=op.f('fk_rights_pauses_request_id_rights_requests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rights_pauses'))
    )
    op.create_index(op.f('ix_rights_pauses_request_id'), 'rights_pauses', ['request_id'], unique=False)
    op.create_table('rights_steps',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('request_id', sa.String(length=26), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('actor_id', sa.String(length=26), nullable=False),
    sa.Column('what', sa.String(length=80), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['rights_requests.id'], name=op.f('fk_rights_steps_request_id_rights_requests')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_rights_steps'))
    )
    op.create_index(op.f('ix_rights_steps_request_id'), 'rights_steps', ['request_id'], unique=False)
    with op.batch_alter_table('survey_sessions') as batch:
        batch.alter_column('person_id', existing_type=sa.String(length=26), nullable=True)


def downgrade() -> None:
    nobody = 'SELECT id FROM survey_sessions WHERE person_id IS NULL'
    op.execute(f'DELETE FROM survey_answers WHERE session_id IN ({nobody})')
    op.execute(f'DELETE FROM survey_remarks WHERE session_id IN ({nobody})')
    op.execute('DELETE FROM survey_sessions WHERE person_id IS NULL')
    with op.batch_alter_table('survey_sessions') as batch:
        batch.alter_column('person_id', existing_type=sa.String(length=26), nullable=False)
    op.drop_table('rights_steps')
    op.drop_table('rights_pauses')
    op.drop_table('rights_decisions')
    op.drop_table('restrictions')
    op.drop_table('stated_purposes')
    op.drop_table('rights_requests')
    op.drop_table('suppressed_addresses')
    op.drop_table('retention_runs')
    op.drop_table('audit_checks')
