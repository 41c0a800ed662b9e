// Mantine's theme: the accent's name and calm defaults. Its colours are CSS variables in tokens.css.

import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

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
    return input.variant === 'filled' ? { ...colors, color: 'var(--on-accent)' } : colors;
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
  },
});
