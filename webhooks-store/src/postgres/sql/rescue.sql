-- Jobs whose lease has run out get in line again. job_running is read whole: as many entries as jobs run.
-- A lease that ends later than any could was given before the clock was set back. A job that is being settled at
-- this moment is passed over. The order is that of the index, lest the table itself be searched.
UPDATE {prefix}job SET state = 1, lease_until = NULL
WHERE id = ANY (ARRAY(
    SELECT id FROM {prefix}job
    WHERE queue = $2 AND state = 2 AND (lease_until <= {now} OR lease_until > {now} + $3)
    ORDER BY lane, lease_until LIMIT $4 FOR UPDATE SKIP LOCKED
))
RETURNING id, claim;
