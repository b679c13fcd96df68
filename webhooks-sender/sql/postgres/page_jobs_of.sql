-- A page of one owner's jobs, newest first. By the index bulk_jobs_by_owner.
SELECT j.id, j.owner, j.kind, j.subscription, j.message, j.request, j.progress, j.dry_run, j.state, j.done, j.reason, j.created, j.finished, j.starts, j.version
FROM {prefix}bulk_jobs AS j WHERE j.owner = $1 AND (j.id || '') < $2 ORDER BY (j.id || '') DESC LIMIT $3
