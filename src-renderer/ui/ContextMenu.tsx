import { Menu } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import { Fragment, useLayoutEffect, useRef } from 'react';
import { KeyHint } from './KeyHint.tsx';
import { isLost } from './lost-focus.ts';
import styles from './ContextMenu.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly shortcut?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** A line above it. */
  readonly divided?: boolean;
  readonly run: () => void;
}

interface ContextMenuProps {
  readonly label: string;
  /** In pixels of the window; null for closed. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly close: () => void;
  readonly entries: readonly MenuEntry[];
}

/** What can be done with what was clicked, where it was clicked. */
export function ContextMenu({ label, at, close, entries }: ContextMenuProps) {
  const isOpened = at !== null;
  const opener = useRef<Element | null>(null);
  // What the menu was opened on gets the focus again before a dialog that an entry opens asks where to go back to.
  useLayoutEffect(() => {
    if (isOpened) opener.current = document.activeElement;
    else if (opener.current instanceof HTMLElement) {
      if (isLost(document.activeElement)) opener.current.focus({ preventScroll: true });
      opener.current = null;
    }
  }, [isOpened]);
  return (
    <Menu
      opened={isOpened}
      onChange={(opened) => !opened && close()}
      position="bottom-start"
      offset={2}
      withinPortal
      aria-label={label}
    >
      <Menu.Target>
        <span aria-hidden className={styles.anchor} style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        {entries.map(({ id, label: text, icon: Icon, shortcut, danger, disabled, divided, run }) => (
          <Fragment key={id}>
            {divided && <Menu.Divider />}
            <Menu.Item
              {...(danger && { color: 'red' })}
              disabled={disabled ?? false}
              leftSection={Icon ? <Icon aria-hidden size={15} strokeWidth={1.7} /> : <span className={styles.noIcon} />}
              rightSection={shortcut && <KeyHint shortcut={shortcut} />}
              onClick={run}
            >
              {text}
            </Menu.Item>
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
