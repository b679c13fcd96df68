-- Takes finished jobs out of the history, by primary key; each lies in one partition.
DELETE FROM {prefix}history AS history USING unnest($1::bytea[]) AS given (id) WHERE history.id = given.id;
