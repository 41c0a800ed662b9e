// Mantine's theme: the accent's name and calm defaults. Its colours are CSS variables in tokens.css.

import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

/** Where menus, tips and messages are drawn. */
export const OVERLAYS = '#overlays';

const tide: MantineColorsTuple = [
  '#e2f1f2',
  '#c8e5e7',
  '#9fd2d6',
  '#72bec4',
  '#4fb9c4',
  '#2a97a1',
  '#0d7680',
  '#0a6068',
  '#084d54',
  '#053b40',
];

export const theme = createTheme({
  primaryColor: 'tide',
  primaryShade: 6,
  colors: { tide },
  defaultRadius: 6,
  cursorType: 'pointer',
  // The accent is light in the dark scheme: what stands on it follows.
  variantColorResolver(input) {
    const colors = defaultVariantColorsResolver(input);
    if (input.variant === 'filled') return { ...colors, color: 'var(--on-accent)' };
    // What warns keeps its contrast in both schemes.
    return input.color === 'red' ? { ...colors, color: 'var(--bad)', hover: 'var(--bad-soft)' } : colors;
  },
  components: {
    // Inside of a landmark, for those who go from one to the next.
    Portal: { defaultProps: { target: OVERLAYS } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    // What it says is the name of what it stands at already.
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true, 'aria-hidden': true } },
  },
});
