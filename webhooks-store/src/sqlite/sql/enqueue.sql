-- Inserts jobs. What is not due yet is scheduled. Written are the table, whose position only grows, the index of ids,
-- job_lane, and job_scheduled of what is scheduled. Ids sort by time, so all but the lane's grow at their end.
WITH given (id, queue, slot, lane, owner, reference, order_key, labels, data, delay, moment) AS (VALUES {rows})
INSERT INTO {prefix}job (id, queue, slot, lane, owner, reference, order_key, labels, data, scheduled, due_at, created_at)
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data,
       max({now} + delay, coalesce(moment, 0)) > {now},
       max({now} + delay, coalesce(moment, 0)),
       {now}
FROM given
WHERE id IS NOT NULL;
