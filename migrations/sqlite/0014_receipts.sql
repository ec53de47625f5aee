-- A second receipt of the same request: who asked twice has one request, and both codes open it.

-- Holder: store. Category: structure of a request, keyed fingerprints. Retention: with its request.
create table receipts (
    fingerprint blob primary key,
    request blob not null,
    joined blob
) strict, without rowid;

create index receipts_by_request on receipts (request);
create index receipts_by_joined on receipts (joined);
