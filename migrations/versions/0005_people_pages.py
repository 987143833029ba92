"""Merges, invitations, delegations"""

import sqlalchemy as sa
from alembic import op
from kernel.database import Moment

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('persons', sa.Column('merged_into_id', sa.String(length=26), nullable=True))
    op.add_column('contact_points', sa.Column('removed_at', Moment(), nullable=True))
    op.create_table('past_roles',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('role', sa.String(length=24), nullable=False),
    sa.Column('organisation_id', sa.String(length=26), nullable=False),
    sa.Column('ended_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_past_roles_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_past_roles_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_past_roles'))
    )
    op.create_index(op.f('ix_past_roles_person_id'), 'past_roles', ['person_id'], unique=False)
    op.create_table('contact_checks',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('contact_point_id', sa.String(length=26), nullable=False),
    sa.Column('asked_by', sa.String(length=26), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('replaces_id', sa.String(length=26), nullable=True),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('expires_at', Moment(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['contact_point_id'], ['contact_points.id'], name=op.f('fk_contact_checks_contact_point_id_contact_points')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_checks'))
    )
    op.create_index(op.f('ix_contact_checks_contact_point_id'), 'contact_checks', ['contact_point_id'], unique=False)
    op.create_index('ix_contact_checks_asked', 'contact_checks', ['asked_by', 'created_at'], unique=False)
    op.create_table('invitations',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('contact_point_id', sa.String(length=26), nullable=False),
    sa.Column('role', sa.String(length=24), nullable=False),
    sa.Column('organisation_id', sa.String(length=26), nullable=False),
    sa.Column('is_new', sa.Boolean(), nullable=False),
    sa.Column('invited_by', sa.String(length=26), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('grant_id', sa.String(length=26), nullable=False),
    sa.Column('sent_at', Moment(), nullable=False),
    sa.Column('expires_at', Moment(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('ended_why', sa.String(length=12), nullable=True),
    sa.ForeignKeyConstraint(['contact_point_id'], ['contact_points.id'], name=op.f('fk_invitations_contact_point_id_contact_points')),
    sa.ForeignKeyConstraint(['invited_by'], ['persons.id'], name=op.f('fk_invitations_invited_by_persons')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_invitations_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_invitations_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations'))
    )
    op.create_index('uq_invitations_open', 'invitations', ['person_id', 'role', 'organisation_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))
    op.create_index(op.f('ix_invitations_person_id'), 'invitations', ['person_id'], unique=False)
    op.create_index('ix_invitations_organisation', 'invitations', ['organisation_id'], unique=False)
    op.create_table('delegations',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('delegate_id', sa.String(length=26), nullable=False),
    sa.Column('organisation_id', sa.String(length=26), nullable=False),
    sa.Column('starts_at', Moment(), nullable=False),
    sa.Column('ends_at', Moment(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['delegate_id'], ['persons.id'], name=op.f('fk_delegations_delegate_id_persons')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_delegations_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_delegations_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegations'))
    )
    op.create_index(op.f('ix_delegations_person_id'), 'delegations', ['person_id'], unique=False)
    op.create_index(op.f('ix_delegations_delegate_id'), 'delegations', ['delegate_id'], unique=False)
    op.create_table('merges',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('kept_id', sa.String(length=26), nullable=False),
    sa.Column('gone_id', sa.String(length=26), nullable=False),
    sa.Column('merged_by', sa.String(length=26), nullable=False),
    sa.Column('merged_at', Moment(), nullable=False),
    sa.Column('undo_until', Moment(), nullable=False),
    sa.Column('undone_at', Moment(), nullable=True),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['gone_id'], ['persons.id'], name=op.f('fk_merges_gone_id_persons')),
    sa.ForeignKeyConstraint(['kept_id'], ['persons.id'], name=op.f('fk_merges_kept_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merges'))
    )
    op.create_index(op.f('ix_merges_gone_id'), 'merges', ['gone_id'], unique=False)
    op.create_index(op.f('ix_merges_kept_id'), 'merges', ['kept_id'], unique=False)
    op.create_table('distinct_persons',
    sa.Column('first_id', sa.String(length=26), nullable=False),
    sa.Column('second_id', sa.String(length=26), nullable=False),
    sa.Column('said_by', sa.String(length=26), nullable=False),
    sa.Column('said_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['first_id'], ['persons.id'], name=op.f('fk_distinct_persons_first_id_persons')),
    sa.ForeignKeyConstraint(['second_id'], ['persons.id'], name=op.f('fk_distinct_persons_second_id_persons')),
    sa.PrimaryKeyConstraint('first_id', 'second_id', name=op.f('pk_distinct_persons'))
    )


def downgrade() -> None:
    for table in ('distinct_persons', 'merges', 'delegations', 'invitations', 'contact_checks', 'past_roles'):
        op.drop_table(table)
    op.execute('ALTER TABLE contact_points DROP COLUMN removed_at')
    op.execute('ALTER TABLE persons DROP COLUMN merged_into_id')
