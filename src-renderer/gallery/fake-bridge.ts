// In place of the main process: answers calls and lists from a scene. What a scene does not answer, and no usual answer
// fits, is refused with a sentence.

import type { Answer, Bridge, Push } from '../../src-shared/ipc-contract.ts';
import { type Preferences } from '../../src-shared/ipc/preferences.ts';
import { LANGUAGES } from '../../src-shared/languages.ts';
import { usualApp } from './company.ts';
import { Refusal, type Scene } from './scene.ts';

type Handler = (args: unknown) => unknown;

export interface FakeBridge extends Bridge {
  readonly push: (push: Push) => void;
}

/** Who listens goes on listening when another scene is shown. */
const listeners = new Set<(batch: unknown) => void>();

export function createFakeBridge(scene: Scene, language: string): FakeBridge {
  const kept: Record<string, unknown> = { ...scene.kept };
  const preferences: Preferences = {
    language: LANGUAGES.find((one) => one === language) ?? 'en',
    colours: 'system',
  };
  const listRows = (list: string): readonly unknown[] => {
    const rows = scene.lists?.[list as keyof typeof scene.lists];
    return typeof rows === 'function' ? rows() : (rows ?? []);
  };
  const usual: Readonly<Record<string, Handler>> = {
    'app.view': () => ({ ...usualApp, ...scene.app }),
    'preferences.load': () => ({ preferences, systemLanguage: preferences.language, kept }),
    'preferences.change': (args) => Object.assign(preferences, args),
    'preferences.keep': (args) => {
      const { key, value } = args as { key: string; value: unknown };
      kept[key] = value;
      return null;
    },
    'list.watch': (args) => {
      const rows = listRows((args as { list: string }).list);
      return { rows, total: rows.length };
    },
    'list.unwatch': () => null,
    'folder.watch': () => ({ rows: [], total: 0 }),
    'folder.unwatch': () => null,
    'queue.list': () => [],
    'log.list': () => ({ rows: [], before: null, upTo: 0, lines: 0 }),
    search: () => [],
  };
  const answer = async (name: string, args: unknown): Promise<Answer> => {
    const handler = (scene.answers?.[name as keyof typeof scene.answers] as Handler | undefined) ?? usual[name];
    try {
      if (handler === undefined) throw new Refusal('no-answer', `This scene has no answer to ${name}.`);
      return { ok: true, value: await handler(args) };
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 'unexpected';
      return { ok: false, error: { code, message: error instanceof Error ? error.message : String(error) } };
    }
  };
  return {
    call: answer,
    dropFiles: () => answer('files.drop', {}),
    onPush(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    push(push) {
      for (const listener of listeners) listener([push]);
    },
  };
}
