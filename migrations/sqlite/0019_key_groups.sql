-- The group of the register whose prompts a gateway key carries, and whether its application may pass on a person's yes.

alter table gateway_keys add column user_group text;
alter table gateway_keys add column may_confirm integer not null default 0;
