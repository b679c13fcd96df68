-- Lets the first row of a lane count as new, so that the owner of the lane looks at it again: job_lane. One that another
-- transaction has in hand is passed over.
UPDATE {prefix}job SET xid = pg_current_xact_id()
WHERE id = (
    SELECT id FROM {prefix}job WHERE queue = $1 AND slot = $2::smallint AND lane = $3
    ORDER BY due_at, (id || '') LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id;
