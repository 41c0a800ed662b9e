// System packages that some tests need (windows, notifications, foreign clients). As root on Debian and its relatives
// they are installed; elsewhere one line names them with the command. Started by test.mjs, or by hand.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Package and the program or file that proves that it is there. */
const PACKAGES = [
  { name: 'chromium', program: 'chromium', for: 'the window' },
  { name: 'xvfb', program: 'Xvfb', for: 'the window' },
  { name: 'dbus', program: 'dbus-daemon', for: 'notifications' },
  { name: 'dunst', program: 'dunst', for: 'notifications' },
  { name: 'libnotify-bin', program: 'notify-send', for: 'notifications' },
  { name: 'rclone', program: 'rclone', for: 'the emulator with a foreign client' },
  {
    name: 'python3-dropbox',
    file: '/usr/lib/python3/dist-packages/dropbox/__init__.py',
    for: 'the emulator with a foreign client',
  },
];

function isInstalled(wanted) {
  if (wanted.file) return existsSync(wanted.file);
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, wanted.program)));
}

export function missingPackages() {
  if (process.platform !== 'linux') return [];
  return PACKAGES.filter((wanted) => !isInstalled(wanted)).map((wanted) => wanted.name);
}

function apt(...words) {
  const result = spawnSync('apt-get', words, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return result.status === 0;
}

/** Installs what is missing where that is possible; answers the names that are still missing. */
export function installPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return [];
  const root = process.getuid?.() === 0;
  if (root && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing system packages for the tests: ${missing.join(' ')}`);
    const install = () => apt('install', '-y', '-q', '--no-install-recommends', ...missing);
    if (!install()) {
      apt('update', '-q');
      // One by one the second time: a package that this system does not have must not keep the others away.
      if (!install()) for (const name of missingPackages()) apt('install', '-y', '-q', '--no-install-recommends', name);
    }
  }
  const still = missingPackages();
  if (still.length > 0) {
    console.log(`Missing system packages (their tests are skipped): sudo apt-get install ${still.join(' ')}`);
  }
  return still;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = installPackages().length === 0 ? 0 : 1;
}
