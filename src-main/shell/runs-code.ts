// Documents that are programs: they come from Dropbox, where others put them, and are never started from the window.

import { open } from 'node:fs/promises';
import mime from 'mime';

/** Kinds of files that run code when they are opened, on any of the three systems. */
const RUNS_CODE = new Set(
  // Windows
  (
    'exe com bat cmd ps1 psm1 ps1xml msi msix msixbundle appx appxbundle msp mst msc pif scr scf cpl gadget hta inf ins ' +
    'isp lnk reg rgs sct shb shs url vb vbe vbs ws wsc wsf wsh js jse xbap application appref-ms settingcontent-ms ' +
    'library-ms search-ms diagcab chm hlp iqy slk xll xlam wll job dll sys ' +
    // macOS
    'app command tool terminal action workflow scpt scptd applescript osx pkg mpkg dmg fileloc inetloc webloc mobileconfig ' +
    // Linux and everywhere
    'appimage bin run desktop sh bash zsh csh ksh fish deb rpm snap flatpakref jar jnlp py pyc pyw pyz pyzw pl rb php'
  ).split(' '),
);

/** Bytes at the beginning of programs: a script for an interpreter, ELF, Windows, macOS (either order of bytes, universal). */
const BEGINNINGS = ['2321', '7f454c46', '4d5a', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe'];

export function runsCode(name: string): boolean {
  // Windows takes no notice of dots and spaces at the end.
  const bare = name.replace(/[. ]+$/, '');
  return RUNS_CODE.has(bare.slice(bare.lastIndexOf('.') + 1).toLowerCase());
}

/** Whether opening the file would start it: by its name or, where that says nothing, by how it begins. */
export async function isProgram(path: string): Promise<boolean> {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  if (runsCode(name)) return true;
  // A known ending names the program that it is opened with.
  if (name.includes('.') && mime.getType(name) !== null) return false;
  try {
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const beginning = buffer.subarray(0, bytesRead).toString('hex');
    return BEGINNINGS.some((one) => beginning.startsWith(one));
  } catch {
    // A folder, or gone: opening it says so.
    return false;
  }
}
