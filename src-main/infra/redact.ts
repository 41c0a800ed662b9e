// Takes tokens out of text before it is logged or shown.

const NAMES = [
  'access_?token',
  'refresh_?token',
  'id_?token',
  'client_?secret',
  'app[_-]?secret',
  'code_?verifier',
  'token',
  'password',
].join('|');

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(\bbearer\s+)[^\s"',;]+/gi, '$1[secret]'],
  [/(\bbasic\s+)[A-Za-z0-9+/=]{12,}/gi, '$1[secret]'],
  [new RegExp(`(["']?\\b(?:${NAMES})["']?\\s*[=:]\\s*["']?)[^\\s"'&,;}]+`, 'gi'), '$1[secret]'],
  // Dropbox's short-lived access tokens.
  [/\bsl\.[A-Za-z0-9._~-]{16,}/g, '[secret]'],
];

export function withoutSecrets(text: string): string {
  return PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}
