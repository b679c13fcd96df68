-- Takes finished jobs out, by primary key.
DELETE FROM {prefix}finished_job WHERE id = ANY ($1::bytea[]) RETURNING id;
