-- Lets one transaction at a time change a subscription: two concurrent rotations of its secret would each keep only their
-- own. By primary key.
SELECT id FROM {prefix}subscriptions WHERE id = $1 AND ($2::text IS NULL OR owner = $2::text) FOR UPDATE
