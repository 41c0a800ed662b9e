// Where the focus is nowhere, or on a line of a menu that is closing: it goes with the menu.

export function isLost(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.closest('[role="menu"]') !== null;
}
