// The settings.

import type { Scene } from '../../../gallery/scene.ts';

export const scenes: readonly Scene[] = [{ id: 'settings-window', title: 'Language and colours', screen: 'settings' }];
