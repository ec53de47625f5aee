-- Identifiers that stood in prompts, as keyed fingerprints, counted per day. Without the keys nobody can tell whose.

-- Holder: store. Category: keyed fingerprint of an identifier. Retention: as the register says, per line.
create table sightings (
    mark bytea not null,
    kind text not null,
    service text not null,
    recipient text not null,
    day text not null,
    rule text not null,
    ends_at bigint not null,
    n bigint not null,
    n_plain bigint not null,
    primary key (mark, service, recipient, day)
);

create index sightings_by_end on sightings (ends_at);

comment on table sightings is 'Holder: store. Category: keyed fingerprint of an identifier. Retention: as the register says, per line.';
