-- Mail that waits to be sent, and that it was sent. To whom and what it says stands in sealed records.

-- Holder: store. Category: structure of a mail, keyed fingerprint of its address. Retention: a year after its end.
create table mails (
    id bytea primary key,
    about bytea not null,
    subject bytea not null,
    message text not null,
    mark bytea not null,
    is_bulk bigint not null,
    state text not null,
    created_at bigint not null,
    next_at bigint not null,
    taken_until bigint,
    expires_at bigint not null,
    n_tries bigint not null,
    ended_at bigint
);

create index mails_by_turn on mails (state, is_bulk, next_at);
create index mails_by_mark on mails (mark, message);
create index mails_by_about on mails (about);
create index mails_by_subject on mails (subject);
create index mails_by_end on mails (ended_at);

comment on table mails is 'Holder: store. Category: structure of a mail, keyed fingerprint of its address. Retention: a year after its end.';
