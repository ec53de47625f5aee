-- Which application must sign for who writes with a gateway key.

alter table gateway_keys add column signed_by text;
