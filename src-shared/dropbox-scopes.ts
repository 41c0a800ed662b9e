// The permissions that Docktide needs from a Dropbox app, as the App Console shows them: scopes with the section in which
// their boxes stand. Source: Dropbox's OAuth guide. Called by the login, the errors of Dropbox and the set-up assistant.

export interface ScopeBox {
  readonly scope: string;
  /** Heading in the App Console, tab Permissions. */
  readonly section: string;
  /** Needed for the accounts of a team only. */
  readonly team: boolean;
}

export const SCOPE_BOXES: readonly ScopeBox[] = [
  { scope: 'account_info.read', section: 'Account Info', team: false },
  { scope: 'files.metadata.read', section: 'Files and folders', team: false },
  { scope: 'files.metadata.write', section: 'Files and folders', team: false },
  { scope: 'files.content.read', section: 'Files and folders', team: false },
  { scope: 'files.content.write', section: 'Files and folders', team: false },
  { scope: 'sharing.read', section: 'Collaboration', team: false },
  { scope: 'sharing.write', section: 'Collaboration', team: false },
  { scope: 'team_data.member', section: 'Team Data', team: true },
  { scope: 'members.read', section: 'Members', team: true },
];

export const APP_CONSOLE = 'https://www.dropbox.com/developers/apps';

/** Which boxes to tick, and where. */
export function tickSentence(scopes: readonly string[]): string {
  const then = `in the Dropbox App Console (${APP_CONSOLE}), press Submit, and connect again.`;
  const [first] = scopes;
  if (scopes.length === 1 && first !== undefined) {
    const section = sectionOf(first);
    const where = section === null ? '' : `, section ${section},`;
    return `The Dropbox app lacks a permission. Tick "${first}" under Permissions${where} ${then}`;
  }
  const boxes = scopes.map((scope) => {
    const section = sectionOf(scope);
    return section === null ? `"${scope}"` : `"${scope}" (section ${section})`;
  });
  return `The Dropbox app lacks permissions. Tick ${listed(boxes)} under Permissions ${then}`;
}

function sectionOf(scope: string): string | null {
  return SCOPE_BOXES.find((box) => box.scope === scope)?.section ?? null;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
