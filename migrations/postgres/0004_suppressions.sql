-- Addresses to which nothing is sent for a purpose any more, as keyed fingerprints. They outlive an erasure.

-- Holder: store. Category: keyed fingerprint of an address. Retention: as long as the organisation sends.
create table suppressions (
    mark bytea not null,
    purpose text not null,
    at bigint not null,
    primary key (mark, purpose)
);

comment on table suppressions is 'Holder: store. Category: keyed fingerprint of an address. Retention: as long as the organisation sends.';
