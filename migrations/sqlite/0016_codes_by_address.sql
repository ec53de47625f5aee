-- To which address a code was mailed, as a keyed fingerprint: so many go to one address, for whatever request.

alter table openings add column mailed_to blob;

create index openings_by_address on openings (mailed_to);
