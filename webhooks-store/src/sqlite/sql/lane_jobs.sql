-- Some unfinished jobs of a lane, to call them off: read from the three indexes that begin with queue and lane.
SELECT id FROM {prefix}job WHERE queue = ?1 AND lane = ?2 AND state = 0
UNION ALL
SELECT id FROM {prefix}job WHERE queue = ?1 AND lane = ?2 AND state = 1
UNION ALL
SELECT id FROM {prefix}job WHERE queue = ?1 AND lane = ?2 AND state = 2
LIMIT ?3;
