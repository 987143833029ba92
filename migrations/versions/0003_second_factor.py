"""Authenticator apps, passkeys, single sign-on"""

import sqlalchemy as sa
from alembic import op
from kernel.database import Moment

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('authenticators',
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('secret', sa.Text(), nullable=True),
    sa.Column('confirmed_at', Moment(), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=True),
    sa.Column('offered', sa.Text(), nullable=True),
    sa.Column('offered_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_authenticators_person_id_persons')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_authenticators'))
    )
    op.create_table('recovery_codes',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('used_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_recovery_codes_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
    sa.UniqueConstraint('person_id', 'digest', name=op.f('uq_recovery_codes_person_id_digest'))
    )
    op.create_table('passkeys',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('credential_id', sa.Text(), nullable=False),
    sa.Column('public_key', sa.Text(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('used_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_passkeys_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkeys_credential_id'))
    )
    op.create_index(op.f('ix_passkeys_person_id'), 'passkeys', ['person_id'], unique=False)
    op.create_table('sso_identities',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('issuer', sa.String(length=255), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('linked_at', Moment(), nullable=False),
    sa.Column('used_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_sso_identities_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sso_identities')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_sso_identities_issuer_subject')),
    sa.UniqueConstraint('person_id', 'issuer', name=op.f('uq_sso_identities_person_id_issuer'))
    )
    op.create_table('sign_in_ceremonies',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=True),
    sa.Column('ends_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_sign_in_ceremonies_person_id_persons')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_sign_in_ceremonies'))
    )
    op.create_index(op.f('ix_sign_in_ceremonies_ends_at'), 'sign_in_ceremonies', ['ends_at'], unique=False)


def downgrade() -> None:
    op.drop_table('sign_in_ceremonies')
    op.drop_table('sso_identities')
    op.drop_table('passkeys')
    op.drop_table('recovery_codes')
    op.drop_table('authenticators')
