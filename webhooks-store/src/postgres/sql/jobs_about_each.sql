-- The jobs about each of these things, at most $1 together, in no order. Those of one thing lie between its `first` and its
-- `last`, as in jobs_about. Of one owner ($2), if one is named. Both primary keys: an order and a limit leave the planner no
-- other way. All lie between $3 and $4: the partitions of other days are not even opened.
SELECT jobs.*
FROM unnest($5::bytea[], $6::bytea[], $7::bytea[]) AS given (about, first, last) CROSS JOIN LATERAL (
    SELECT * FROM (
        SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, 0::bigint AS state, generation, attempts,
               held_until, due_at, created_at, NULL::bigint AS finished_at, NULL::bigint AS tried_at,
               NULL::bigint AS duration_ms, NULL::bigint AS status, NULL::text AS error
        FROM {prefix}job AS j
        WHERE j.id >= given.first AND j.id <= given.last AND j.reference = given.about
          AND ($2::bigint IS NULL OR j.owner = $2::bigint)
        ORDER BY j.id LIMIT $1
    ) AS waiting
    UNION ALL
    SELECT * FROM (
        SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, state::bigint, generation, attempts,
               NULL::bigint AS held_until, due_at, created_at, finished_at, tried_at, duration_ms, status, error
        FROM {prefix}history AS h
        WHERE h.id >= given.first AND h.id <= given.last AND h.id >= $3 AND h.id <= $4 AND h.reference = given.about
          AND ($2::bigint IS NULL OR h.owner = $2::bigint)
        ORDER BY h.id LIMIT $1
    ) AS ended
) AS jobs
LIMIT $1;
