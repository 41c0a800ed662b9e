// Questions that follow what is being typed: the first is asked at once, and while its answer is on its way only the newest
// of the others waits. So nobody waits for a pause in the typing, and a slow answer never has a queue behind it.

export interface Questions<Question> {
  ask(question: Question): void;
  /** The answer on its way is no longer wanted, and nothing waits. */
  forget(): void;
}

/** `told` and `failed` hear of the newest question only: what was overtaken is dropped. */
export function createQuestions<Question, Answer>(
  find: (question: Question) => Promise<Answer>,
  told: (answer: Answer, question: Question) => void,
  failed: (error: unknown) => void,
): Questions<Question> {
  let running = false;
  let wanted = 0;
  let waiting: Question | null = null;

  const run = async (question: Question): Promise<void> => {
    const number = wanted;
    running = true;
    try {
      const answer = await find(question);
      if (number === wanted) told(answer, question);
    } catch (error) {
      if (number === wanted) failed(error);
    } finally {
      running = false;
      const next = waiting;
      waiting = null;
      if (next !== null) void run(next);
    }
  };

  return {
    ask(question) {
      wanted++;
      if (running) waiting = question;
      else void run(question);
    },
    forget() {
      wanted++;
      waiting = null;
    },
  };
}
