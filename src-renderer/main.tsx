// The page's entry: style sheets, preferences, events of the main process, and the app.

import './ui/styles.ts';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { Root } from './app/Root.tsx';
import { QuickDrop } from './features/quick-drop/QuickDrop.tsx';
import { receivePushes } from './app/receive.ts';
import { usePreferences } from './stores/preferences-store.ts';

/** The same page is the small window for dropping files; that one goes nowhere. */
const small = new URLSearchParams(window.location.search).get('window') === 'quick-drop';
if (!small) receivePushes();

// A file dropped beside a drop zone must not be opened in place of the app.
window.addEventListener('dragover', (event) => event.preventDefault());
window.addEventListener('drop', (event) => event.preventDefault());

const draw = (): void =>
  createRoot(document.getElementById('root') as HTMLElement).render(<Root>{small ? <QuickDrop /> : <App />}</Root>);

// The language is known before the first word is drawn; without it the system's is taken.
usePreferences.getState().load().then(draw, draw);
