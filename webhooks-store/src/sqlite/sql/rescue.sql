-- Jobs whose lease has run out get in line again. job_running is read whole: as many entries as jobs run.
-- A lease that ends later than any could was given before the clock was set back.
UPDATE {prefix}job SET state = 1, lease_until = NULL
WHERE id IN (SELECT id FROM {prefix}job
             WHERE queue = ?2 AND state = 2 AND (lease_until <= {now} OR lease_until > {now} + ?3) LIMIT ?4)
RETURNING id, claim;
