// A pair of both sides whose entry here, or in Dropbox, has become another one: what it was paired with before is no
// longer agreed upon, and the next plan looks at it (as `synced_changed_delete` does for a pair that is gone).

export const RE_PAIRED = `
CREATE TRIGGER synced_changed_local AFTER UPDATE OF local_id ON synced WHEN old.local_id IS NOT new.local_id BEGIN
  INSERT INTO local_changes (entry_id) VALUES (old.local_id);
END;
CREATE TRIGGER synced_changed_remote AFTER UPDATE OF remote_id ON synced WHEN old.remote_id IS NOT new.remote_id BEGIN
  INSERT INTO remote_changes
    VALUES (old.client_id, old.remote_id, (SELECT remote_epoch + 1 FROM clients WHERE id = old.client_id))
    ON CONFLICT DO UPDATE SET epoch = excluded.epoch;
END;
`;
