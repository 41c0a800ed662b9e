// The picture of an account: from Dropbox only, small, a picture; else there is none.

import { expect, test } from 'vitest';
import { accountPhoto } from '../../../src-main/app/account-photo.ts';

const PHOTO = 'https://dl-web.dropbox.com/account_photo/get/face.png';
const answer =
  (bytes: number, type = 'image/png', status = 200) =>
  () =>
    Promise.resolve(new Response(new Uint8Array(bytes).fill(65), { status, headers: { 'content-type': type } }));

test('is handed on as an address that holds it', async () => {
  expect(await accountPhoto(PHOTO, null, answer(3))).toBe('data:image/png;base64,QUFB');
  expect(await accountPhoto('http://127.0.0.1:9/face', 'http://127.0.0.1:9', answer(3, 'image/jpeg; x=y'))).toBe(
    'data:image/jpeg;base64,QUFB',
  );
});

test.each([
  ['none', null],
  ['not an address', 'face.png'],
  ['of another site', 'https://dropbox.com.example/face.png'],
  ['not encrypted', 'http://dl-web.dropbox.com/face.png'],
  ['of this computer, where nothing stands in for Dropbox', 'http://127.0.0.1:9/face'],
])('%s', async (_what, address) => {
  const never = () => Promise.reject(new Error('Nothing may be asked.'));
  expect(await accountPhoto(address, null, never)).toBeNull();
});

test.each([
  ['too large', answer(600_000)],
  ['empty', answer(0)],
  ['no picture', answer(3, 'text/html')],
  ['a drawing that may hold a program', answer(3, 'image/svg+xml')],
  ['gone', answer(3, 'image/png', 404)],
  ['not reached', () => Promise.reject(new Error('no network'))],
])('%s', async (_what, get) => {
  expect(await accountPhoto(PHOTO, null, get)).toBeNull();
});
