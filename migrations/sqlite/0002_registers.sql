-- The registers that were in force, word for word, so that the notice of any day can be shown again.

-- Holder: store. Category: none, the organisation's own declarations. Retention: as long as the installation.
create table registers (
    number integer primary key,
    digest text not null,
    notice_version text not null,
    source text not null,
    noted_at integer not null,
    starts_on text not null
) strict;
