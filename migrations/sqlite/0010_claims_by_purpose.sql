-- What is kept for a purpose is found without looking at what is kept for others.

create index claims_by_purpose on claims (purpose, record);
