-- What is left of records that ended as numbers: how many there were, and nothing of anybody.

-- Holder: store. Category: none, numbers. Retention: as long as the installation.
create table numbers (
    month text not null,
    service text not null,
    category text not null,
    n integer not null,
    primary key (month, service, category)
) strict, without rowid;
