// Held deletions are counted at every look at the program, also while very many tasks are planned.

export const HELD = `CREATE INDEX queue_held ON queue (client_id) WHERE state = 'held';`;
