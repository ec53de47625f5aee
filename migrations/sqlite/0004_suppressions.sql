-- Addresses to which nothing is sent for a purpose any more, as keyed fingerprints. They outlive an erasure.

-- Holder: store. Category: keyed fingerprint of an address. Retention: as long as the organisation sends.
create table suppressions (
    mark blob not null,
    purpose text not null,
    at integer not null,
    primary key (mark, purpose)
) strict, without rowid;
