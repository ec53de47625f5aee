-- The map of a conversation grows: it is written only as long as it is still the version that was read.

alter table kept_maps add column version bigint not null default 1;
