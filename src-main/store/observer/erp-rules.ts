// Which folders the ERP asks for: rules and records as the folders that follow from them, without any disk.
// Called by erp-folders.ts (make them) and by observer.ts (is a vanished folder still asked for).

import { joinPath } from '../../../src-shared/domain.ts';
import { cleanFolderName, parsePattern, patternName, type PatternPart } from '../../../src-shared/folder-pattern.ts';
import { matchesFilter, parseFilter, type FilterExpression } from '../../../src-shared/rule-filter.ts';
import { fieldsOf, type Catalog, type RecordRow, type RuleRow } from '../catalog.ts';
import type { EntryRow } from '../entries.ts';
import type { DocumentStore } from '../open-store.ts';

export interface CompiledRule {
  readonly row: RuleRow;
  readonly folderName: string;
  readonly filter: FilterExpression;
  readonly pattern: readonly PatternPart[];
  /** Paths below the record's folder, those above first. */
  readonly subfolders: readonly string[];
}

export function compileRules(catalog: Catalog): CompiledRule[] {
  return catalog.rules().flatMap((row) => {
    const filter = parseFilter(row.filter ?? '');
    const pattern = parsePattern(row.pattern);
    // Both were checked when the rule was stored; a rule that an older version took more kindly makes no folders.
    if (!filter.ok || !pattern.ok || row.clientId === null) return [];
    return [
      {
        row,
        folderName: cleanFolderName(row.label) ?? cleanFolderName(row.type) ?? `type ${row.typeId}`,
        filter: filter.expression,
        pattern: pattern.parts,
        subfolders: cleanSubfolders(row.subfolders),
      },
    ];
  });
}

export function ruleApplies(rule: CompiledRule, record: RecordRow): boolean {
  return !record.archived && rule.row.typeId === record.typeId && matchesFilter(rule.filter, fieldsOf(record));
}

export function recordFolderName(rule: CompiledRule, record: RecordRow): string {
  return patternName(rule.pattern, fieldsOf(record));
}

/** A further name for a record whose folder's name is taken: `Name (REF)`, `Name (REF 2)` … */
export function distinctName(base: string, mark: string, number: number): string {
  const cleaned = cleanFolderName(mark) ?? 'another';
  return `${base} (${cleaned}${number === 1 ? '' : ` ${number}`})`;
}

/** Whether a name is the base or one of its distinct forms: then a folder keeps it. */
export function isNameOf(name: string, base: string, mark: string): boolean {
  if (name === base) return true;
  const prefix = distinctName(base, mark, 1).slice(0, -1);
  return name.startsWith(prefix) && /^( \d+)?\)$/.test(name.slice(prefix.length));
}

/**
 * Answers whether a rule's or record's folder is still asked for; rules and records are read once. A record may have
 * folders of rules that are gone or no longer meet it, beside the one that a rule asks for now: they are people's.
 */
export function wantedFolders({ catalog, entries }: DocumentStore): (row: EntryRow) => boolean {
  const rules = compileRules(catalog);
  const byId = new Map(rules.map((rule) => [rule.row.id, rule]));
  const ruleOf = (row: EntryRow | null) => (row?.rule_id == null ? undefined : byId.get(row.rule_id));
  return (row) => {
    if (row.role === 'rule') return ruleOf(row) !== undefined;
    if (row.role !== 'record' || row.record_id === null) return false;
    const home = ruleOf(row) ?? (row.parent_id === null ? undefined : ruleOf(entries.get(row.parent_id)));
    const record = home === undefined ? null : catalog.recordById(row.record_id);
    return record !== null && rules.some((rule) => isShared(rule, home) && ruleApplies(rule, record));
  };
}

/** Rules of one type and client share a folder; a nested one is another folder. */
function isShared({ row }: CompiledRule, other: CompiledRule | undefined): boolean {
  if (row.id === other?.row.id) return true;
  const isSame = row.typeId === other?.row.typeId && row.clientId === other.row.clientId;
  return isSame && row.parentRuleId === other.row.parentRuleId;
}

function cleanSubfolders(names: readonly string[]): string[] {
  const paths = new Set<string>();
  for (const name of names) {
    let path = '';
    for (const part of name.split('/')) {
      const cleaned = cleanFolderName(part);
      if (cleaned === null) continue;
      path = joinPath(path, cleaned);
      paths.add(path);
    }
  }
  return [...paths];
}
