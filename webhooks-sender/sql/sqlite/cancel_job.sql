-- Cancels an unfinished job. By primary key: the expression keeps bulk_jobs_due out; of an owner, or of anyone.
UPDATE {prefix}bulk_jobs SET state = 'cancelled', finished = {now}, exclusive = NULL, version = version + 1
WHERE id = ?2 AND (state || '') = 'running' AND (?3 IS NULL OR owner = ?3)
