// What is wrong with the fields of the set-up while they are typed: keys of sentences. Pure.

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** `bad` keeps the form from being sent; `odd` only asks to look again. */
export interface Remark {
  readonly tone: 'bad' | 'odd';
  /** Below `setup.check`. */
  readonly words: string;
}

const bad = (words: string): Remark => ({ tone: 'bad', words });
const odd = (words: string): Remark => ({ tone: 'odd', words });

/** `others`: the names of the accounts that are there. */
export function nameRemark(text: string, others: readonly string[]): Remark | null {
  const name = text.trim();
  if (name === '') return bad('nameEmpty');
  if (others.includes(name)) return bad('nameTaken');
  return null;
}

/** A folder in Dropbox, with `/` between the names of nested ones. */
export function rootRemark(text: string): Remark | null {
  const root = text.trim().replaceAll(/^\/+|\/+$/g, '');
  if (root === '') return bad('rootEmpty');
  const names = root.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..')) return bad('rootDots');
  if (names.some((name) => name.includes('\\'))) return bad('rootBackslash');
  if (names.some((name) => /^\s|[\s.]$/.test(name))) return bad('rootEnds');
  if (names.some((name) => name.length > 255)) return bad('rootLong');
  return null;
}

export function keyRemark(text: string): Remark | null {
  const key = text.trim();
  if (key === '') return bad('keyEmpty');
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return bad('keySigns');
  return /^[a-z0-9]{15}$/.test(key) ? null : odd('keyOdd');
}

export function tokenRemark(text: string): Remark | null {
  const token = text.trim();
  if (token === '') return bad('tokenEmpty');
  return /^[\u0021-\u007e]+$/.test(token) ? null : bad('tokenSigns');
}

/** It may be left out. */
export function secretRemark(text: string, key: string): Remark | null {
  const secret = text.trim();
  if (secret === '') return null;
  if (!/^[\u0021-\u007e]+$/.test(secret)) return bad('secretSigns');
  return secret === key.trim() ? bad('secretIsKey') : null;
}

export function emailRemark(text: string): Remark | null {
  const email = text.trim();
  if (email === '') return bad('emailEmpty');
  return EMAIL.test(email) ? null : bad('emailSigns');
}
