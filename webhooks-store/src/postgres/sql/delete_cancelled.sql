-- Takes jobs out of the table of unfinished ones, by primary key.
DELETE FROM {prefix}job WHERE id = ANY ($1::bytea[]) RETURNING id;
