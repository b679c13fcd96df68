-- The due rows of some lanes, each from a place on: one seek in job_lane for each lane, and as many entries as it has room.
SELECT job.id, job.slot::bigint, job.lane, job.owner, job.due_at, job.generation, job.version, job.attempts, job.starts, job.held_until,
       job.reference, job.order_key, job.labels, job.data, job.created_at,
       at.now_ms
FROM (SELECT {now} AS now_ms) AS at
LEFT JOIN (
    SELECT found.*
    FROM unnest($3::bigint[], $4::bytea[], $5::bigint[], $6::bytea[], $7::bigint[]) AS given (slot, lane, due_at, id, room)
    CROSS JOIN LATERAL (
        SELECT * FROM {prefix}job AS job
        WHERE job.queue = $2 AND job.slot = given.slot::smallint AND job.lane = given.lane
          AND (job.due_at, (job.id || '')) >= (given.due_at, given.id) AND job.due_at <= {now}
        ORDER BY job.due_at, (job.id || '') LIMIT given.room
    ) AS found
) AS job ON true;
