-- Which of these deliveries were made already: a subscription whose patterns change while a message is fanned out is met
-- twice. By primary keys.
SELECT waiting.id FROM {prefix}job AS waiting WHERE waiting.id = ANY ($1::bytea[])
UNION ALL
SELECT done.id FROM {prefix}finished_job AS done WHERE done.id = ANY ($1::bytea[])
