// Questions while typing: asked at once, one at a time, the newest last.

import { expect, test } from 'vitest';
import { createQuestions } from '../../../src-renderer/bridge/questions.ts';

function ask() {
  const asked: string[] = [];
  const told: string[] = [];
  const failed: unknown[] = [];
  const answers: { resolve: (answer: string) => void; reject: (error: unknown) => void }[] = [];
  const questions = createQuestions(
    (question: string) => {
      asked.push(question);
      return new Promise<string>((resolve, reject) => answers.push({ resolve, reject }));
    },
    (answer, question) => told.push(`${question}: ${answer}`),
    (error) => failed.push(error),
  );
  return { asked, told, failed, answers, questions };
}

/** Lets what was answered arrive. */
const arrive = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test('the first is asked at once, and of those that come meanwhile only the newest', async () => {
  const { asked, told, answers, questions } = ask();
  questions.ask('c');
  expect(asked).toEqual(['c']);
  questions.ask('co');
  questions.ask('con');
  expect(asked).toEqual(['c']);
  answers[0]?.resolve('many');
  await arrive();
  expect(told).toEqual([]);
  expect(asked).toEqual(['c', 'con']);
  answers[1]?.resolve('few');
  await arrive();
  expect(told).toEqual(['con: few']);
});

test('a failure is told, and the next question is asked all the same', async () => {
  const { asked, told, failed, answers, questions } = ask();
  questions.ask('a');
  answers[0]?.reject('away');
  await arrive();
  expect(failed).toEqual(['away']);
  questions.ask('b');
  questions.ask('c');
  answers[1]?.reject('overtaken');
  await arrive();
  expect(failed).toEqual(['away']);
  answers[2]?.resolve('here');
  await arrive();
  expect(asked).toEqual(['a', 'b', 'c']);
  expect(told).toEqual(['c: here']);
});

test('what is forgotten is not told, and nothing waits', async () => {
  const { asked, told, answers, questions } = ask();
  questions.ask('a');
  questions.ask('b');
  questions.forget();
  answers[0]?.resolve('late');
  await arrive();
  expect([asked, told]).toEqual([['a'], []]);
});
