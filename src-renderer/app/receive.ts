// Where the events of the main process go: each store takes what it knows.

import { onPush } from '../bridge/bridge.ts';
import { useApp } from '../stores/app-store.ts';
import { useDemo } from '../stores/demo-store.ts';
import { useFolders } from '../stores/folder-store.ts';
import { useJobs } from '../stores/jobs-store.ts';
import { navigate } from '../stores/navigation-store.ts';
import { useQueue } from '../stores/queue-store.ts';

export function receivePushes(): () => void {
  return onPush((push) => {
    if (push.kind === 'navigate') navigate(push.screen, push.params);
    useApp.getState().receive(push);
    useFolders.getState().receive(push);
    useQueue.getState().receive(push);
    useDemo.getState().receive(push);
    useJobs.getState().receive(push);
  });
}
