-- Takes finished jobs out of the history, by primary key; each lies in one partition.
DELETE FROM {prefix}history AS history WHERE history.id = ANY ($1::bytea[]);
