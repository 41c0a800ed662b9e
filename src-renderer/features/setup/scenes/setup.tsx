// The first run in its states.

import type { Scene } from '../../../gallery/scene.ts';

export const scenes: readonly Scene[] = [
  { id: 'setup-start', title: 'The first start', app: { phase: 'first-run', clients: [] } },
  {
    id: 'setup-waiting',
    title: 'The login waits in the browser',
    app: { phase: 'first-run', clients: [], loginWaits: true },
  },
];
