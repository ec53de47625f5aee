-- What opens a request for a while: a code that was mailed, or the link in a mail. Never the thing itself.

-- Holder: store. Category: structure of a request, keyed fingerprints. Retention: until it ends or its request does.
create table openings (
    id bytea primary key,
    request bytea not null,
    kind text not null,
    fingerprint bytea not null,
    second bytea,
    expires_at bigint not null,
    n_left bigint not null,
    n_made bigint not null
);

create index openings_by_request on openings (request);
create index openings_by_fingerprint on openings (fingerprint);
create index openings_by_end on openings (expires_at);

comment on table openings is 'Holder: store. Category: structure of a request, keyed fingerprints. Retention: until it ends or its request does.';
