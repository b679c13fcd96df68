-- The unfinished job that does this. By the unique index on exclusive.
SELECT j.id FROM {prefix}bulk_jobs AS j WHERE j.exclusive = ?1
