-- What came in the place of what in a batch or a file that a provider keeps for an application. The map itself is sealed.

-- Holder: store. Category: what was replaced, sealed, and structure. Retention: until it ends, or what the provider keeps does.
create table kept_maps (
    id blob primary key,
    gateway_key blob not null,
    kind text not null,
    recipient text not null,
    provider_name text,
    sealed blob not null,
    created_at integer not null,
    ends_at integer not null
) strict;

create index kept_maps_by_key on kept_maps (gateway_key, kind, created_at);
create index kept_maps_by_end on kept_maps (ends_at);

-- Holder: store. Category: keyed fingerprint of an identifier. Retention: with its map.
create table kept_map_marks (
    mark blob not null,
    map blob not null,
    primary key (mark, map)
) strict, without rowid;

create index kept_map_marks_by_map on kept_map_marks (map);
