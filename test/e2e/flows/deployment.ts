/** A version is deployed to this machine and taken back, by clicks, in the window or in a browser; programs ask its endpoint meanwhile. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const button = (label: string, within: Page | Locator): Locator => within.getByRole('button', { name: label, exact: true });

export interface Deployed {
  readonly version: string;
  readonly target: string;
  readonly alias: string;
}

/** From the version's page, where it is approved, to where it answers under `alias`. */
export async function deployVersion(page: Page, { version, target, alias }: Deployed): Promise<void> {
  await button('Deploy …', page).first().click();
  await page.getByRole('heading', { level: 1, name: 'Deploy a version' }).waitFor();
  await page.getByRole('textbox', { name: 'Name it answers under' }).fill(alias);
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Settings/ })
    .click();
  await page.getByRole('textbox', { name: 'Watch after each step' }).fill('1s');
  await page.getByRole('textbox', { name: 'Look every' }).fill('500ms');
  await page.getByText(`Nobody answers under ${alias} yet.`).waitFor();
  await button(`Deploy ${version} to ${target}`, page).click();
  await page.getByRole('heading', { level: 1, name: version }).waitFor();
  await page.getByText('The new version answers.').waitFor();
}

/** On the deployment's page; nobody answered before. */
export async function rollBack(page: Page, reason: string): Promise<void> {
  await button('Roll back …', page).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
  await button('Roll back', dialog).click();
  await page.getByText(/^Nobody answers as .*, as it was before\.$/).waitFor();
}

export const namesAt = async (endpoint: string): Promise<readonly string[]> =>
  ((await (await fetch(`${endpoint}/models`)).json()) as { data: { id: string }[] }).data.map(({ id }) => id);

/** As any program that speaks to OpenAI's endpoints. */
export async function askAt(endpoint: string, alias: string): Promise<void> {
  const body = JSON.stringify({ model: alias, messages: [{ role: 'user', content: 'Where is my parcel?' }], max_tokens: 16 });
  const answer = await fetch(`${endpoint}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(await answer.json()).toMatchObject({ model: alias, choices: [{ message: { role: 'assistant', content: expect.stringMatching(/./) as string } }] });
}
