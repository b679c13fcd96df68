-- Takes jobs out that have just been copied to the finished ones, by primary key. They are locked since then.
DELETE FROM {prefix}job WHERE id = ANY ($1::bytea[]);
