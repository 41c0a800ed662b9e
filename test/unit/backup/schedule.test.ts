import { expect, test } from 'vitest';
import { backupId, fileNameOf, markOf, parseFileName } from '../../../src-main/backup/names.ts';
import { dueAfter, refuseSchedule } from '../../../src-main/backup/schedule.ts';

const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

test('a run is due at the next time after the last one; however many were missed, one is made up', () => {
  expect(dueAfter('0 3 * * *', at(22, 3))).toBe(at(23, 3));
  // Off for a week: due since the first missed time, and after that run not before the next morning.
  expect(dueAfter('0 3 * * *', at(15, 3))).toBe(at(16, 3));
  expect(dueAfter('0 3 * * *', at(23, 9))).toBe(at(24, 3));
});

test('what is no schedule, or never comes, is refused with a sentence', () => {
  expect(refuseSchedule('0 3 * * *')).toBeNull();
  expect(refuseSchedule('*/5 * * * * *')).toBeNull();
  for (const text of ['', 'daily', '61 3 * * *', '0 3 * *', '0 0 31 2 *']) {
    expect(refuseSchedule(text)).toMatch(/^".*" (is no schedule|never comes)\. Write .*0 3 \* \* \*/);
  }
});

test('names tell id, time, store and encryption; other names are no backups', () => {
  const time = Date.UTC(2026, 10, 23, 14, 0, 5);
  const mark = markOf('some store');
  const id = backupId(time, mark);
  expect(id).toBe(`2026-11-23T14-00-05Z-${mark}`);
  expect(parseFileName(fileNameOf(id, false))).toEqual({ id, madeAt: time, mark, encrypted: false });
  expect(parseFileName(fileNameOf(id, true))).toEqual({ id, madeAt: time, mark, encrypted: true });
  for (const name of [
    `docktide-backup-${id}.tar.gz.part`,
    `x${fileNameOf(id, true)}`,
    'docktide-backup-2026.tar.gz',
    '',
  ]) {
    expect(parseFileName(name)).toBeNull();
  }
});
