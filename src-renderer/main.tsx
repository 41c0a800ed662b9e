// The page's entry: style sheets, events of the main process, and the app.

import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './ui/tokens.css';
import './ui/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { onPush } from './bridge/bridge.ts';
import { useApp } from './stores/app-store.ts';
import { useDemo } from './stores/demo-store.ts';
import { useFolders } from './stores/folder-store.ts';
import { useLog } from './stores/log-store.ts';
import { useQueue } from './stores/queue-store.ts';
import { theme } from './ui/theme.ts';
import { language } from './ui/words.ts';

document.documentElement.lang = language;

onPush((push) => {
  useApp.getState().receive(push);
  useFolders.getState().receive(push);
  useQueue.getState().receive(push);
  useLog.getState().receive(push);
  useDemo.getState().receive(push);
});

// A file dropped beside a drop zone must not be opened in place of the app.
window.addEventListener('dragover', (event) => event.preventDefault());
window.addEventListener('drop', (event) => event.preventDefault());

createRoot(document.getElementById('root') as HTMLElement).render(
  <MantineProvider
    theme={theme}
    defaultColorScheme="auto"
    // Both would put inline style elements into the page, which its policy forbids; tokens.css holds the variables.
    withCssVariables={false}
    withGlobalClasses={false}
  >
    <App />
    <Notifications position="bottom-center" limit={4} />
  </MantineProvider>,
);
