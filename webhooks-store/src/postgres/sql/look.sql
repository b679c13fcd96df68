-- Some waiting rows as they stand: found by primary key.
SELECT job.id, job.slot::bigint, job.lane, job.owner, job.due_at, job.generation, job.version, job.attempts, job.starts, job.held_until,
       job.reference, job.order_key, job.labels, job.data, job.created_at,
       at.now_ms
FROM (SELECT {now} AS now_ms) AS at
LEFT JOIN (
    SELECT found.*
    FROM unnest($3::bytea[]) AS given (id)
    CROSS JOIN LATERAL (SELECT * FROM {prefix}job AS job WHERE job.id = given.id AND job.queue || '' = $2 LIMIT 1) AS found
) AS job ON true;
