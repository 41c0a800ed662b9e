// Rows of the store as the views that the command line prints and the window shows.

import { iso } from '../store/keepsakes.ts';
import { reasonText } from './reasons.ts';
import type { ClientView, LogView, TaskView } from '../../src-shared/views.ts';
import type { ClientRow, TaskRow } from '../engine/ports.ts';
import type { Operation, Plan } from '../sync/model.ts';
import type { RecordRow, RuleRow } from '../store/catalog.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { PlanView, RecordView, RuleView } from './service.ts';

export function clientView(store: DocumentStore, client: ClientRow): ClientView {
  const counts = store.listing.clientCounts(client.id, client.name);
  return {
    name: client.name,
    state: client.state,
    reason: client.reason,
    root: client.root,
    lastSync: isoOrNull(client.lastSync),
    pending: counts.pending,
    held: counts.held,
    failed: counts.failed,
    conflicts: counts.conflicts,
  };
}

/** The log keeps the planner's codes; people read words. */
export function logView(row: LogView): LogView {
  return { ...row, reason: reasonText(row.reason) };
}

export function taskView(task: TaskRow, client: string): TaskView {
  return {
    id: task.id,
    client,
    kind: task.kind,
    direction: task.direction,
    path: task.path,
    from: task.fromPath,
    reason: reasonText(task.reason),
    state: task.state,
    attempts: task.attempts,
    nextAttempt: isoOrNull(task.nextAttempt),
    error: task.error,
    errorCode: task.errorCode,
    bytes: task.bytes,
    bytesDone: task.bytesDone,
    plannedAt: iso(task.plannedAt),
    startedAt: isoOrNull(task.startedAt),
    finishedAt: isoOrNull(task.finishedAt),
  };
}

export function recordView(store: DocumentStore, record: RecordRow): RecordView {
  return {
    type: record.type,
    ref: record.ref,
    name: record.name,
    fields: record.fields,
    archived: record.archived,
    folder: recordFolder(store, record.id),
  };
}

function recordFolder(store: DocumentStore, recordId: number): string | null {
  const row = store.db
    .prepare<[number], { id: number }>(`SELECT id FROM entries WHERE role = 'record' AND record_id = ? ORDER BY id`)
    .get(recordId);
  return row === undefined ? null : store.entries.pathOf(row.id as Parameters<typeof store.entries.pathOf>[0]);
}

export function ruleView(rule: RuleRow): RuleView {
  return {
    id: rule.id,
    type: rule.type,
    client: rule.client ?? '',
    filter: rule.filter,
    pattern: rule.pattern,
    subfolders: rule.subfolders,
  };
}

export function planView(client: string, plan: Plan): PlanView {
  // Bookkeeping changes neither side.
  const operations = plan.operations.filter((operation) => operation.kind !== 'adopt' && operation.kind !== 'forget');
  return {
    client,
    operations: operations.map((operation) => ({
      kind: operation.kind,
      direction: operation.direction,
      path: operation.path,
      from: 'fromPath' in operation ? operation.fromPath : null,
      reason: reasonText(operation.reason),
      bytes: bytesOf(operation),
    })),
    held: operations.filter((operation) => operation.held).length,
    problems: plan.problems.map((problem) => ({ path: problem.path, reason: problem.detail })),
  };
}

function bytesOf(operation: Operation): number {
  return operation.kind === 'remote.upload' || operation.kind === 'local.download' ? operation.size : 0;
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : iso(time);
}
