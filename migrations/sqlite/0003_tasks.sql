-- What recipients are asked to do because of a request (article 19).

-- Holder: store. Category: structure of a request. Retention: with its request.
create table tasks (
    id blob primary key,
    request blob not null,
    recipient text not null,
    act text not null,
    created_at integer not null,
    gone_at integer,
    outcome text,
    ended_at integer
) strict, without rowid;

create index tasks_by_request on tasks (request);
