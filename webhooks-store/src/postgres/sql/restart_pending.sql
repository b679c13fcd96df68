-- Has waiting jobs tried now; found by primary key. One that is due already keeps its place, and with it its order. The
-- row counts as new, so that the owner of its lane hears of it.
UPDATE {prefix}job
SET due_at = least(due_at, {now}), scheduled = 0, held_until = NULL, starts = 0, version = version + 1,
    attempts = coalesce($2::bigint, attempts), xid = pg_current_xact_id()
WHERE id = ANY ($3::bytea[])
RETURNING id;
