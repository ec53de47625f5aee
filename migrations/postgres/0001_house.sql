-- The whole of the house. Personal data is only in sealed columns; the rest is structure: ids, times, states.
-- Times are microseconds since 1970 (UTC); ids are the 16 bytes of a UUID.

-- Holder: store. Category: none, structure. Retention: as long as the installation.
create table meta (
    name text primary key,
    value text not null
);

-- Holder: store. Category: structure of a person. Retention: with the last record of the person.
create table subjects (
    id bytea primary key,
    created_at bigint not null,
    notice_version text not null,
    is_restricted bigint not null,
    trail_key bytea
);

-- Holder: store. Category: structure of a person. Retention: with its subject.
create table objections (
    subject bytea not null,
    purpose text not null,
    at bigint not null,
    primary key (subject, purpose)
);

-- Holder: store. Category: proof of consent. Retention: with its subject.
create table consents (
    id bytea primary key,
    subject bytea not null,
    purpose text not null,
    entity text not null,
    text_version text not null,
    answer text not null,
    at bigint not null
);

create index consents_by_subject on consents (subject);

-- Holder: store. Category: structure of a conversation. Retention: with its last record.
create table conversations (
    id bytea primary key,
    subject bytea not null,
    service text not null,
    model text not null,
    history text not null,
    opened_at bigint not null,
    first_message_at bigint
);

create index conversations_by_subject on conversations (subject);

-- Holder: store. Category: as each row says, sealed. Retention: by claim.
create table records (
    id bytea primary key,
    object bytea not null,
    subject bytea not null,
    service text not null,
    part text not null,
    category text not null,
    sealed bytea not null,
    register_version text not null,
    created_at bigint not null,
    is_reserved bigint not null
);

create index records_by_object on records (object);

create index records_by_subject on records (subject);

-- Holder: store. Category: structure, why a record exists. Retention: with its record.
create table claims (
    record bytea not null references records (id) on delete cascade,
    position bigint not null,
    rule text not null,
    purpose text not null,
    basis text not null,
    starts_with text not null,
    period text not null,
    kind text not null,
    action text not null,
    copies text not null,
    started_at bigint,
    ends_at bigint,
    primary key (record, position)
);

create index claims_by_end on claims (ends_at);

-- Holder: store. Category: structure of a request. Retention: with the last record of its case.
create table requests (
    id bytea primary key,
    reference text not null unique,
    secret bytea not null,
    asked text not null,
    subject bytea not null,
    channel text not null,
    received_at bigint not null,
    aim text not null,
    latest text not null,
    stage text not null,
    details text not null
);

create index requests_by_subject on requests (subject);

-- Holder: store. Category: structure of a session. Retention: until it expires.
create table sessions (
    id bytea primary key,
    fingerprint bytea not null unique,
    subject bytea,
    staff text,
    created_at bigint not null,
    expires_at bigint not null
);

create index sessions_by_subject on sessions (subject);

-- Holder: store. Category: none, one-time links for staff. Retention: until taken or expired.
create table tickets (
    fingerprint bytea primary key,
    staff text not null,
    expires_at bigint not null
);

-- Holder: store. Category: none, keys of applications. Retention: as long as the installation.
create table gateway_keys (
    id bytea primary key,
    fingerprint bytea not null unique,
    label text not null,
    service text not null,
    purpose text not null,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint
);

-- Holder: audit log. Category: what was done, sealed. Retention: with its subject, the commitment stays.
create table audit_entries (
    position bigint primary key,
    subject bytea,
    trail_key bytea,
    commitment bytea not null,
    mark bytea not null,
    sealed bytea
);

create index audit_entries_by_subject on audit_entries (subject, position);

-- Holder: audit log. Category: none, hashes. Retention: as long as the log.
create table audit_tiles (
    level bigint not null,
    number bigint not null,
    hashes bytea not null,
    root bytea not null,
    primary key (level, number)
);

-- Holder: audit log. Category: none, hashes. Retention: as long as the log.
create table audit_head (
    one bigint primary key,
    size bigint not null,
    roots bytea not null,
    note text not null,
    signed_at bigint not null
);

-- Holder: audit log. Category: none, signed hashes. Retention: as long as the log.
create table audit_checkpoints (
    size bigint primary key,
    note text not null,
    signed_at bigint not null
);

comment on table meta is 'Holder: store. Category: none, structure. Retention: as long as the installation.';
comment on table subjects is 'Holder: store. Category: structure of a person. Retention: with the last record of the person.';
comment on table objections is 'Holder: store. Category: structure of a person. Retention: with its subject.';
comment on table consents is 'Holder: store. Category: proof of consent. Retention: with its subject.';
comment on table conversations is 'Holder: store. Category: structure of a conversation. Retention: with its last record.';
comment on table records is 'Holder: store. Category: as each row says, sealed. Retention: by claim.';
comment on table claims is 'Holder: store. Category: structure, why a record exists. Retention: with its record.';
comment on table requests is 'Holder: store. Category: structure of a request. Retention: with the last record of its case.';
comment on table sessions is 'Holder: store. Category: structure of a session. Retention: until it expires.';
comment on table tickets is 'Holder: store. Category: none, one-time links for staff. Retention: until taken or expired.';
comment on table gateway_keys is 'Holder: store. Category: none, keys of applications. Retention: as long as the installation.';
comment on table audit_entries is 'Holder: audit log. Category: what was done, sealed. Retention: with its subject, the commitment stays.';
comment on table audit_tiles is 'Holder: audit log. Category: none, hashes. Retention: as long as the log.';
comment on table audit_head is 'Holder: audit log. Category: none, hashes. Retention: as long as the log.';
comment on table audit_checkpoints is 'Holder: audit log. Category: none, signed hashes. Retention: as long as the log.';
