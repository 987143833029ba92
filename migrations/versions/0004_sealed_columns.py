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

_JSON, _TEXT, _LINE, _ADDRESS = sa.JSON(), sa.Text(), sa.String(length=200), sa.String(length=320)
# (table, its keys, its sealed columns: what they were before and whether they may be empty)
_SEALED = (
    ('contact_points', ('id',), {'address': (_ADDRESS, False)}),
    ('messages', ('seq',), {'values': (_JSON, False), 'attachments': (_JSON, True)}),
    ('message_history', ('seq',), {'detail': (_TEXT, False)}),
    (
        'inbound',
        ('seq',),
        {'sender': (_ADDRESS, False), 'body': (_TEXT, False), 'values': (_JSON, False), 'error': (_TEXT, True)},
    ),
    ('queue_items', ('id',), {'text': (_TEXT, False), 'answer': (_TEXT, True)}),
    (
        'sandbox_posts',
        ('seq',),
        {
            'address': (_ADDRESS, False),
            'title': (_TEXT, False),
            'body': (_TEXT, False),
            'buttons': (_JSON, False),
            'attachments': (_JSON, False),
        },
    ),
    ('survey_sessions', ('id',), {'state': (_JSON, True)}),
    ('survey_answers', ('session_id', 'question_id'), {'value_text': (_TEXT, True)}),
    ('survey_remarks', ('id',), {'text': (_TEXT, False)}),
    (
        'referrals',
        ('id',),
        {
            'outcomes': (_TEXT, False),
            'risk_wording': (_TEXT, False),
            'travel_zone': (_TEXT, False),
            'closed_reason': (_TEXT, True),
        },
    ),
    ('referral_issues', ('id',), {'text': (_JSON, False)}),
    ('qa_visits', ('id',), {'summary': (_TEXT, False)}),
    ('qa_actions', ('id',), {'title': (_LINE, False), 'success_measure': (_TEXT, False)}),
    ('qa_evidence', ('seq',), {'text': (_TEXT, False), 'verdict_note': (_TEXT, False)}),
    ('qa_steps', ('seq',), {'note': (_TEXT, False)}),
    ('fps_status_changes', ('setting_on_lot_id', 'number'), {'reason': (_TEXT, False)}),
    ('event_handlings', ('event_id', 'reaction'), {'error': (_TEXT, True)}),
    ('timetable', ('job', 'slot'), {'error': (_TEXT, True)}),
)
# (table, its key, the digest column, what it is the digest of)
_DIGESTS = (
    ('contact_points', 'id', 'address_digest', 'address'),
    ('inbound', 'seq', 'sender_digest', 'sender'),
    ('sandbox_posts', 'seq', 'address_digest', 'address'),
)
_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.drop_index('ix_contact_points_address', 'contact_points')
    op.drop_index('ix_inbound_lane', 'inbound')
    op.drop_index('ix_sandbox_posts_address', 'sandbox_posts')
    for table, _keys, columns in _SEALED:
        _widen(table, columns)
    for digest in _DIGESTS:
        _fill(*digest)
    with op.batch_alter_table('contact_points') as batch:
        batch.alter_column('address_digest', existing_type=sa.String(length=64), nullable=False)
        batch.create_unique_constraint(
            op.f('uq_contact_points_person_id_channel_address_digest'), ['person_id', 'channel', 'address_digest']
        )
    op.create_index('ix_contact_points_address', 'contact_points', ['channel', 'address_digest'], unique=False)
    op.create_index(
        'ix_inbound_lane', 'inbound', ['channel', 'sender_digest', 'seq'],
        unique=False, postgresql_where=_WAITING, sqlite_where=_WAITING,
    )
    op.create_index('ix_sandbox_posts_address', 'sandbox_posts', ['channel', 'address_digest', 'seq'], unique=False)
    op.add_column('referral_responses', sa.Column('key', sa.Text(), nullable=True))
    op.add_column('referral_late_responses', sa.Column('key', sa.Text(), nullable=True))
    op.add_column('grants', sa.Column('renewed_digest', sa.String(length=64), nullable=True))
    op.create_index(op.f('ix_grants_renewed_digest'), 'grants', ['renewed_digest'], unique=True)


def downgrade() -> None:
    _refuse_responses_with_keys()
    op.drop_index(op.f('ix_grants_renewed_digest'), 'grants')
    op.drop_column('grants', 'renewed_digest')
    op.drop_column('referral_late_responses', 'key')
    op.drop_column('referral_responses', 'key')
    op.drop_index('ix_sandbox_posts_address', 'sandbox_posts')
    op.drop_index('ix_inbound_lane', 'inbound')
    op.drop_index('ix_contact_points_address', 'contact_points')
    for table, keys, columns in _SEALED:
        _open(table, keys, columns)
        _narrow(table, columns)
    op.create_index('ix_sandbox_posts_address', 'sandbox_posts', ['channel', 'address', 'seq'], unique=False)
    op.create_index(
        'ix_inbound_lane', 'inbound', ['channel', 'sender', 'seq'],
        unique=False, postgresql_where=_WAITING, sqlite_where=_WAITING,
    )
    op.create_index('ix_contact_points_address', 'contact_points', ['channel', 'address'], unique=False)
    with op.batch_alter_table('contact_points') as batch:
        batch.create_unique_constraint(
            op.f('uq_contact_points_person_id_channel_address'), ['person_id', 'channel', 'address']
        )


def _digest_in(table):
    return next((column for name, _key, column, _of in _DIGESTS if name == table), None)


def _widen(table, columns):
    """Make room for seals, and for the digest where there is one."""
    changed = {name: was for name, was in columns.items() if was[0] is not _TEXT}
    if not changed:
        return
    with op.batch_alter_table(table) as batch:
        if table == 'contact_points':
            batch.drop_constraint(op.f('uq_contact_points_person_id_channel_address'), type_='unique')
        for name, (kind, may_be_empty) in changed.items():
            batch.alter_column(name, existing_type=kind, type_=_TEXT, existing_nullable=may_be_empty)
        if _digest_in(table):
            batch.add_column(sa.Column(_digest_in(table), sa.String(length=64), nullable=True))


def _narrow(table, columns):
    """Give columns the types back that they had."""
    changed = {name: was for name, was in columns.items() if was[0] is not _TEXT}
    if not changed:
        return
    with op.batch_alter_table(table) as batch:
        if table == 'contact_points':
            batch.drop_constraint(op.f('uq_contact_points_person_id_channel_address_digest'), type_='unique')
        if _digest_in(table):
            batch.drop_column(_digest_in(table))
        for name, (kind, may_be_empty) in changed.items():
            using = {'postgresql_using': f'"{name}"::json'} if kind is _JSON else {}
            batch.alter_column(name, existing_type=_TEXT, type_=kind, existing_nullable=may_be_empty, **using)


def _refuse_responses_with_keys():
    """Sealed responses with a key of their own would be lost with it."""
    for table in ('referral_responses', 'referral_late_responses'):
        kept = sa.table(table, sa.column('key'))
        if op.get_bind().execute(sa.select(sa.func.count()).select_from(kept).where(kept.c.key.is_not(None))).scalar():
            raise RuntimeError('there are sealed responses that only this version and newer ones can open')


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
