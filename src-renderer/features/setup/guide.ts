// The way through Dropbox's App Console, step by step, and what stands there: its own English words, which are quoted and
// not translated.

export const GUIDE = ['create', 'access', 'type', 'name', 'redirect', 'permissions', 'submit'] as const;
export type GuideStep = (typeof GUIDE)[number];
/** The last one is the form. */
export type GuidePlace = GuideStep | 'form';
export const PLACES: readonly GuidePlace[] = [...GUIDE, 'form'];

export const CONSOLE_ADDRESS = 'https://www.dropbox.com/developers/apps';
export const CREATE_ADDRESS = 'https://www.dropbox.com/developers/apps/create';

/** As the App Console writes it. */
export const CONSOLE = {
  heading: 'App Console',
  create: 'Create app',
  myApps: 'My apps',
  newApp: 'Create a new app on the DBX Platform',
  one: '1. Choose an API',
  scoped: 'Scoped access',
  two: '2. Choose the type of access you need',
  folder: 'App folder',
  full: 'Full Dropbox',
  three: '3. Name your app',
  settings: 'Settings',
  permissions: 'Permissions',
  key: 'App key',
  secret: 'App secret',
  show: 'Show',
  redirect: 'Redirect URIs',
  oauth: 'OAuth 2',
  add: 'Add',
  submit: 'Submit',
} as const;
