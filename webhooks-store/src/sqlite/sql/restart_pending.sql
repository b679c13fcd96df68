-- Has waiting jobs tried now; found by their ids. One that is due already keeps its place, and with it its order. The row
-- gets a new position, so that the owner of its lane hears of it: it takes the place of the old one.
WITH given (id) AS (VALUES {rows})
INSERT OR REPLACE INTO {prefix}job (id, queue, slot, lane, owner, due_at, scheduled, generation, version, attempts,
                                    held_until, reference, order_key, labels, data, created_at)
SELECT job.id, queue, slot, lane, owner, min(due_at, {now}), 0, generation, version + 1, coalesce(?2, attempts),
       NULL, reference, order_key, labels, data, created_at
FROM given CROSS JOIN {prefix}job AS job ON job.id = given.id
WHERE true
RETURNING id;
