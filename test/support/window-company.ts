// A small company for the days of people in tests: quotations and contacts with folders of their own, and some documents
// that went to Dropbox already.

import type { DocktideService } from '../../src-main/app/docktide.ts';
import { floorPlan } from '../../src-main/demo/papers.ts';
import { ROOT, TOKEN, type Journey } from './window-journey.ts';

/** Connected by a token. */
export async function businessDay(service: DocktideService, parts: Pick<Journey, 'write'>): Promise<void> {
  service.addClient('Office', ROOT, { kind: 'access-token', token: TOKEN });
  await company(service, parts);
}

/** Connected as people are: by an app key and a login in the browser, in which somebody agrees. */
export async function connectedDay(service: DocktideService, parts: Pick<Journey, 'write'>): Promise<void> {
  service.addClient('Office', ROOT, { kind: 'app-key', appKey: 'a1b2c3d4e5f6g7h' });
  await service.connectClient('Office', { announce: (address) => void agree(address) });
  await company(service, parts);
}

/** What a person does on Dropbox's page. */
export async function agree(address: string): Promise<number> {
  return (await fetch(address, { method: 'POST', body: new URLSearchParams({ decision: 'allow' }) })).status;
}

async function company(service: DocktideService, { write }: Pick<Journey, 'write'>): Promise<void> {
  await service.addTypeSet('sales', 'Office');
  await service.addRecord('sale.order', 'SO001', 'SO001 Möwe', { partner: 'Café Möwe', city: 'Kiel' });
  await service.addRecord('sale.order', 'SO002', 'SO002', { partner: 'Smith Ltd', city: 'Leeds' });
  await service.addRecord('res.partner', 'C17', 'Café Möwe', { city: 'Kiel' });
  write('Quotations/SO001 Möwe/Offer.txt', 'our offer');
  write('Quotations/SO001 Möwe/Drawings/Ground floor of the Möwe.png', floorPlan(3));
  write('Quotations/SO002/Contracts/Draft.txt', 'a draft');
  write('Contacts/Café Möwe/Agreements/Terms of the Möwe.txt', 'terms');
  const report = await service.sync();
  if (report.failed + report.errors.length > 0) throw new Error(JSON.stringify(report));
}
