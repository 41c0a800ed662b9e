// Through the first run, as a person goes through it: the documents folder, an account by its token, no document types.

import type { RunningApp } from './window-app.ts';

/** `types: false` stops at the document types. */
export async function setUp(
  run: RunningApp,
  documents: string,
  token: string,
  { types = true }: { readonly types?: boolean } = {},
): Promise<void> {
  const { page } = run;
  await chooseDocuments(run, documents);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'I have an app key' }).click();
  await page.getByText('Access token', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Access token' }).fill(token);
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await page.getByRole('heading', { name: 'What does your company keep?' }).waitFor();
  if (types) await page.getByRole('button', { name: 'Without types' }).click();
}

/** In the system's dialog. */
export async function chooseDocuments({ app, page }: RunningApp, documents: string): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, documents);
  await page.getByRole('button', { name: 'Change…' }).click();
  await page.getByText(documents, { exact: true }).waitFor();
}
