-- The jobs about one thing in the order of their ids, merged from job_reference and finished_job_reference.
SELECT id, queue, lane, reference, order_key, labels, data, state, attempts, claim, due_at,
       created_at, NULL AS finished_at
FROM {prefix}job
WHERE reference = ?1 AND id > ?2
UNION ALL
SELECT id, queue, lane, reference, order_key, labels, data, state, attempts, claim, due_at,
       created_at, finished_at
FROM {prefix}finished_job
WHERE reference = ?1 AND id > ?2
ORDER BY id LIMIT ?3;
