// The rubber band: dragging from beside the names selects the rows that it touches, and scrolls at the edges.

import { useRef, useState, type PointerEvent, type RefObject } from 'react';
import { banded, type Selection } from '../selection.ts';

/** Pixels before a press becomes a band. */
const SLACK = 5;
const EDGE = 28;
const SCROLL = 16;

/** In the scrolled space, in pixels. */
export interface BandBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface BandOptions {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** What the band touches, in the order of the list. */
  readonly keysIn: (box: BandBox) => readonly string[];
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
}

interface Band {
  /** Where the band is drawn, in the scrolled space; null where there is none. */
  readonly box: BandBox | null;
  readonly start: (event: PointerEvent<HTMLDivElement>) => void;
  /** The click that ends a band is not a click on the empty place. */
  readonly justEnded: () => boolean;
}

export function useBand({ scroller, keysIn, selection, onSelect }: BandOptions): Band {
  const [box, setBox] = useState<BandBox | null>(null);
  const ended = useRef(0);

  const start = (event: PointerEvent<HTMLDivElement>): void => {
    const element = scroller.current;
    const target = event.target as HTMLElement;
    if (event.button !== 0 || element === null || target.closest('[draggable="true"], button, input, a')) return;
    const area = element.getBoundingClientRect();
    // A press on the scroll bar is not a band.
    if (event.clientX - area.left > element.clientWidth) return;
    const padding = Number.parseFloat(getComputedStyle(element).paddingTop);
    const add = event.ctrlKey || event.metaKey;
    const point = (x: number, y: number) => ({
      x: x - area.left,
      y: y - area.top + element.scrollTop - padding,
    });
    const from = point(event.clientX, event.clientY);
    let dragging = false;

    const move = (at: globalThis.PointerEvent): void => {
      const to = point(at.clientX, at.clientY);
      if (!dragging && Math.abs(to.x - from.x) + Math.abs(to.y - from.y) < SLACK) return;
      dragging = true;
      if (at.clientY > area.bottom - EDGE) element.scrollTop += SCROLL;
      if (at.clientY < area.top + EDGE) element.scrollTop -= SCROLL;
      const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
      const band = { left: Math.min(from.x, to.x), width: Math.abs(to.x - from.x), top, height: bottom - top };
      setBox(band);
      onSelect(banded(selection, keysIn(band), add));
    };
    const stop = (): void => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', stop);
      window.removeEventListener('pointercancel', stop);
      setBox(null);
      if (dragging) ended.current = performance.now();
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', stop);
    window.addEventListener('pointercancel', stop);
  };

  return { box, start, justEnded: () => performance.now() - ended.current < 50 };
}
