// The listeners of the application: window, terminal and log file hear the same events.

import type { AppEvent } from '../../src-shared/views.ts';

export interface Events {
  emit(event: AppEvent): void;
  subscribe(listener: (event: AppEvent) => void): () => void;
}

export function makeEvents(onListenerError: (error: unknown) => void): Events {
  const listeners = new Set<(event: AppEvent) => void>();
  return {
    emit(event) {
      for (const listener of listeners) {
        // A listener's failure must not stop the pass that it listens to.
        try {
          listener(event);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    subscribe(listener) {
      const own = (event: AppEvent) => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
