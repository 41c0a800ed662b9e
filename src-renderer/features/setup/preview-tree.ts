// The folders that the chosen types will make in Dropbox, as lines of a tree, each type with one record as an example. Pure.

export interface TreeLine {
  readonly key: string;
  readonly depth: number;
  readonly name: string;
  readonly kind: 'root' | 'type' | 'record' | 'subfolder';
}

export interface PreviewType {
  readonly name: string;
  readonly label: string;
  readonly example: string;
  readonly subfolders: readonly string[];
}

export function previewTree(root: string, types: readonly PreviewType[]): readonly TreeLine[] {
  const lines: TreeLine[] = [{ key: 'root', depth: 0, name: root, kind: 'root' }];
  for (const { name, label, example, subfolders } of types) {
    lines.push({ key: name, depth: 1, name: label, kind: 'type' });
    lines.push({ key: `${name}/record`, depth: 2, name: example, kind: 'record' });
    for (const subfolder of subfolders) {
      lines.push({ key: `${name}/${subfolder}`, depth: 3, name: subfolder, kind: 'subfolder' });
    }
  }
  return lines;
}

/** Names between commas, each once, as they were typed. */
export function namesIn(text: string): readonly string[] {
  const names = text.split(/[,،]/).map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}
