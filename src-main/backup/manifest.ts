// What a backup says of itself: the file manifest.json at the end of the archive, read again by every verification.
// Written by pack.ts, read by unpack.ts; the store keeps a copy of it in the backup's row.

import { z } from 'zod';

export const MANIFEST_NAME = 'manifest.json';
export const DATABASE_MEMBER = 'docktide.sqlite';
export const SOURCES_FOLDER = 'sources';
/** Of what changed or was left out, so many paths are named. */
export const NAMED_PATHS = 20;

const listed = z.object({ count: z.number().int(), paths: z.array(z.string()) });

export const manifestSchema = z.object({
  format: z.literal(1),
  program: z.literal('docktide'),
  version: z.string(),
  id: z.string(),
  /** ISO 8601, UTC. */
  madeAt: z.string(),
  computer: z.string(),
  store: z.string(),
  database: z.object({
    file: z.literal(DATABASE_MEMBER),
    size: z.number().int(),
    sha256: z.string(),
    /** Number of migrations that the database has seen. */
    schema: z.number().int(),
    /** Rows of each table. */
    counts: z.record(z.string(), z.number().int()),
  }),
  sources: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      kind: z.enum(['file', 'folder', 'missing']),
      files: z.number().int(),
      bytes: z.number().int(),
      /** Changed while they were read, also when tried again: their copies may be mixed. */
      changed: listed,
      /** Links, files that cannot be read, and the like. */
      skipped: listed,
    }),
  ),
  /** Everything in the archive before the manifest; sha256 over one line each: `SHA256  PATH`. */
  members: z.object({ count: z.number().int(), bytes: z.number().int(), sha256: z.string() }),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type SourceContent = Manifest['sources'][number];

/** What a person should know about a backup that was made all the same. */
export function warningsOf(manifest: Manifest): string[] {
  return manifest.sources.flatMap((source) => {
    const warnings: string[] = [];
    if (source.kind === 'missing') {
      warnings.push(
        `The source "${source.name}" is not in this backup: ${source.path} is not there or cannot be read. Put it back, or remove the source.`,
      );
    }
    if (source.changed.count > 0) {
      warnings.push(
        `${named(source.changed)} of the source "${source.name}" changed while being read, so the copy may be mixed. Let the backup run after the program that writes it has finished.`,
      );
    }
    if (source.skipped.count > 0) {
      warnings.push(`${named(source.skipped)} of the source "${source.name}" could not be read and was left out.`);
    }
    return warnings;
  });
}

function named({ count, paths }: { readonly count: number; readonly paths: readonly string[] }): string {
  const first = `"${paths[0] ?? ''}"`;
  return count > 1 ? `${first} and ${count - 1} more` : first;
}
