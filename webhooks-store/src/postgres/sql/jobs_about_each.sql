-- The jobs about each of these things, at most $1 together, in no order. Those of one thing lie between its `first` and its
-- `last`, as in jobs_about. Of one owner ($2), if one is named. Both primary keys: an order and a limit leave the planner no
-- other way.
SELECT jobs.*
FROM unnest($3::bytea[], $4::bytea[], $5::bytea[]) AS given (about, first, last) CROSS JOIN LATERAL (
    SELECT * FROM (
        SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, 0::bigint AS state, generation, attempts,
               held_until, due_at, created_at, NULL::bigint AS finished_at
        FROM {prefix}job AS j
        WHERE j.id >= given.first AND j.id <= given.last AND j.reference = given.about
          AND ($2::bigint IS NULL OR j.owner = $2::bigint)
        ORDER BY j.id LIMIT $1
    ) AS waiting
    UNION ALL
    SELECT * FROM (
        SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, state::bigint, generation, attempts,
               NULL::bigint AS held_until, due_at, created_at, finished_at
        FROM {prefix}history AS h
        WHERE h.id >= given.first AND h.id <= given.last AND h.reference = given.about
          AND ($2::bigint IS NULL OR h.owner = $2::bigint)
        ORDER BY h.id LIMIT $1
    ) AS ended
) AS jobs
LIMIT $1;
