-- Changes of the register on their way: what each says, and who did what with it, and why.

-- Holder: store. Category: none, the organisation's own declarations. Retention: as long as the installation.
create table register_changes (
    id blob primary key,
    base text not null,
    base_source text not null,
    source text not null
) strict;

-- Holder: store. Category: structure of staff, by session. Retention: as long as the installation.
create table register_change_steps (
    change blob not null,
    number integer not null,
    act text not null,
    done_by blob not null,
    at integer not null,
    reason text not null,
    primary key (change, number)
) strict, without rowid;
