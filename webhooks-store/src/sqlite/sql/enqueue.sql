-- Inserts jobs. What is due already starts as ready (1), anything else as scheduled (0).
-- Indexes written: the primary key, job_ready or the two of scheduled jobs, job_reference. Ids sort by time, so all
-- but the lane's grow at their end.
WITH given (id, queue, lane, reference, order_key, labels, data, delay, moment) AS (VALUES {rows})
INSERT INTO {prefix}job (id, queue, lane, reference, order_key, labels, data, state, due_at, created_at)
SELECT id, queue, lane, reference, order_key, labels, data,
       max({now} + delay, coalesce(moment, 0)) <= {now},
       max({now} + delay, coalesce(moment, 0)),
       {now}
FROM given
WHERE id IS NOT NULL;
