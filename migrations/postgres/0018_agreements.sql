-- Prompts that wait for a second person: who sends something where, which kinds are in it, and never a word of it.

-- Holder: store. Category: keyed fingerprint of a prompt, structure. Retention: until it ends or is used, with its person.
create table agreements (
    id bytea primary key,
    mark bytea not null unique,
    gateway_key bytea,
    subject bytea,
    service text not null,
    recipient text not null,
    findings text not null,
    reason text,
    answered text not null,
    asked_at bigint not null,
    ends_at bigint not null
);

create index agreements_by_subject on agreements (subject);
create index agreements_by_end on agreements (ends_at);

comment on table agreements is 'Holder: store. Category: keyed fingerprint of a prompt, structure. Retention: until it ends or is used, with its person.';
