-- What is over. By the index grants_by_end.
DELETE FROM {prefix}grants
WHERE hash = ANY (ARRAY(
    SELECT over.hash FROM {prefix}grants AS over WHERE over.expires <= {now} ORDER BY over.expires LIMIT $2
))
