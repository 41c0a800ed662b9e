// How far the set-up is: kept between starts, so that it can be left and taken up again. It belongs to one documents
// folder; another one begins anew.

import type { AppView } from '../../../src-shared/ipc/app.ts';
import { usePreferences, useKept } from '../../stores/preferences-store.ts';
import { useApp } from '../../stores/app-store.ts';

export const STEPS = ['folder', 'dropbox', 'types'] as const;
export type SetupStep = (typeof STEPS)[number];

export interface Progress {
  readonly documents: string;
  readonly step: SetupStep | 'done';
}

const KEY = 'setup.progress';

export function isProgress(value: unknown): value is Progress | null {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { documents, step } = value as Partial<Progress>;
  return typeof documents === 'string' && [...STEPS, 'done'].some((one) => one === step);
}

/** Without a connected account there is one to connect; with one, only the types are left. */
export function stepNow(app: Pick<AppView, 'phase' | 'demo' | 'documents'>, kept: Progress | null): Progress['step'] {
  if (app.demo) return 'done';
  const step = kept?.documents === app.documents ? kept.step : null;
  if (app.phase === 'ready') return step === 'types' ? 'types' : 'done';
  return step === null || step === 'folder' ? 'folder' : 'dropbox';
}

export function useSetupStep(app: AppView | null): Progress['step'] {
  const [kept] = useKept<Progress | null>(KEY, null, isProgress);
  return app === null ? 'done' : stepNow(app, kept);
}

export function goToStep(step: Progress['step']): void {
  const documents = useApp.getState().app?.documents ?? '';
  usePreferences.getState().keep(KEY, { documents, step });
}
