// The rows in sight of a long list: the only place that knows the virtualiser.

import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import type { RefObject } from 'react';

interface RowsOptions {
  readonly count: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Pixels; one height, or one for each index. */
  readonly height: number | ((index: number) => number);
  readonly keyOf?: (index: number) => string | number;
}

export interface Rows {
  readonly items: readonly VirtualItem[];
  /** Pixels of all rows together. */
  readonly total: number;
  readonly scrollTo: (index: number) => void;
}

export function useRows({ count, scroller, height, keyOf }: RowsOptions): Rows {
  // Its functions must not be memoised by a compiler; none is in use, and they leave this file only inside plain ones.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: typeof height === 'number' ? () => height : height,
    overscan: 8,
    ...(keyOf && { getItemKey: keyOf }),
  });
  return {
    items: virtual.getVirtualItems(),
    total: virtual.getTotalSize(),
    scrollTo: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  };
}
