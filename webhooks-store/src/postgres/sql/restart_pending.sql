-- Gives pending jobs another due time; found by primary key.
UPDATE {prefix}job
SET state = CASE WHEN greatest({now} + $2::bigint, coalesce($3::bigint, 0)) <= {now} THEN 1 ELSE 0 END,
    due_at = greatest({now} + $2::bigint, coalesce($3::bigint, 0)),
    attempts = coalesce($4::bigint, attempts)
WHERE id = ANY ($5::bytea[]) AND state IN (0, 1)
RETURNING id;
