-- Lets the first row of a lane count as new, so that the owner of the lane looks at it again: job_lane. It takes the place
-- of the old one.
INSERT OR REPLACE INTO {prefix}job (id, queue, slot, lane, owner, due_at, scheduled, generation, version, attempts, starts,
                                    held_until, reference, order_key, labels, data, created_at)
SELECT id, queue, slot, lane, owner, due_at, scheduled, generation, version, attempts, starts, held_until, reference, order_key,
       labels, data, created_at
FROM {prefix}job WHERE queue = ?1 AND slot = ?2 AND lane = ?3
ORDER BY due_at, id LIMIT 1
RETURNING id;
