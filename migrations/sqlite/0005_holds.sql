-- Legal holds: what may not be erased for a while, on a named ground, agreed by two people.

-- Holder: store. Category: structure of a person. Retention: until the hold ends.
create table holds (
    id blob primary key,
    subject blob not null,
    object blob,
    ground text not null,
    proposed_by blob not null,
    proposed_at integer not null,
    agreed_by blob,
    agreed_at integer,
    ends_on text not null,
    ends_at integer not null,
    lifted_at integer
) strict, without rowid;

create index holds_by_subject on holds (subject);
