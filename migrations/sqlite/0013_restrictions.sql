-- A record that a person disputes is not used until that is decided (article 18(1)(a)).

-- Holder: store. Category: structure of a person. Retention: until the request is decided.
create table restrictions (
    record blob not null,
    request blob not null,
    subject blob not null,
    at integer not null,
    primary key (record, request)
) strict, without rowid;

create index restrictions_by_request on restrictions (request);
create index restrictions_by_subject on restrictions (subject);
