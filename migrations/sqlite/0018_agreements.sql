-- Prompts that wait for a second person: who sends something where, which kinds are in it, and never a word of it.

-- Holder: store. Category: keyed fingerprint of a prompt, structure. Retention: until it ends or is used, with its person.
create table agreements (
    id blob primary key,
    mark blob not null unique,
    gateway_key blob,
    subject blob,
    service text not null,
    recipient text not null,
    findings text not null,
    reason text,
    answered text not null,
    asked_at integer not null,
    ends_at integer not null
) strict, without rowid;

create index agreements_by_subject on agreements (subject);
create index agreements_by_end on agreements (ends_at);
