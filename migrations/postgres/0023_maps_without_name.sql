-- Finds the maps of which the provider never said a name, without looking at all others.

create index kept_maps_without_name on kept_maps (created_at) where provider_name is null;
