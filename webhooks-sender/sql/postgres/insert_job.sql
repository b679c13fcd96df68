-- A new job, unless an unfinished one does the same: the unique index on exclusive knows.
INSERT INTO {prefix}bulk_jobs (id, owner, kind, subscription, message, request, progress, dry_run, state, created, due, exclusive)
VALUES ($2, $3, $4, $5, $6, $7, '', $8, 'running', {now}, {now}, $9)
ON CONFLICT (exclusive) DO NOTHING
