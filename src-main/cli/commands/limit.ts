// limit: how much of the line Docktide may take.

import type { BandwidthView } from '../../../src-shared/bandwidth-views.ts';
import { sizeText } from '../text.ts';
import type { Context } from '../context.ts';

/** Bytes a second; infinite: no limit. */
export interface LimitArguments {
  readonly up?: number;
  readonly down?: number;
}

export async function limit(context: Context, _words: readonly string[], { up, down }: LimitArguments): Promise<void> {
  await context.withService((service) => {
    const limits =
      up === undefined && down === undefined
        ? service.bandwidth()
        : service.setBandwidth({ ...rateOf('up', up), ...rateOf('down', down) });
    context.answer(
      { up: limits.up, down: limits.down },
      () => `Up: ${rateText(limits.up)}. Down: ${rateText(limits.down)}.\n`,
    );
  });
}

function rateOf(way: keyof BandwidthView, bytes: number | undefined): Partial<BandwidthView> {
  return bytes === undefined ? {} : { [way]: Number.isFinite(bytes) ? bytes : null };
}

function rateText(bytes: number | null): string {
  return bytes === null ? 'as fast as the line' : `at most ${sizeText(bytes)} a second`;
}
