-- What came back for these attempts. By primary key. CROSS JOIN: the list first, however long it is.
WITH given(at, job, generation, number) AS (VALUES {rows})
SELECT answer.job AS delivery, answer.generation, answer.number, answer.body
FROM given CROSS JOIN {prefix}answer AS answer
  ON answer.at = given.at AND answer.job = given.job AND answer.generation = given.generation AND answer.number = given.number
WHERE given.at IS NOT NULL
