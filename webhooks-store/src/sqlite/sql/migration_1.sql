-- Unfinished jobs. state: 0 scheduled (waits for its time), 1 ready (waits for its turn), 2 running.
-- Without a rowid the row lies in the index of its id, which saves one write per job.
CREATE TABLE {prefix}job (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    lane BLOB NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    due_at INTEGER NOT NULL,
    claim INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    reference BLOB,
    order_key TEXT,
    labels TEXT,
    created_at INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A claim jumps from lane to lane and takes the oldest due of each.
CREATE INDEX {prefix}job_ready ON {prefix}job (queue, lane, due_at, id) WHERE state = 1;
-- Whose time has come; and how long until the next.
CREATE INDEX {prefix}job_scheduled ON {prefix}job (queue, due_at) WHERE state = 0;
-- The scheduled jobs of one lane, to call them off. Jobs that are never retried are never in it.
CREATE INDEX {prefix}job_scheduled_lane ON {prefix}job (queue, lane, due_at) WHERE state = 0;
-- How many run in a lane; a rescue reads it whole, which is as many entries as jobs run.
CREATE INDEX {prefix}job_running ON {prefix}job (queue, lane, lease_until) WHERE state = 2;
-- All jobs about one thing.
CREATE INDEX {prefix}job_reference ON {prefix}job (reference, id) WHERE reference IS NOT NULL;

-- Finished jobs. state: 3 done, 4 failed, 5 cancelled.
CREATE TABLE {prefix}finished_job (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    lane BLOB NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 3 AND 5),
    due_at INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    reference BLOB,
    order_key TEXT,
    labels TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What is old enough to be forgotten.
CREATE INDEX {prefix}finished_job_age ON {prefix}finished_job (queue, finished_at);
-- The history of a lane, by id.
CREATE INDEX {prefix}finished_job_lane ON {prefix}finished_job (queue, lane, id);
-- What failed in a lane since a time, however much succeeded.
CREATE INDEX {prefix}finished_job_failed ON {prefix}finished_job (queue, lane, finished_at, id) WHERE state = 4;
-- All jobs about one thing.
CREATE INDEX {prefix}finished_job_reference ON {prefix}finished_job (reference, id) WHERE reference IS NOT NULL;
