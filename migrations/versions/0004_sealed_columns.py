"""Addresses and free text are sealed

The columns become wide enough for seals. What they hold stays as it is and is read as it is: `hub keys rotate` seals
it, online. Digests of addresses are needed at once and are written here.
"""

import sqlalchemy as sa
from alembic import op
from kernel.sealing import ring_of

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_BATCH = 500

# (table, its key, the digest column, what it is the digest of)
_DIGESTS = (
    ('contact_points', 'id', 'address_digest', 'address'),
)
# (table, its keys, its sealed columns): what the way down has to open
_SEALED = (
    ('contact_points', ('id',), ('address',)),
)


def upgrade() -> None:
    with op.batch_alter_table('contact_points') as batch:
        batch.drop_index('ix_contact_points_address')
        batch.drop_constraint(op.f('uq_contact_points_person_id_channel_address'), type_='unique')
        batch.alter_column('address', existing_type=sa.String(length=320), type_=sa.Text(), existing_nullable=False)
        batch.add_column(sa.Column('address_digest', sa.String(length=64), nullable=True))
    for digest in _DIGESTS:
        _fill(*digest)
    with op.batch_alter_table('contact_points') as batch:
        batch.alter_column('address_digest', existing_type=sa.String(length=64), nullable=False)
        batch.create_unique_constraint(
            op.f('uq_contact_points_person_id_channel_address_digest'), ['person_id', 'channel', 'address_digest']
        )
        batch.create_index('ix_contact_points_address', ['channel', 'address_digest'], unique=False)


def downgrade() -> None:
    for table, keys, columns in _SEALED:
        _open(table, keys, columns)
    with op.batch_alter_table('contact_points') as batch:
        batch.drop_index('ix_contact_points_address')
        batch.drop_constraint(op.f('uq_contact_points_person_id_channel_address_digest'), type_='unique')
        batch.drop_column('address_digest')
        batch.alter_column('address', existing_type=sa.Text(), type_=sa.String(length=320), existing_nullable=False)
        batch.create_unique_constraint(
            op.f('uq_contact_points_person_id_channel_address'), ['person_id', 'channel', 'address']
        )
        batch.create_index('ix_contact_points_address', ['channel', 'address'], unique=False)


def _rows(table, keys, columns):
    """Yield a table's rows in batches, in the order of their keys."""
    read = sa.table(table, *map(sa.column, (*keys, *columns)))
    key = sa.tuple_(*(read.c[name] for name in keys))
    found = sa.select(read).order_by(*(read.c[name] for name in keys)).limit(_BATCH)
    rows = op.get_bind().execute(found).all()
    while rows:
        yield rows
        last = tuple(getattr(rows[-1], name) for name in keys)
        rows = op.get_bind().execute(found.where(key > last)).all()


def _write(table, keys, changes):
    """Write what `changes` says, a dictionary a row with its keys under "key_NAME"."""
    written = sa.table(table, *map(sa.column, (*keys, *(name for name in changes[0] if not name.startswith('key_')))))
    of_row = [written.c[name] == sa.bindparam(f'key_{name}') for name in keys]
    op.get_bind().execute(sa.update(written).where(*of_row), changes)


def _fill(table, key, digest, of):
    """Write the digest of a column that is not sealed yet."""
    for rows in _rows(table, (key,), (of,)):
        ring = ring_of(op.get_bind().dialect)
        _write(table, (key,), [{f'key_{key}': getattr(row, key), digest: ring.digest(getattr(row, of))} for row in rows])


def _open(table, keys, columns):
    """Put the words themselves back in the place of their seals."""
    for rows in _rows(table, keys, columns):
        ring = ring_of(op.get_bind().dialect)
        changes = []
        for row in rows:
            change = {f'key_{name}': getattr(row, name) for name in keys}
            for name in columns:
                kept = row._mapping[name]
                change[name] = None if kept is None else ring.open(f'{table}.{name}', kept)
            changes.append(change)
        _write(table, keys, changes)
