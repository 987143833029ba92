"""Sessions, codes, leavers"""

import sqlalchemy as sa
from alembic import op
from kernel.database import Moment

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('persons', sa.Column('left_at', Moment(), nullable=True))
    op.create_table('sessions',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('seen_at', Moment(), nullable=False),
    sa.Column('idle_at', Moment(), nullable=False),
    sa.Column('ends_at', Moment(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('ended_why', sa.String(length=20), nullable=True),
    sa.Column('means', sa.String(length=12), nullable=False),
    sa.Column('strong_at', Moment(), nullable=True),
    sa.Column('browser', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_sessions_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('digest', name=op.f('uq_sessions_digest'))
    )
    op.create_index('ix_sessions_person', 'sessions', ['person_id', 'ends_at'], unique=False)
    op.create_table('sign_in_asks',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('browser', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('address_digest', sa.String(length=64), nullable=False),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.Column('asked_at', Moment(), nullable=False),
    sa.Column('expires_at', Moment(), nullable=False),
    sa.Column('spent_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_asks'))
    )
    op.create_index('ix_sign_in_asks_address', 'sign_in_asks', ['address_digest', 'asked_at'], unique=False)
    op.create_index('ix_sign_in_asks_browser', 'sign_in_asks', ['browser', 'purpose'], unique=False)
    op.create_index(op.f('ix_sign_in_asks_expires_at'), 'sign_in_asks', ['expires_at'], unique=False)
    op.create_table('sign_in_codes',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('ask_id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('contact_point_id', sa.String(length=26), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['ask_id'], ['sign_in_asks.id'], name=op.f('fk_sign_in_codes_ask_id_sign_in_asks')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_sign_in_codes_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_codes'))
    )
    op.create_index(op.f('ix_sign_in_codes_ask_id'), 'sign_in_codes', ['ask_id'], unique=False)
    op.create_index(op.f('ix_sign_in_codes_person_id'), 'sign_in_codes', ['person_id'], unique=False)
    op.create_table('leavings',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('left_at', Moment(), nullable=False),
    sa.Column('undone_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_leavings_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leavings'))
    )
    op.create_index(op.f('ix_leavings_person_id'), 'leavings', ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_table('leavings')
    op.drop_table('sign_in_codes')
    op.drop_table('sign_in_asks')
    op.drop_table('sessions')
    op.drop_column('persons', 'left_at')
