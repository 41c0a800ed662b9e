// Enter in a field whose list follows what is typed. Pressed before the answer to the last letter is here, it waits for it:
// else a quick typist would get the first line of the list before.

export interface Enter {
  /** Enter was pressed; `isAnswered`: the list is the answer to what stands in the field. */
  readonly press: (isAnswered: boolean, take: () => void) => void;
  /** The list has changed. */
  readonly answered: (isAnswered: boolean, take: () => void) => void;
  /** Something else was done: what waited is off. */
  readonly forget: () => void;
}

export function createEnter(): Enter {
  let waits = false;
  const answered = (isAnswered: boolean, take: () => void): void => {
    if (!waits || !isAnswered) return;
    waits = false;
    take();
  };
  return {
    press(isAnswered, take) {
      waits = true;
      answered(isAnswered, take);
    },
    answered,
    forget() {
      waits = false;
    },
  };
}
