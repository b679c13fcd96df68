-- Deliveries get their numbers.
INSERT INTO {prefix}sequence_number (delivery, number)
SELECT given.delivery, given.number FROM unnest($1::bytea[], $2::bigint[]) AS given (delivery, number)
