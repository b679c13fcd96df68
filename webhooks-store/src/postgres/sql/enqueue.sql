-- Inserts jobs. What is due already starts as ready (1), anything else as scheduled (0).
-- Indexes written: the primary key, job_ready or the two of scheduled jobs, job_reference. Ids sort by time, so all
-- but the lane's grow at their end. Nothing is updated, so that no two transactions wait for each other.
INSERT INTO {prefix}job (id, queue, lane, reference, order_key, labels, data, state, due_at, created_at)
SELECT id, queue, lane, reference, order_key, labels, data,
       CASE WHEN greatest({now} + delay, coalesce(moment, 0)) <= {now} THEN 1 ELSE 0 END,
       greatest({now} + delay, coalesce(moment, 0)),
       {now}
FROM unnest($2::bytea[], $3::text[], $4::bytea[], $5::bytea[], $6::text[], $7::text[], $8::bytea[], $9::bigint[],
            $10::bigint[])
     AS given (id, queue, lane, reference, order_key, labels, data, delay, moment);
