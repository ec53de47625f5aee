-- Within what a gateway key may be used, and what it used up.

alter table gateway_keys add column models text not null default '';
alter table gateway_keys add column policy text;
alter table gateway_keys add column requests_per_minute integer;
alter table gateway_keys add column tokens_per_day integer;
alter table gateway_keys add column cents_per_month integer;

-- Holder: store. Category: none, counts of applications. Retention: two months.
create table key_usage (
    key blob not null,
    measure text not null,
    starts_at integer not null,
    used integer not null,
    primary key (key, measure, starts_at)
) strict, without rowid;
