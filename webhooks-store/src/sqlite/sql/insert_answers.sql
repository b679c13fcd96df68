-- What came back for attempts, apart from them: it is forgotten earlier.
WITH given (at, job, generation, number, body) AS (VALUES {rows})
INSERT INTO {prefix}answer (at, job, generation, number, body)
SELECT at, job, generation, number, body FROM given WHERE at IS NOT NULL
ON CONFLICT (at, job, generation, number) DO NOTHING;
