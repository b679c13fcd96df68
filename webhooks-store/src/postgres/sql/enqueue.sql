-- Inserts jobs. What is not due yet is scheduled. Indexes written: the primary key, job_lane, job_new, and job_scheduled of
-- what is scheduled. Ids sort by time, so all but the lane's grow at their end. Nothing is updated, so that no two
-- transactions wait for each other.
INSERT INTO {prefix}job (id, queue, slot, lane, owner, reference, order_key, labels, data, scheduled, due_at, created_at)
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data,
       CASE WHEN greatest({now} + delay, coalesce(moment, 0)) <= {now} THEN 0 ELSE 1 END,
       greatest({now} + delay, coalesce(moment, 0)),
       {now}
FROM unnest($2::bytea[], $3::text[], $4::bigint[], $5::bytea[], $6::bigint[], $7::bytea[], $8::text[], $9::text[],
            $10::bytea[], $11::bigint[], $12::bigint[])
     AS given (id, queue, slot, lane, owner, reference, order_key, labels, data, delay, moment);
