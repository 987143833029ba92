"""The foundation"""

import sqlalchemy as sa
from alembic import op
from kernel.database import Moment
from kernel.tables import AUDIT_GUARDS

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('actor', sa.String(length=26), nullable=False),
    sa.Column('action', sa.String(length=80), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.String(length=64), nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit'))
    )
    op.create_index('ix_audit_subject', 'audit', ['subject_kind', 'subject_id', 'seq'], unique=False)
    op.create_table('events',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('is_spread', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_events')),
    sa.UniqueConstraint('id', name=op.f('uq_events_id'))
    )
    op.create_index('ix_events_waiting', 'events', ['seq'], unique=False, postgresql_where=sa.text('NOT is_spread'), sqlite_where=sa.text('NOT is_spread'))
    op.create_table('organisations',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=True),
    sa.Column('dfe_code', sa.String(length=4), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('council_id', sa.String(length=26), nullable=True),
    sa.ForeignKeyConstraint(['council_id'], ['organisations.id'], name=op.f('fk_organisations_council_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisations')),
    sa.UniqueConstraint('code', name=op.f('uq_organisations_code'))
    )
    op.create_table('paces',
    sa.Column('provider', sa.String(length=20), nullable=False),
    sa.Column('free_from', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('provider', name=op.f('pk_paces'))
    )
    op.create_table('persons',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('quiet_from', sa.Time(), nullable=True),
    sa.Column('quiet_to', sa.Time(), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('signed_out_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_persons'))
    )
    op.create_table('qa_steps',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('subject_id', sa.String(length=26), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('actor_id', sa.String(length=26), nullable=False),
    sa.Column('what', sa.String(length=120), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_qa_steps'))
    )
    op.create_index(op.f('ix_qa_steps_subject_id'), 'qa_steps', ['subject_id'], unique=False)
    op.create_table('sandbox_posts',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('attempt_id', sa.String(length=40), nullable=False),
    sa.Column('message_id', sa.String(length=26), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('buttons', sa.JSON(), nullable=False),
    sa.Column('attachments', sa.JSON(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_sandbox_posts')),
    sa.UniqueConstraint('attempt_id', name=op.f('uq_sandbox_posts_attempt_id'))
    )
    op.create_index('ix_sandbox_posts_address', 'sandbox_posts', ['channel', 'address', 'seq'], unique=False)
    op.create_table('timetable',
    sa.Column('job', sa.String(length=80), nullable=False),
    sa.Column('slot', Moment(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', Moment(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('job', 'slot', name=op.f('pk_timetable'))
    )
    op.create_table('consents',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('basis', sa.String(length=40), nullable=False),
    sa.Column('given_at', Moment(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_consents_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    op.create_index(op.f('ix_consents_person_id'), 'consents', ['person_id'], unique=False)
    op.create_table('contact_points',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=True),
    sa.Column('organisation_id', sa.String(length=26), nullable=True),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('verified_at', Moment(), nullable=True),
    sa.Column('opted_out_at', Moment(), nullable=True),
    sa.Column('failed_at', Moment(), nullable=True),
    sa.CheckConstraint('(person_id IS NULL) <> (organisation_id IS NULL)', name=op.f('ck_contact_points_one_owner')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_contact_points_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_contact_points_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_points')),
    sa.UniqueConstraint('person_id', 'channel', 'address', name=op.f('uq_contact_points_person_id_channel_address'))
    )
    op.create_index('ix_contact_points_address', 'contact_points', ['channel', 'address'], unique=False)
    op.create_index('ix_contact_points_organisation', 'contact_points', ['organisation_id'], unique=False)
    op.create_table('event_handlings',
    sa.Column('event_id', sa.String(length=26), nullable=False),
    sa.Column('reaction', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', Moment(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_handlings_event_id_events')),
    sa.PrimaryKeyConstraint('event_id', 'reaction', name=op.f('pk_event_handlings'))
    )
    op.create_index('ix_event_handlings_waiting', 'event_handlings', ['due_at'], unique=False, postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
    op.create_table('fps_frameworks',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('regime', sa.String(length=20), nullable=False),
    sa.Column('lead_id', sa.String(length=26), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('terms', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['organisations.id'], name=op.f('fk_fps_frameworks_lead_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fps_frameworks')),
    sa.UniqueConstraint('name', name=op.f('uq_fps_frameworks_name'))
    )
    op.create_table('fps_settings',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('provider_id', sa.String(length=26), nullable=False),
    sa.Column('urn', sa.String(length=6), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('age_from', sa.SmallInteger(), nullable=False),
    sa.Column('age_to', sa.SmallInteger(), nullable=False),
    sa.Column('intake', sa.String(length=8), nullable=False),
    sa.Column('district', sa.String(length=100), nullable=False),
    sa.Column('referral_contact_id', sa.String(length=26), nullable=False),
    sa.CheckConstraint('0 <= age_from AND age_from <= age_to', name=op.f('ck_fps_settings_ages')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisations.id'], name=op.f('fk_fps_settings_provider_id_organisations')),
    sa.ForeignKeyConstraint(['referral_contact_id'], ['persons.id'], name=op.f('fk_fps_settings_referral_contact_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fps_settings')),
    sa.UniqueConstraint('urn', name=op.f('uq_fps_settings_urn'))
    )
    op.create_index(op.f('ix_fps_settings_provider_id'), 'fps_settings', ['provider_id'], unique=False)
    op.create_table('grants',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('target', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('expires_at', Moment(), nullable=False),
    sa.Column('spent_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_grants_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grants')),
    sa.UniqueConstraint('digest', name=op.f('uq_grants_digest'))
    )
    op.create_index(op.f('ix_grants_person_id'), 'grants', ['person_id'], unique=False)
    op.create_table('inbound',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('vendor_id', sa.String(length=255), nullable=False),
    sa.Column('sender', sa.String(length=320), nullable=False),
    sa.Column('recipient', sa.String(length=320), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=True),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('thread', sa.String(length=26), nullable=True),
    sa.Column('automatic', sa.String(length=40), nullable=True),
    sa.Column('received_at', Moment(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('due_at', Moment(), nullable=False),
    sa.Column('attempts', sa.SmallInteger(), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=True),
    sa.Column('detail', sa.String(length=200), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_inbound_person_id_persons')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_inbound')),
    sa.UniqueConstraint('channel', 'vendor_id', name=op.f('uq_inbound_channel_vendor_id')),
    sa.UniqueConstraint('id', name=op.f('uq_inbound_id'))
    )
    op.create_index('ix_inbound_lane', 'inbound', ['channel', 'sender', 'seq'], unique=False, postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
    op.create_index('ix_inbound_parked', 'inbound', ['seq'], unique=False, postgresql_where=sa.text("state = 'parked'"), sqlite_where=sa.text("state = 'parked'"))
    op.create_index('ix_inbound_person', 'inbound', ['person_id', 'seq'], unique=False)
    op.create_index('ix_inbound_waiting', 'inbound', ['seq'], unique=False, postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
    op.create_table('organisation_successions',
    sa.Column('ended_id', sa.String(length=26), nullable=False),
    sa.Column('successor_id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['ended_id'], ['organisations.id'], name=op.f('fk_organisation_successions_ended_id_organisations')),
    sa.ForeignKeyConstraint(['successor_id'], ['organisations.id'], name=op.f('fk_organisation_successions_successor_id_organisations')),
    sa.PrimaryKeyConstraint('ended_id', 'successor_id', name=op.f('pk_organisation_successions'))
    )
    op.create_table('qa_figures',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.Column('changed_by', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['persons.id'], name=op.f('fk_qa_figures_changed_by_persons')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_qa_figures'))
    )
    op.create_table('roles',
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('role', sa.String(length=24), nullable=False),
    sa.Column('organisation_id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_roles_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_roles_person_id_persons')),
    sa.PrimaryKeyConstraint('person_id', 'role', 'organisation_id', name=op.f('pk_roles'))
    )
    op.create_index('ix_roles_organisation', 'roles', ['organisation_id', 'role'], unique=False)
    op.create_table('surveys',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('forum_id', sa.String(length=26), nullable=False),
    sa.Column('council_id', sa.String(length=26), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('status', sa.String(length=8), nullable=False),
    sa.Column('created_by', sa.String(length=26), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('opened_at', Moment(), nullable=True),
    sa.Column('closes_at', Moment(), nullable=True),
    sa.Column('closed_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['council_id'], ['organisations.id'], name=op.f('fk_surveys_council_id_organisations')),
    sa.ForeignKeyConstraint(['created_by'], ['persons.id'], name=op.f('fk_surveys_created_by_persons')),
    sa.ForeignKeyConstraint(['forum_id'], ['organisations.id'], name=op.f('fk_surveys_forum_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_surveys'))
    )
    op.create_index(op.f('ix_surveys_forum_id'), 'surveys', ['forum_id'], unique=False)
    op.create_index(op.f('ix_surveys_status'), 'surveys', ['status'], unique=False)
    op.create_table('fps_documents',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('setting_id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('recorded_at', Moment(), nullable=False),
    sa.Column('recorded_by', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['setting_id'], ['fps_settings.id'], name=op.f('fk_fps_documents_setting_id_fps_settings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fps_documents'))
    )
    op.create_index('ix_fps_documents_setting', 'fps_documents', ['setting_id', 'kind'], unique=False)
    op.create_table('fps_lots',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('framework_id', sa.String(length=26), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('required_documents', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['framework_id'], ['fps_frameworks.id'], name=op.f('fk_fps_lots_framework_id_fps_frameworks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fps_lots')),
    sa.UniqueConstraint('framework_id', 'number', name=op.f('uq_fps_lots_framework_id_number'))
    )
    op.create_table('fps_memberships',
    sa.Column('framework_id', sa.String(length=26), nullable=False),
    sa.Column('council_id', sa.String(length=26), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['council_id'], ['organisations.id'], name=op.f('fk_fps_memberships_council_id_organisations')),
    sa.ForeignKeyConstraint(['framework_id'], ['fps_frameworks.id'], name=op.f('fk_fps_memberships_framework_id_fps_frameworks')),
    sa.PrimaryKeyConstraint('framework_id', 'council_id', 'since', name=op.f('pk_fps_memberships'))
    )
    op.create_table('messages',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=True),
    sa.Column('contact_point_id', sa.String(length=26), nullable=True),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('pin', sa.String(length=8), nullable=True),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('attachments', sa.JSON(), nullable=True),
    sa.Column('about_kind', sa.String(length=40), nullable=True),
    sa.Column('about_id', sa.String(length=64), nullable=True),
    sa.Column('dedupe_key', sa.String(length=160), nullable=True),
    sa.Column('order_key', sa.String(length=26), nullable=True),
    sa.Column('urgency', sa.SmallInteger(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=True),
    sa.Column('due_at', Moment(), nullable=True),
    sa.Column('expires_at', Moment(), nullable=True),
    sa.Column('lease_until', Moment(), nullable=True),
    sa.Column('is_solicited', sa.Boolean(), nullable=False),
    sa.Column('attempts', sa.SmallInteger(), nullable=False),
    sa.Column('attempts_elsewhere', sa.SmallInteger(), nullable=False),
    sa.Column('tried', sa.JSON(), nullable=True),
    sa.Column('vendor_id', sa.String(length=120), nullable=True),
    sa.Column('queued_at', Moment(), nullable=False),
    sa.Column('handed_at', Moment(), nullable=True),
    sa.Column('sent_at', Moment(), nullable=True),
    sa.Column('delivered_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['contact_point_id'], ['contact_points.id'], name=op.f('fk_messages_contact_point_id_contact_points')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_messages_person_id_persons')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_messages')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_messages_dedupe_key')),
    sa.UniqueConstraint('id', name=op.f('uq_messages_id'))
    )
    op.create_index('ix_messages_about', 'messages', ['about_kind', 'about_id'], unique=False)
    op.create_index('ix_messages_due', 'messages', ['channel', 'urgency', 'due_at', 'seq'], unique=False, postgresql_where=sa.text("status IN ('queued', 'held')"), sqlite_where=sa.text("status IN ('queued', 'held')"))
    op.create_index('ix_messages_in_hand', 'messages', ['lease_until'], unique=False, postgresql_where=sa.text("status IN ('handing_over', 'unknown')"), sqlite_where=sa.text("status IN ('handing_over', 'unknown')"))
    op.create_index('ix_messages_order', 'messages', ['order_key', 'seq'], unique=False, postgresql_where=sa.text("order_key IS NOT NULL AND status IN ('queued', 'held', 'handing_over', 'unknown')"), sqlite_where=sa.text("order_key IS NOT NULL AND status IN ('queued', 'held', 'handing_over', 'unknown')"))
    op.create_index('ix_messages_person', 'messages', ['person_id', 'seq'], unique=False)
    op.create_table('qa_setting_spans',
    sa.Column('setting_id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['setting_id'], ['fps_settings.id'], name=op.f('fk_qa_setting_spans_setting_id_fps_settings')),
    sa.PrimaryKeyConstraint('setting_id', 'kind', 'first_on', name=op.f('pk_qa_setting_spans'))
    )
    op.create_table('qa_visits',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('council_id', sa.String(length=26), nullable=False),
    sa.Column('setting_id', sa.String(length=26), nullable=False),
    sa.Column('provider_id', sa.String(length=26), nullable=False),
    sa.Column('visit_type', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('officer_id', sa.String(length=26), nullable=False),
    sa.Column('proposed_by', sa.String(length=26), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('starts_at', sa.Time(), nullable=False),
    sa.Column('ends_at', sa.Time(), nullable=False),
    sa.Column('is_unannounced', sa.Boolean(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('invited_at', Moment(), nullable=True),
    sa.Column('judgement', sa.String(length=24), nullable=True),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['organisations.id'], name=op.f('fk_qa_visits_council_id_organisations')),
    sa.ForeignKeyConstraint(['officer_id'], ['persons.id'], name=op.f('fk_qa_visits_officer_id_persons')),
    sa.ForeignKeyConstraint(['proposed_by'], ['persons.id'], name=op.f('fk_qa_visits_proposed_by_persons')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisations.id'], name=op.f('fk_qa_visits_provider_id_organisations')),
    sa.ForeignKeyConstraint(['setting_id'], ['fps_settings.id'], name=op.f('fk_qa_visits_setting_id_fps_settings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_qa_visits'))
    )
    op.create_index('ix_qa_visits_council', 'qa_visits', ['council_id', 'day'], unique=False)
    op.create_index('ix_qa_visits_setting', 'qa_visits', ['setting_id', 'day'], unique=False)
    op.create_table('queue_items',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('queue', sa.String(length=24), nullable=False),
    sa.Column('inbound_id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('contact_point_id', sa.String(length=26), nullable=False),
    sa.Column('organisation_id', sa.String(length=26), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('opened_at', Moment(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('ended_by', sa.String(length=26), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['contact_point_id'], ['contact_points.id'], name=op.f('fk_queue_items_contact_point_id_contact_points')),
    sa.ForeignKeyConstraint(['ended_by'], ['persons.id'], name=op.f('fk_queue_items_ended_by_persons')),
    sa.ForeignKeyConstraint(['inbound_id'], ['inbound.id'], name=op.f('fk_queue_items_inbound_id_inbound')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_queue_items_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_queue_items_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_items')),
    sa.UniqueConstraint('inbound_id', name=op.f('uq_queue_items_inbound_id'))
    )
    op.create_index('ix_queue_items_open', 'queue_items', ['queue', 'ended_at', 'opened_at'], unique=False)
    op.create_table('survey_versions',
    sa.Column('survey_id', sa.String(length=26), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('created_by', sa.String(length=26), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['persons.id'], name=op.f('fk_survey_versions_created_by_persons')),
    sa.ForeignKeyConstraint(['survey_id'], ['surveys.id'], name=op.f('fk_survey_versions_survey_id_surveys')),
    sa.PrimaryKeyConstraint('survey_id', 'number', name=op.f('pk_survey_versions'))
    )
    op.create_table('fps_settings_on_lots',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('setting_id', sa.String(length=26), nullable=False),
    sa.Column('lot_id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['fps_lots.id'], name=op.f('fk_fps_settings_on_lots_lot_id_fps_lots')),
    sa.ForeignKeyConstraint(['setting_id'], ['fps_settings.id'], name=op.f('fk_fps_settings_on_lots_setting_id_fps_settings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fps_settings_on_lots')),
    sa.UniqueConstraint('setting_id', 'lot_id', name=op.f('uq_fps_settings_on_lots_setting_id_lot_id'))
    )
    op.create_index(op.f('ix_fps_settings_on_lots_lot_id'), 'fps_settings_on_lots', ['lot_id'], unique=False)
    op.create_table('message_history',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('message_id', sa.String(length=26), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('what', sa.String(length=24), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=True),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_message_history_message_id_messages')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_message_history'))
    )
    op.create_index(op.f('ix_message_history_message_id'), 'message_history', ['message_id'], unique=False)
    op.create_table('qa_actions',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('visit_id', sa.String(length=26), nullable=False),
    sa.Column('council_id', sa.String(length=26), nullable=False),
    sa.Column('setting_id', sa.String(length=26), nullable=False),
    sa.Column('provider_id', sa.String(length=26), nullable=False),
    sa.Column('officer_id', sa.String(length=26), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('head', sa.String(length=20), nullable=False),
    sa.Column('priority', sa.String(length=8), nullable=False),
    sa.Column('owner_id', sa.String(length=26), nullable=False),
    sa.Column('success_measure', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('is_evidence_rejected', sa.Boolean(), nullable=False),
    sa.Column('next_chaser_on', sa.Date(), nullable=True),
    sa.Column('opened_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['organisations.id'], name=op.f('fk_qa_actions_council_id_organisations')),
    sa.ForeignKeyConstraint(['officer_id'], ['persons.id'], name=op.f('fk_qa_actions_officer_id_persons')),
    sa.ForeignKeyConstraint(['owner_id'], ['persons.id'], name=op.f('fk_qa_actions_owner_id_persons')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisations.id'], name=op.f('fk_qa_actions_provider_id_organisations')),
    sa.ForeignKeyConstraint(['setting_id'], ['fps_settings.id'], name=op.f('fk_qa_actions_setting_id_fps_settings')),
    sa.ForeignKeyConstraint(['visit_id'], ['qa_visits.id'], name=op.f('fk_qa_actions_visit_id_qa_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_qa_actions'))
    )
    op.create_index('ix_qa_actions_chased', 'qa_actions', ['next_chaser_on', 'id'], unique=False, postgresql_where=sa.text('next_chaser_on IS NOT NULL'), sqlite_where=sa.text('next_chaser_on IS NOT NULL'))
    op.create_index('ix_qa_actions_council', 'qa_actions', ['council_id', 'due_on'], unique=False)
    op.create_index('ix_qa_actions_provider', 'qa_actions', ['provider_id', 'due_on'], unique=False)
    op.create_index(op.f('ix_qa_actions_visit_id'), 'qa_actions', ['visit_id'], unique=False)
    op.create_table('qa_officer_days',
    sa.Column('officer_id', sa.String(length=26), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('visit_id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['officer_id'], ['persons.id'], name=op.f('fk_qa_officer_days_officer_id_persons')),
    sa.ForeignKeyConstraint(['visit_id'], ['qa_visits.id'], name=op.f('fk_qa_officer_days_visit_id_qa_visits')),
    sa.PrimaryKeyConstraint('officer_id', 'day', name=op.f('pk_qa_officer_days'))
    )
    op.create_index(op.f('ix_qa_officer_days_visit_id'), 'qa_officer_days', ['visit_id'], unique=False)
    op.create_table('referrals',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('reference', sa.String(length=12), nullable=False),
    sa.Column('council_id', sa.String(length=26), nullable=False),
    sa.Column('lot_id', sa.String(length=26), nullable=False),
    sa.Column('author_id', sa.String(length=26), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('age_band', sa.String(length=8), nullable=False),
    sa.Column('year_group', sa.String(length=20), nullable=False),
    sa.Column('gender', sa.String(length=8), nullable=True),
    sa.Column('need_area', sa.String(length=40), nullable=False),
    sa.Column('outcomes', sa.Text(), nullable=False),
    sa.Column('risk_wording', sa.Text(), nullable=False),
    sa.Column('travel_zone', sa.Text(), nullable=False),
    sa.Column('starts_from', sa.Date(), nullable=False),
    sa.Column('starts_until', sa.Date(), nullable=False),
    sa.Column('closed_at', Moment(), nullable=True),
    sa.Column('closed_by', sa.String(length=26), nullable=True),
    sa.Column('closed_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['persons.id'], name=op.f('fk_referrals_author_id_persons')),
    sa.ForeignKeyConstraint(['closed_by'], ['persons.id'], name=op.f('fk_referrals_closed_by_persons')),
    sa.ForeignKeyConstraint(['council_id'], ['organisations.id'], name=op.f('fk_referrals_council_id_organisations')),
    sa.ForeignKeyConstraint(['lot_id'], ['fps_lots.id'], name=op.f('fk_referrals_lot_id_fps_lots')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referrals')),
    sa.UniqueConstraint('reference', name=op.f('uq_referrals_reference'))
    )
    op.create_index('ix_referrals_council', 'referrals', ['council_id', 'created_at'], unique=False)
    op.create_table('survey_sessions',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('survey_id', sa.String(length=26), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('state', sa.JSON(), nullable=True),
    sa.Column('phase', sa.String(length=8), nullable=True),
    sa.Column('grant_id', sa.String(length=26), nullable=True),
    sa.Column('left_out', sa.String(length=20), nullable=True),
    sa.Column('asked_at', Moment(), nullable=True),
    sa.Column('answered_at', Moment(), nullable=True),
    sa.Column('finished_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['grant_id'], ['grants.id'], name=op.f('fk_survey_sessions_grant_id_grants')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_survey_sessions_person_id_persons')),
    sa.ForeignKeyConstraint(['survey_id', 'version'], ['survey_versions.survey_id', 'survey_versions.number'], name=op.f('fk_survey_sessions_survey_id_version_survey_versions')),
    sa.ForeignKeyConstraint(['survey_id'], ['surveys.id'], name=op.f('fk_survey_sessions_survey_id_surveys')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_sessions')),
    sa.UniqueConstraint('survey_id', 'person_id', name=op.f('uq_survey_sessions_survey_id_person_id'))
    )
    op.create_index('ix_survey_sessions_finished', 'survey_sessions', ['survey_id', 'finished_at', 'id'], unique=False)
    op.create_index('ix_survey_sessions_person', 'survey_sessions', ['person_id', 'asked_at'], unique=False)
    op.create_table('fps_status_changes',
    sa.Column('setting_on_lot_id', sa.String(length=26), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('from_status', sa.String(length=16), nullable=True),
    sa.Column('to_status', sa.String(length=16), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', Moment(), nullable=False),
    sa.Column('actor_id', sa.String(length=26), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['setting_on_lot_id'], ['fps_settings_on_lots.id'], name=op.f('fk_fps_status_changes_setting_on_lot_id_fps_settings_on_lots')),
    sa.PrimaryKeyConstraint('setting_on_lot_id', 'number', name=op.f('pk_fps_status_changes'))
    )
    op.create_table('qa_evidence',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('action_id', sa.String(length=26), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sent_by', sa.String(length=26), nullable=False),
    sa.Column('sent_at', Moment(), nullable=False),
    sa.Column('verdict', sa.String(length=12), nullable=False),
    sa.Column('verdict_by', sa.String(length=26), nullable=True),
    sa.Column('verdict_at', Moment(), nullable=True),
    sa.Column('verdict_note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['qa_actions.id'], name=op.f('fk_qa_evidence_action_id_qa_actions')),
    sa.ForeignKeyConstraint(['sent_by'], ['persons.id'], name=op.f('fk_qa_evidence_sent_by_persons')),
    sa.ForeignKeyConstraint(['verdict_by'], ['persons.id'], name=op.f('fk_qa_evidence_verdict_by_persons')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_qa_evidence')),
    sa.UniqueConstraint('id', name=op.f('uq_qa_evidence_id'))
    )
    op.create_index(op.f('ix_qa_evidence_action_id'), 'qa_evidence', ['action_id'], unique=False)
    op.create_table('referral_confirmations',
    sa.Column('referral_id', sa.String(length=26), nullable=False),
    sa.Column('finding_key', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_referral_confirmations_person_id_persons')),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_referral_confirmations_referral_id_referrals')),
    sa.PrimaryKeyConstraint('referral_id', 'finding_key', name=op.f('pk_referral_confirmations'))
    )
    op.create_table('referral_exclusions',
    sa.Column('referral_id', sa.String(length=26), nullable=False),
    sa.Column('setting_id', sa.String(length=26), nullable=False),
    sa.Column('setting_name', sa.String(length=200), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_referral_exclusions_referral_id_referrals')),
    sa.ForeignKeyConstraint(['setting_id'], ['fps_settings.id'], name=op.f('fk_referral_exclusions_setting_id_fps_settings')),
    sa.PrimaryKeyConstraint('referral_id', 'setting_id', name=op.f('pk_referral_exclusions'))
    )
    op.create_table('referral_issues',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('referral_id', sa.String(length=26), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('issued_at', Moment(), nullable=False),
    sa.Column('issued_by', sa.String(length=26), nullable=False),
    sa.Column('release_at', Moment(), nullable=False),
    sa.Column('deadline_at', Moment(), nullable=False),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('terms', sa.JSON(), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['issued_by'], ['persons.id'], name=op.f('fk_referral_issues_issued_by_persons')),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_referral_issues_referral_id_referrals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_issues')),
    sa.UniqueConstraint('referral_id', 'version', name=op.f('uq_referral_issues_referral_id_version'))
    )
    op.create_index('ix_referral_issues_deadline', 'referral_issues', ['deadline_at'], unique=False)
    op.create_table('referral_recipients',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('referral_id', sa.String(length=26), nullable=False),
    sa.Column('setting_id', sa.String(length=26), nullable=False),
    sa.Column('setting_name', sa.String(length=200), nullable=False),
    sa.Column('provider_id', sa.String(length=26), nullable=False),
    sa.Column('contact_id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['persons.id'], name=op.f('fk_referral_recipients_contact_id_persons')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisations.id'], name=op.f('fk_referral_recipients_provider_id_organisations')),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_referral_recipients_referral_id_referrals')),
    sa.ForeignKeyConstraint(['setting_id'], ['fps_settings.id'], name=op.f('fk_referral_recipients_setting_id_fps_settings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_recipients')),
    sa.UniqueConstraint('referral_id', 'setting_id', name=op.f('uq_referral_recipients_referral_id_setting_id'))
    )
    op.create_index('ix_referral_recipients_provider', 'referral_recipients', ['provider_id', 'referral_id'], unique=False)
    op.create_table('referral_reminders',
    sa.Column('referral_id', sa.String(length=26), nullable=False),
    sa.Column('reminder', sa.String(length=12), nullable=False),
    sa.Column('queued_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_referral_reminders_referral_id_referrals')),
    sa.PrimaryKeyConstraint('referral_id', 'reminder', name=op.f('pk_referral_reminders'))
    )
    op.create_table('referral_unseals',
    sa.Column('referral_id', sa.String(length=26), nullable=False),
    sa.Column('person_id', sa.String(length=26), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_referral_unseals_person_id_persons')),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_referral_unseals_referral_id_referrals')),
    sa.PrimaryKeyConstraint('referral_id', 'person_id', name=op.f('pk_referral_unseals'))
    )
    op.create_table('survey_answers',
    sa.Column('session_id', sa.String(length=26), nullable=False),
    sa.Column('question_id', sa.String(length=60), nullable=False),
    sa.Column('survey_id', sa.String(length=26), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('forum_id', sa.String(length=26), nullable=False),
    sa.Column('council_id', sa.String(length=26), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.Column('value_number', sa.SmallInteger(), nullable=True),
    sa.Column('value_option', sa.String(length=60), nullable=True),
    sa.Column('value_text', sa.Text(), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('recorded_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['organisations.id'], name=op.f('fk_survey_answers_council_id_organisations')),
    sa.ForeignKeyConstraint(['forum_id'], ['organisations.id'], name=op.f('fk_survey_answers_forum_id_organisations')),
    sa.ForeignKeyConstraint(['session_id'], ['survey_sessions.id'], name=op.f('fk_survey_answers_session_id_survey_sessions')),
    sa.ForeignKeyConstraint(['survey_id'], ['surveys.id'], name=op.f('fk_survey_answers_survey_id_surveys')),
    sa.PrimaryKeyConstraint('session_id', 'question_id', name=op.f('pk_survey_answers'))
    )
    op.create_index('ix_survey_answers_question', 'survey_answers', ['survey_id', 'question_id'], unique=False)
    op.create_table('survey_remarks',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('session_id', sa.String(length=26), nullable=False),
    sa.Column('question_id', sa.String(length=60), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('recorded_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['survey_sessions.id'], name=op.f('fk_survey_remarks_session_id_survey_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_remarks'))
    )
    op.create_index(op.f('ix_survey_remarks_session_id'), 'survey_remarks', ['session_id'], unique=False)
    op.create_table('referral_late_responses',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('recipient_id', sa.String(length=26), nullable=False),
    sa.Column('received_at', Moment(), nullable=False),
    sa.Column('responded_by', sa.String(length=26), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('checksum', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['recipient_id'], ['referral_recipients.id'], name=op.f('fk_referral_late_responses_recipient_id_referral_recipients')),
    sa.ForeignKeyConstraint(['responded_by'], ['persons.id'], name=op.f('fk_referral_late_responses_responded_by_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_late_responses'))
    )
    op.create_index(op.f('ix_referral_late_responses_recipient_id'), 'referral_late_responses', ['recipient_id'], unique=False)
    op.create_table('referral_responses',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('recipient_id', sa.String(length=26), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('received_at', Moment(), nullable=False),
    sa.Column('responded_by', sa.String(length=26), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('checksum', sa.String(length=64), nullable=False),
    sa.Column('is_final', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['recipient_id'], ['referral_recipients.id'], name=op.f('fk_referral_responses_recipient_id_referral_recipients')),
    sa.ForeignKeyConstraint(['responded_by'], ['persons.id'], name=op.f('fk_referral_responses_responded_by_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_responses')),
    sa.UniqueConstraint('recipient_id', 'number', name=op.f('uq_referral_responses_recipient_id_number'))
    )
    for statement in AUDIT_GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('referral_responses')
    op.drop_index(op.f('ix_referral_late_responses_recipient_id'), table_name='referral_late_responses')
    op.drop_table('referral_late_responses')
    op.drop_index(op.f('ix_survey_remarks_session_id'), table_name='survey_remarks')
    op.drop_table('survey_remarks')
    op.drop_index('ix_survey_answers_question', table_name='survey_answers')
    op.drop_table('survey_answers')
    op.drop_table('referral_unseals')
    op.drop_table('referral_reminders')
    op.drop_index('ix_referral_recipients_provider', table_name='referral_recipients')
    op.drop_table('referral_recipients')
    op.drop_index('ix_referral_issues_deadline', table_name='referral_issues')
    op.drop_table('referral_issues')
    op.drop_table('referral_exclusions')
    op.drop_table('referral_confirmations')
    op.drop_index(op.f('ix_qa_evidence_action_id'), table_name='qa_evidence')
    op.drop_table('qa_evidence')
    op.drop_table('fps_status_changes')
    op.drop_index('ix_survey_sessions_person', table_name='survey_sessions')
    op.drop_index('ix_survey_sessions_finished', table_name='survey_sessions')
    op.drop_table('survey_sessions')
    op.drop_index('ix_referrals_council', table_name='referrals')
    op.drop_table('referrals')
    op.drop_index(op.f('ix_qa_officer_days_visit_id'), table_name='qa_officer_days')
    op.drop_table('qa_officer_days')
    op.drop_index(op.f('ix_qa_actions_visit_id'), table_name='qa_actions')
    op.drop_index('ix_qa_actions_provider', table_name='qa_actions')
    op.drop_index('ix_qa_actions_council', table_name='qa_actions')
    op.drop_index('ix_qa_actions_chased', table_name='qa_actions', postgresql_where=sa.text('next_chaser_on IS NOT NULL'), sqlite_where=sa.text('next_chaser_on IS NOT NULL'))
    op.drop_table('qa_actions')
    op.drop_index(op.f('ix_message_history_message_id'), table_name='message_history')
    op.drop_table('message_history')
    op.drop_index(op.f('ix_fps_settings_on_lots_lot_id'), table_name='fps_settings_on_lots')
    op.drop_table('fps_settings_on_lots')
    op.drop_table('survey_versions')
    op.drop_index('ix_queue_items_open', table_name='queue_items')
    op.drop_table('queue_items')
    op.drop_index('ix_qa_visits_setting', table_name='qa_visits')
    op.drop_index('ix_qa_visits_council', table_name='qa_visits')
    op.drop_table('qa_visits')
    op.drop_table('qa_setting_spans')
    op.drop_index('ix_messages_person', table_name='messages')
    op.drop_index('ix_messages_order', table_name='messages', postgresql_where=sa.text("order_key IS NOT NULL AND status IN ('queued', 'held', 'handing_over', 'unknown')"), sqlite_where=sa.text("order_key IS NOT NULL AND status IN ('queued', 'held', 'handing_over', 'unknown')"))
    op.drop_index('ix_messages_in_hand', table_name='messages', postgresql_where=sa.text("status IN ('handing_over', 'unknown')"), sqlite_where=sa.text("status IN ('handing_over', 'unknown')"))
    op.drop_index('ix_messages_due', table_name='messages', postgresql_where=sa.text("status IN ('queued', 'held')"), sqlite_where=sa.text("status IN ('queued', 'held')"))
    op.drop_index('ix_messages_about', table_name='messages')
    op.drop_table('messages')
    op.drop_table('fps_memberships')
    op.drop_table('fps_lots')
    op.drop_index('ix_fps_documents_setting', table_name='fps_documents')
    op.drop_table('fps_documents')
    op.drop_index(op.f('ix_surveys_status'), table_name='surveys')
    op.drop_index(op.f('ix_surveys_forum_id'), table_name='surveys')
    op.drop_table('surveys')
    op.drop_index('ix_roles_organisation', table_name='roles')
    op.drop_table('roles')
    op.drop_table('qa_figures')
    op.drop_table('organisation_successions')
    op.drop_index('ix_inbound_waiting', table_name='inbound', postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
    op.drop_index('ix_inbound_person', table_name='inbound')
    op.drop_index('ix_inbound_parked', table_name='inbound', postgresql_where=sa.text("state = 'parked'"), sqlite_where=sa.text("state = 'parked'"))
    op.drop_index('ix_inbound_lane', table_name='inbound', postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
    op.drop_table('inbound')
    op.drop_index(op.f('ix_grants_person_id'), table_name='grants')
    op.drop_table('grants')
    op.drop_index(op.f('ix_fps_settings_provider_id'), table_name='fps_settings')
    op.drop_table('fps_settings')
    op.drop_table('fps_frameworks')
    op.drop_index('ix_event_handlings_waiting', table_name='event_handlings', postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
    op.drop_table('event_handlings')
    op.drop_index('ix_contact_points_organisation', table_name='contact_points')
    op.drop_index('ix_contact_points_address', table_name='contact_points')
    op.drop_table('contact_points')
    op.drop_index(op.f('ix_consents_person_id'), table_name='consents')
    op.drop_table('consents')
    op.drop_table('timetable')
    op.drop_index('ix_sandbox_posts_address', table_name='sandbox_posts')
    op.drop_table('sandbox_posts')
    op.drop_index(op.f('ix_qa_steps_subject_id'), table_name='qa_steps')
    op.drop_table('qa_steps')
    op.drop_table('persons')
    op.drop_table('paces')
    op.drop_table('organisations')
    op.drop_index('ix_events_waiting', table_name='events', postgresql_where=sa.text('NOT is_spread'), sqlite_where=sa.text('NOT is_spread'))
    op.drop_table('events')
    op.drop_index('ix_audit_subject', table_name='audit')
    op.drop_table('audit')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only")
