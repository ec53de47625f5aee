-- What came in the place of what in a batch or a file that a provider keeps for an application. The map itself is sealed.

-- Holder: store. Category: what was replaced, sealed, and structure. Retention: until it ends, or what the provider keeps does.
create table kept_maps (
    id bytea primary key,
    gateway_key bytea not null,
    kind text not null,
    recipient text not null,
    provider_name text,
    sealed bytea not null,
    created_at bigint not null,
    ends_at bigint not null
);

create index kept_maps_by_key on kept_maps (gateway_key, kind, created_at);
create index kept_maps_by_end on kept_maps (ends_at);

comment on table kept_maps is 'Holder: store. Category: what was replaced, sealed, and structure. Retention: until it ends, or what the provider keeps does.';

-- Holder: store. Category: keyed fingerprint of an identifier. Retention: with its map.
create table kept_map_marks (
    mark bytea not null,
    map bytea not null,
    primary key (mark, map)
);

create index kept_map_marks_by_map on kept_map_marks (map);

comment on table kept_map_marks is 'Holder: store. Category: keyed fingerprint of an identifier. Retention: with its map.';
