// Everything around the app: colours, direction, language. Another language draws the app anew; what it shows lies in
// stores and stays.

import { DirectionProvider, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { directionOf } from '../../src-shared/words/words.ts';
import { usePreferences } from '../stores/preferences-store.ts';
import { OVERLAYS, theme } from '../ui/theme.ts';
import { t } from '../ui/words.ts';

export function Root({ children }: { children: ReactNode }) {
  const language = usePreferences((store) => store.language);
  const direction = directionOf(language);
  return (
    <DirectionProvider key={language} initialDirection={direction} detectDirection={false}>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        // Both would put inline style elements into the page, which its policy forbids; tokens.css holds the variables.
        withCssVariables={false}
        withGlobalClasses={false}
      >
        {children}
        <aside id={OVERLAYS.slice(1)} aria-label={t('app.overlays')} />
        <Notifications position={direction === 'rtl' ? 'bottom-left' : 'bottom-center'} limit={4} />
      </MantineProvider>
    </DirectionProvider>
  );
}
