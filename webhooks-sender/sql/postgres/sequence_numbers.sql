-- The numbers that deliveries have in the sequence of their subscription. By primary key.
SELECT n.delivery, n.number
FROM unnest($1::bytea[]) AS given (delivery) JOIN {prefix}sequence_number AS n ON n.delivery = given.delivery
