-- Copies finished jobs back to the unfinished ones; found by primary key, and locked until they are deleted.
INSERT INTO {prefix}job (id, queue, lane, state, due_at, claim, attempts, reference, order_key, labels, created_at,
                         data)
SELECT done.id, queue, lane,
       CASE WHEN greatest({now} + $2::bigint, coalesce($3::bigint, 0)) <= {now} THEN 1 ELSE 0 END,
       greatest({now} + $2::bigint, coalesce($3::bigint, 0)),
       claim, coalesce($4::bigint, attempts), reference, order_key, labels, created_at, data
FROM {prefix}finished_job AS done
WHERE done.id = ANY ($5::bytea[])
FOR UPDATE OF done;
