"""Imports of people, branding"""

import sqlalchemy as sa
from alembic import op
from kernel.database import Moment

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('brandings',
    sa.Column('organisation_id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('colour', sa.String(length=7), nullable=False),
    sa.Column('council', sa.String(length=60), nullable=False),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_brandings_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_brandings'))
    )
    op.create_table('people_imports',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('people', sa.Text(), nullable=False),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_people_imports_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_imports'))
    )
    op.create_index(op.f('ix_people_imports_person_id'), 'people_imports', ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_people_imports_person_id'), table_name='people_imports')
    op.drop_table('people_imports')
    op.drop_table('brandings')
