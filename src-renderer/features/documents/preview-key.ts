// The key that previews are loaded with, asked for once.

import { useEffect } from 'react';
import { create } from 'zustand';
import { call } from '../../bridge/bridge.ts';

const useKey = create<{ readonly key: string | null; readonly asked: boolean }>()(() => ({ key: null, asked: false }));

export function usePreviewKey(): string | null {
  useEffect(() => {
    if (useKey.getState().asked) return;
    useKey.setState({ asked: true });
    call('files.previewKey', {}).then(
      (key) => useKey.setState({ key }),
      // Without it icons are shown.
      () => useKey.setState({ asked: false }),
    );
  }, []);
  return useKey((store) => store.key);
}
