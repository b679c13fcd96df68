-- What a page has done, unless the job was cancelled or another process has it by now. By primary key: the expression keeps bulk_jobs_due out.
UPDATE {prefix}bulk_jobs
SET progress = ?4, done = ?5, state = ?6, reason = ?7, due = {now} + ?8,
    finished = CASE WHEN ?6 = 'running' THEN NULL ELSE {now} END,
    exclusive = CASE WHEN ?6 = 'running' THEN exclusive END,
    starts = 0, version = version + 1
WHERE id = ?2 AND version = ?3 AND (state || '') = 'running'
