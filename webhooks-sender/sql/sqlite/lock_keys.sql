-- One writer at a time: who has come so far holds every key.
WITH given (hash) AS (VALUES {rows}) SELECT hash FROM given WHERE hash IS NOT NULL
