-- Nothing to do: a transaction that begins as one that writes has the whole file.
SELECT ?1 AS owner
