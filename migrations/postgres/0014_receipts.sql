-- A second receipt of the same request: who asked twice has one request, and both codes open it.

-- Holder: store. Category: structure of a request, keyed fingerprints. Retention: with its request.
create table receipts (
    fingerprint bytea primary key,
    request bytea not null,
    joined bytea
);

create index receipts_by_request on receipts (request);
create index receipts_by_joined on receipts (joined);

comment on table receipts is 'Holder: store. Category: structure of a request, keyed fingerprints. Retention: with its request.';
