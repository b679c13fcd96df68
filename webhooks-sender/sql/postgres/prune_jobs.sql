-- Jobs that are older than messages are kept. By primary key.
DELETE FROM {prefix}bulk_jobs WHERE id = ANY (ARRAY(
    SELECT j.id FROM {prefix}bulk_jobs AS j WHERE j.id < $1 AND j.state <> 'running' ORDER BY j.id LIMIT $2))
