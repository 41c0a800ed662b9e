// A scene shows one screen or component in one state, from answers that stand here instead of the main process. The
// gallery lists all scenes; the tests look at each of them, light and dark; the manual takes its pictures from them.

import type { ReactNode } from 'react';
import type { CallName, CallResult, ListName, ListRow, Push } from '../../src-shared/ipc-contract.ts';
import type { AppView } from '../../src-shared/ipc/app.ts';

export type Answers = {
  readonly [Name in CallName]?: (args: never) => CallResult<Name> | Promise<CallResult<Name>>;
};

export type ListAnswers = {
  readonly [Name in ListName]?: readonly ListRow<Name>[] | (() => readonly ListRow<Name>[]);
};

export interface Scene {
  /** `trash-empty`: the feature, then the state. */
  readonly id: string;
  /** What is to be seen, in words for the gallery. */
  readonly title: string;
  /** The whole window with this screen … */
  readonly screen?: string;
  readonly params?: Readonly<Record<string, string>>;
  /** … or a component by itself. */
  readonly view?: () => ReactNode;
  /** … of its own window, as small as that one is. */
  readonly small?: boolean;
  /** The state of the program, where it is not the usual one. */
  readonly app?: Partial<AppView>;
  /** Small states that the window has kept. */
  readonly kept?: Readonly<Record<string, unknown>>;
  readonly answers?: Answers;
  readonly lists?: ListAnswers;
  /** Contents of text documents by row id, in place of their previews. */
  readonly texts?: Readonly<Record<number, string>>;
  /** What the main process sends after the start. */
  readonly pushes?: readonly Push[];
  /** What a person does then: opens a menu, types. */
  readonly after?: () => void | Promise<void>;
}

/** For an answer that fails, as the main process would refuse. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** For something that is still on its way. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}

/** Waits for an element; scenes use it before they click. */
export async function found<T extends HTMLElement>(selector: string, text?: string): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const element = [...document.querySelectorAll<T>(selector)].find(
      (one) => text === undefined || one.textContent?.includes(text) || one.getAttribute('aria-label') === text,
    );
    if (element) return element;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`The scene waits for ${selector} ${text ?? ''} in vain.`);
}

/** Types into a field, as React hears it. */
export function typeInto(field: HTMLInputElement, text: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
