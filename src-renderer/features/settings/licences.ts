// What the program is made of, with versions and licences, for the About page. A test holds it to package.json and to what
// the packages say of themselves.

export const PARTS: readonly (readonly [name: string, version: string, licence: string])[] = [
  ['@headless-tree/core', '1.7.0', 'MIT'],
  ['@headless-tree/react', '1.7.0', 'MIT'],
  ['@mantine/core', '9.7.3', 'MIT'],
  ['@mantine/hooks', '9.7.3', 'MIT'],
  ['@mantine/notifications', '9.7.3', 'MIT'],
  ['@mantine/spotlight', '9.7.3', 'MIT'],
  ['@tanstack/react-table', '9.3.1', 'MIT'],
  ['@tanstack/react-virtual', '3.14.26', 'MIT'],
  ['age-encryption', '0.3.1', 'BSD-3-Clause'],
  ['better-sqlite3', '13.2.0', 'MIT'],
  ['chokidar', '6.0.0', 'MIT'],
  ['cockatiel', '4.0.0', 'MIT'],
  ['commander', '15.1.0', 'MIT'],
  ['croner', '11.0.1', 'MIT'],
  ['csv-parse', '7.0.3', 'MIT'],
  ['dropbox', '10.47.0', 'MIT'],
  ['electron', '45.4.1', 'MIT'],
  ['electron-store', '12.0.0', 'MIT'],
  ['i18next', '27.1.2', 'MIT'],
  ['ignore', '7.0.16', 'MIT'],
  ['lucide-react', '1.75.0', 'ISC'],
  ['mime', '4.1.2', 'MIT'],
  ['p-queue', '10.0.0', 'MIT'],
  ['pino', '10.4.0', 'MIT'],
  ['react', '19.3.1', 'MIT'],
  ['react-dom', '19.3.1', 'MIT'],
  ['react-i18next', '18.0.1', 'MIT'],
  ['react-pdf', '11.0.0', 'MIT'],
  ['recharts', '3.10.1', 'MIT'],
  ['yauzl', '3.4.0', 'MIT'],
  ['yazl', '3.3.1', 'MIT'],
  ['zod', '4.6.7', 'MIT'],
  ['zustand', '5.1.0', 'MIT'],
];

/** The typeface of the window, which comes as a file. */
export const TYPEFACE = ['Inter', '', 'OFL-1.1'] as const;

export const OWN_LICENCE = 'MIT';
