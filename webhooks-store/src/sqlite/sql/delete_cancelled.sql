-- Takes jobs out of the table of unfinished ones, by primary key.
DELETE FROM {prefix}job WHERE id IN (VALUES {rows}) RETURNING id;
