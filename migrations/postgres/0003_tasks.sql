-- What recipients are asked to do because of a request (article 19).

-- Holder: store. Category: structure of a request. Retention: with its request.
create table tasks (
    id bytea primary key,
    request bytea not null,
    recipient text not null,
    act text not null,
    created_at bigint not null,
    gone_at bigint,
    outcome text,
    ended_at bigint
);

comment on table tasks is 'Holder: store. Category: structure of a request. Retention: with its request.';

create index tasks_by_request on tasks (request);
