-- Within what a gateway key may be used, and what it used up.

alter table gateway_keys add column models text not null default '';
alter table gateway_keys add column policy text;
alter table gateway_keys add column requests_per_minute bigint;
alter table gateway_keys add column tokens_per_day bigint;
alter table gateway_keys add column cents_per_month bigint;

-- Holder: store. Category: none, counts of applications. Retention: two months.
create table key_usage (
    key bytea not null,
    measure text not null,
    starts_at bigint not null,
    used bigint not null,
    primary key (key, measure, starts_at)
);

comment on table key_usage is 'Holder: store. Category: none, counts of applications. Retention: two months.';
