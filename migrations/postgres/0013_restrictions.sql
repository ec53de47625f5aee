-- A record that a person disputes is not used until that is decided (article 18(1)(a)).

-- Holder: store. Category: structure of a person. Retention: until the request is decided.
create table restrictions (
    record bytea not null,
    request bytea not null,
    subject bytea not null,
    at bigint not null,
    primary key (record, request)
);

create index restrictions_by_request on restrictions (request);
create index restrictions_by_subject on restrictions (subject);

comment on table restrictions is 'Holder: store. Category: structure of a person. Retention: until the request is decided.';
