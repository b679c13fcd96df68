-- Takes finished jobs out, by primary key.
DELETE FROM {prefix}finished_job WHERE id IN (VALUES {rows}) RETURNING id;
