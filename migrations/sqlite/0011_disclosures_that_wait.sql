-- What waits for a second person is found without reading everything.

create index records_of_disclosures on records (object, subject) where part = 'disclosure';
