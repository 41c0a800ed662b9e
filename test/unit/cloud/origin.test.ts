import { describe, expect, it } from 'vitest';

import { addressFor, loopbackOrigin } from '../../../src-main/cloud/dropbox/origin.ts';
import { Fault } from '../../../src-main/engine/ports.ts';

describe('the Dropbox origin', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['https://localhost:1', 'https://localhost:1'],
    ['http://LOCALHOST:99', 'http://localhost:99'],
    ['http://[::1]:7', 'http://[::1]:7'],
  ])('%s is allowed', (text, origin) => expect(loopbackOrigin(text)).toBe(origin));

  it.each([
    '',
    'nonsense',
    '127.0.0.1:8080',
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://127.0.0.1@example.com',
    'http://user:secret@127.0.0.1',
    'http://0.0.0.0:80',
    'http://192.168.1.2',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'http://127.0.0.1/path',
    'http://127.0.0.1/?a=b',
    'http://127.0.0.1/#a',
  ])('%s is refused', (text) => {
    expect(() => loopbackOrigin(text)).toThrow(Fault);
    expect(() => loopbackOrigin(text)).toThrow(/is refused: only/);
  });

  it('never repeats a password in the message', () => {
    expect(() => loopbackOrigin('http://user:hunter2@example.com')).not.toThrow(/hunter2/);
  });

  it('takes the place of all hosts, paths stay', () => {
    const origin = 'http://127.0.0.1:9';
    expect(addressFor('https://content.dropboxapi.com/2/files/upload', origin)).toBe(`${origin}/2/files/upload`);
    expect(addressFor('https://www.dropbox.com/oauth2/authorize?a=b', origin)).toBe(`${origin}/oauth2/authorize?a=b`);
    expect(addressFor('https://api.dropboxapi.com/2/x', null)).toBe('https://api.dropboxapi.com/2/x');
  });
});
