-- The attempts of one delivery, first to last, without what came back. Of an owner, only those of its own messages or
-- subscriptions. Earlier ones by the primary key of the store's attempts, the last one of a delivery that has ended from the
-- history. `OFFSET 0` keeps the question for the subscription one for each attempt: else all of the owner's would be read.
SELECT a.delivery, a.subscription, a.generation, a.number, a.at, a.duration_ms, a.status, a.error
FROM (
    SELECT job AS delivery, lane AS subscription, generation, number, at, duration_ms, status, error
    FROM {prefix}attempt WHERE job = $1
    UNION ALL
    SELECT id, lane, generation, attempts, tried_at, duration_ms, status, error
    FROM {prefix}history WHERE id = $1 AND tried_at IS NOT NULL
) AS a
WHERE $2::text IS NULL
   OR EXISTS (SELECT 1 FROM {prefix}subscriptions AS s WHERE s.id = a.subscription AND s.owner = $2::text OFFSET 0)
   OR EXISTS (SELECT 1 FROM {prefix}job AS j JOIN {prefix}messages AS m ON m.id = j.reference
              WHERE j.id = $1 AND m.owner = $2::text)
   OR EXISTS (SELECT 1 FROM {prefix}history AS h JOIN {prefix}messages AS m ON m.id = h.reference
              WHERE h.id = $1 AND m.owner = $2::text)
ORDER BY a.generation, a.number
