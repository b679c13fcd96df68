-- Those of the jobs about each of these things that wait, as in jobs_about_each: at most $1 together, in no order. Of one owner
-- ($2), if one is named. The primary key: an order and a limit leave the planner no other way.
SELECT jobs.*
FROM unnest($3::bytea[], $4::bytea[], $5::bytea[]) AS given (about, first, last) CROSS JOIN LATERAL (
    SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, 0::bigint AS state, generation, attempts,
           held_until, due_at, created_at, NULL::bigint AS finished_at, NULL::bigint AS tried_at,
           NULL::bigint AS duration_ms, NULL::bigint AS status, NULL::text AS error
    FROM {prefix}job AS j
    WHERE j.id >= given.first AND j.id <= given.last AND j.reference = given.about
      AND ($2::bigint IS NULL OR j.owner = $2::bigint)
    ORDER BY j.id LIMIT $1
) AS jobs
LIMIT $1;
