// Which folders the ERP asks for: rules and records as the folders that follow from them, without any disk.
// Called by erp-folders.ts (make them) and by observer.ts (is a vanished folder still asked for).

import { joinPath } from '../../../src-shared/domain.ts';
import { cleanFolderName, parsePattern, patternName, type PatternPart } from '../../../src-shared/folder-pattern.ts';
import { matchesFilter, parseFilter, type FilterExpression } from '../../../src-shared/rule-filter.ts';
import { fieldsOf, type Catalog, type RecordRow, type RuleRow } from '../catalog.ts';
import type { EntryRow } from '../entries.ts';

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

/** Answers whether a rule's or record's folder is still asked for; rules and records are read once. */
export function wantedFolders(catalog: Catalog): (row: EntryRow) => boolean {
  const rules = compileRules(catalog);
  return (row) => {
    if (row.role === 'rule') return rules.some((rule) => rule.row.id === row.rule_id);
    if (row.role !== 'record' || row.record_id === null) return false;
    const record = catalog.recordById(row.record_id);
    return record !== null && rules.some((rule) => ruleApplies(rule, record));
  };
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
