-- Which of these deliveries were made already: a subscription whose patterns change while a message is fanned out is met
-- twice. By primary keys.
WITH given(id) AS (VALUES {rows})
SELECT given.id FROM given
WHERE given.id IS NOT NULL
  AND (EXISTS (SELECT 1 FROM {prefix}job AS waiting WHERE waiting.id = given.id)
    OR EXISTS (SELECT 1 FROM {prefix}finished_job AS done WHERE done.id = given.id))
