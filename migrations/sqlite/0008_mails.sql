-- Mail that waits to be sent, and that it was sent. To whom and what it says stands in sealed records.

-- Holder: store. Category: structure of a mail, keyed fingerprint of its address. Retention: a year after its end.
create table mails (
    id blob primary key,
    about blob not null,
    subject blob not null,
    message text not null,
    mark blob not null,
    is_bulk integer not null,
    state text not null,
    created_at integer not null,
    next_at integer not null,
    taken_until integer,
    expires_at integer not null,
    n_tries integer not null,
    ended_at integer
) strict, without rowid;

create index mails_by_turn on mails (state, is_bulk, next_at);
create index mails_by_mark on mails (mark, message);
create index mails_by_about on mails (about);
create index mails_by_subject on mails (subject);
create index mails_by_end on mails (ended_at);
