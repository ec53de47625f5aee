-- What opens a request for a while: a code that was mailed, or the link in a mail. Never the thing itself.

-- Holder: store. Category: structure of a request, keyed fingerprints. Retention: until it ends or its request does.
create table openings (
    id blob primary key,
    request blob not null,
    kind text not null,
    fingerprint blob not null,
    second blob,
    expires_at integer not null,
    n_left integer not null,
    n_made integer not null
) strict, without rowid;

create index openings_by_request on openings (request);
create index openings_by_fingerprint on openings (fingerprint);
create index openings_by_end on openings (expires_at);
