-- Some unfinished jobs of a lane, to call them off: read from the three indexes that begin with queue and lane, in
-- their order, lest the table itself be searched.
(SELECT id FROM {prefix}job WHERE queue = $1 AND lane = $2 AND state = 0 ORDER BY due_at LIMIT $3)
UNION ALL
(SELECT id FROM {prefix}job WHERE queue = $1 AND lane = $2 AND state = 1 ORDER BY due_at, id LIMIT $3)
UNION ALL
(SELECT id FROM {prefix}job WHERE queue = $1 AND lane = $2 AND state = 2 ORDER BY lease_until LIMIT $3)
LIMIT $3;
