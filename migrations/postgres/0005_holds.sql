-- Legal holds: what may not be erased for a while, on a named ground, agreed by two people.

-- Holder: store. Category: structure of a person. Retention: until the hold ends.
create table holds (
    id bytea primary key,
    subject bytea not null,
    object bytea,
    ground text not null,
    proposed_by bytea not null,
    proposed_at bigint not null,
    agreed_by bytea,
    agreed_at bigint,
    ends_on text not null,
    ends_at bigint not null,
    lifted_at bigint
);

comment on table holds is 'Holder: store. Category: structure of a person. Retention: until the hold ends.';

create index holds_by_subject on holds (subject);
