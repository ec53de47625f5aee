-- The whole of the house. Personal data is only in sealed columns; the rest is structure: ids, times, states.
-- Times are microseconds since 1970 (UTC); ids are the 16 bytes of a UUID.

-- Holder: store. Category: none, structure. Retention: as long as the installation.
create table meta (
    name text primary key,
    value text not null
) strict;

-- Holder: store. Category: structure of a person. Retention: with the last record of the person.
create table subjects (
    id blob primary key,
    created_at integer not null,
    notice_version text not null,
    is_restricted integer not null,
    trail_key blob
) strict, without rowid;

-- Holder: store. Category: structure of a person. Retention: with its subject.
create table objections (
    subject blob not null,
    purpose text not null,
    at integer not null,
    primary key (subject, purpose)
) strict, without rowid;

-- Holder: store. Category: proof of consent. Retention: with its subject.
create table consents (
    id blob primary key,
    subject blob not null,
    purpose text not null,
    entity text not null,
    text_version text not null,
    answer text not null,
    at integer not null
) strict, without rowid;

create index consents_by_subject on consents (subject);

-- Holder: store. Category: structure of a conversation. Retention: with its last record.
create table conversations (
    id blob primary key,
    subject blob not null,
    service text not null,
    model text not null,
    history text not null,
    opened_at integer not null,
    first_message_at integer
) strict, without rowid;

create index conversations_by_subject on conversations (subject);

-- Holder: store. Category: as each row says, sealed. Retention: by claim.
create table records (
    id blob primary key,
    object blob not null,
    subject blob not null,
    service text not null,
    part text not null,
    category text not null,
    sealed blob not null,
    register_version text not null,
    created_at integer not null,
    is_reserved integer not null
) strict, without rowid;

create index records_by_object on records (object);

create index records_by_subject on records (subject);

-- Holder: store. Category: structure, why a record exists. Retention: with its record.
create table claims (
    record blob not null references records (id) on delete cascade,
    position integer not null,
    rule text not null,
    purpose text not null,
    basis text not null,
    starts_with text not null,
    period text not null,
    kind text not null,
    action text not null,
    copies text not null,
    started_at integer,
    ends_at integer,
    primary key (record, position)
) strict, without rowid;

create index claims_by_end on claims (ends_at);

-- Holder: store. Category: structure of a request. Retention: with the last record of its case.
create table requests (
    id blob primary key,
    reference text not null unique,
    secret blob not null,
    asked text not null,
    subject blob not null,
    channel text not null,
    received_at integer not null,
    aim text not null,
    latest text not null,
    stage text not null,
    details text not null
) strict, without rowid;

create index requests_by_subject on requests (subject);

-- Holder: store. Category: structure of a session. Retention: until it expires.
create table sessions (
    id blob primary key,
    fingerprint blob not null unique,
    subject blob,
    staff text,
    created_at integer not null,
    expires_at integer not null
) strict, without rowid;

create index sessions_by_subject on sessions (subject);

-- Holder: store. Category: none, one-time links for staff. Retention: until taken or expired.
create table tickets (
    fingerprint blob primary key,
    staff text not null,
    expires_at integer not null
) strict, without rowid;

-- Holder: store. Category: none, keys of applications. Retention: as long as the installation.
create table gateway_keys (
    id blob primary key,
    fingerprint blob not null unique,
    label text not null,
    service text not null,
    purpose text not null,
    created_at integer not null,
    expires_at integer,
    revoked_at integer
) strict, without rowid;

-- Holder: audit log. Category: what was done, sealed. Retention: with its subject, the commitment stays.
create table audit_entries (
    position integer primary key,
    subject blob,
    trail_key blob,
    commitment blob not null,
    mark blob not null,
    sealed blob
) strict;

create index audit_entries_by_subject on audit_entries (subject, position);

-- Holder: audit log. Category: none, hashes. Retention: as long as the log.
create table audit_tiles (
    level integer not null,
    number integer not null,
    hashes blob not null,
    root blob not null,
    primary key (level, number)
) strict, without rowid;

-- Holder: audit log. Category: none, hashes. Retention: as long as the log.
create table audit_head (
    one integer primary key,
    size integer not null,
    roots blob not null,
    note text not null,
    signed_at integer not null
) strict;

-- Holder: audit log. Category: none, signed hashes. Retention: as long as the log.
create table audit_checkpoints (
    size integer primary key,
    note text not null,
    signed_at integer not null
) strict;
