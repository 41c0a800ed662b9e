// The demonstration's other side: its Dropbox, to look at and to change.

import type { demoCalls } from '../../src-shared/ipc/demo.ts';
import { AppError } from '../app/service.ts';
import { changeSomething } from './demo-change.ts';
import type { CallParts, HandlersOf } from './parts.ts';

export function demoHandlers({ workspace }: CallParts): HandlersOf<typeof demoCalls> {
  const remote = () => {
    const demo = workspace.demo();
    if (demo === null) throw new AppError('no-demo', 'The demonstration is not running.');
    return demo.remote;
  };
  return {
    'demo.remote': async () => [...(await remote().tree())],
    'demo.change': async () => changeSomething(remote()),
  };
}
