-- Identifiers that stood in prompts, as keyed fingerprints, counted per day. Without the keys nobody can tell whose.

-- Holder: store. Category: keyed fingerprint of an identifier. Retention: as the register says, per line.
create table sightings (
    mark blob not null,
    kind text not null,
    service text not null,
    recipient text not null,
    day text not null,
    rule text not null,
    ends_at integer not null,
    n integer not null,
    n_plain integer not null,
    primary key (mark, service, recipient, day)
) strict, without rowid;

create index sightings_by_end on sightings (ends_at);
