-- A page of all jobs, newest first. By primary key.
SELECT j.id, j.owner, j.kind, j.subscription, j.message, j.request, j.progress, j.dry_run, j.state, j.done, j.reason, j.created, j.finished, j.starts, j.version
FROM {prefix}bulk_jobs AS j WHERE j.id < ?1 ORDER BY j.id DESC LIMIT ?2
