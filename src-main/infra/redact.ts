// Takes tokens out of text before it is logged or shown.

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(bearer\s+)[^\s"',;]+/gi, '$1[secret]'],
  [
    /(["']?\b(?:access_token|refresh_token|client_secret|app_secret|code_verifier|token|password)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi,
    '$1[secret]',
  ],
  // Dropbox's short-lived access tokens.
  [/\bsl\.[A-Za-z0-9._~-]{16,}/g, '[secret]'],
];

export function withoutSecrets(text: string): string {
  return PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}
