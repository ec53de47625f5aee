-- Changes of the register on their way: what each says, and who did what with it, and why.

-- Holder: store. Category: none, the organisation's own declarations. Retention: as long as the installation.
create table register_changes (
    id bytea primary key,
    base text not null,
    base_source text not null,
    source text not null
);

comment on table register_changes is 'Holder: store. Category: none, the organisation''s own declarations. Retention: as long as the installation.';

-- Holder: store. Category: structure of staff, by session. Retention: as long as the installation.
create table register_change_steps (
    change bytea not null,
    number bigint not null,
    act text not null,
    done_by bytea not null,
    at bigint not null,
    reason text not null,
    primary key (change, number)
);

comment on table register_change_steps is 'Holder: store. Category: structure of staff, by session. Retention: as long as the installation.';
