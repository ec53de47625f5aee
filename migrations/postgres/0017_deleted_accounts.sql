-- Whose account was deleted while what is kept of them has not ended: nobody uses it, and its periods go on.

alter table subjects add column is_deactivated bigint not null default 0;
