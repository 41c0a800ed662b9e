// Documents that are programs: they come from Dropbox, where others put them, and are never started from the window.

/** Kinds of files that run code when they are opened: they are shown in their folder instead. */
const RUNS_CODE = new Set(
  (
    'appimage bat bin cmd com command cpl desktop exe gadget hta inf jar js jse lnk msi msp pif ps1 reg scf scr sh ' +
    'url vb vbe vbs ws wsf app action workflow'
  ).split(' '),
);

export function runsCode(name: string): boolean {
  return RUNS_CODE.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
}
