-- What came back for these attempts. By primary key. All were made between $1 and $2: the partitions of other days are not even
-- opened. The times stand next to one that does not exist, so that nothing but the list is a way to them.
SELECT answer.job AS delivery, answer.generation, answer.number, answer.body
FROM unnest($3::bigint[], $4::bytea[], $5::bigint[], $6::bigint[]) AS given (at, job, generation, number)
JOIN {prefix}answer AS answer
  ON answer.at = given.at AND answer.job = given.job AND answer.generation = given.generation AND answer.number = given.number
WHERE answer.at >= $1 AND answer.at <= $2 OR answer.at = -1
