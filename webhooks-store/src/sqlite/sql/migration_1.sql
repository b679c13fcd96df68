-- Unfinished jobs. state: 0 scheduled (waits for its time), 1 ready (waits for its turn), 2 running.
-- Without a rowid the row lies in the index of its id, which saves one write per job.
CREATE TABLE {prefix}job (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    lane BLOB NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    due_at INTEGER NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
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

-- Finished jobs, each with its last attempt if one was made. state: 3 done, 4 failed, 5 cancelled.
CREATE TABLE {prefix}history (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    lane BLOB NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 3 AND 5),
    generation INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    reference BLOB,
    order_key TEXT,
    labels TEXT,
    data BLOB NOT NULL,
    tried_at INTEGER,
    duration_ms INTEGER,
    status INTEGER,
    error TEXT
) STRICT, WITHOUT ROWID;

-- The history of a lane, by id.
CREATE INDEX {prefix}history_lane ON {prefix}history (lane, id);
-- What failed in a lane since a time, however much succeeded.
CREATE INDEX {prefix}history_failed ON {prefix}history (lane, finished_at, id) WHERE state = 4;

-- The attempts that are not the last of a finished job: failed ones, mostly.
CREATE TABLE {prefix}attempt (
    job BLOB NOT NULL,
    generation INTEGER NOT NULL,
    number INTEGER NOT NULL,
    lane BLOB NOT NULL,
    at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    PRIMARY KEY (job, generation, number)
) STRICT, WITHOUT ROWID;

-- The attempts of a lane, by job.
CREATE INDEX {prefix}attempt_lane ON {prefix}attempt (lane, job, generation, number);

-- What came back for an attempt, apart from it because it is forgotten earlier. The key begins with the attempt's time.
CREATE TABLE {prefix}answer (
    at INTEGER NOT NULL,
    job BLOB NOT NULL,
    generation INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (at, job, generation, number)
) STRICT, WITHOUT ROWID;
