-- Deliveries get their numbers.
WITH given(delivery, number) AS (VALUES {rows})
INSERT INTO {prefix}sequence_number (delivery, number)
SELECT given.delivery, given.number FROM given WHERE given.delivery IS NOT NULL
