import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useKept } from '../stores/preferences-store.ts';
import styles from './SplitPane.module.css';

interface SplitPaneProps {
  /** Under this name its size is kept. */
  readonly id: string;
  /** What the handle changes: "Width of the folder tree". */
  readonly label: string;
  /** The pane of a fixed size stands first or last; the other one takes the rest. */
  readonly fixed?: 'start' | 'end';
  readonly size: number;
  readonly min?: number;
  readonly max?: number;
  readonly start: ReactNode;
  /** Null takes the whole place for `start`. */
  readonly end: ReactNode;
}

const STEP = 24;

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Two panes side by side; the line between them is moved by pointer or arrow keys. */
export function SplitPane(props: SplitPaneProps) {
  const { id, label, fixed = 'start', min = 140, max = 640, start, end } = props;
  const [kept, keep] = useKept(`split.${id}`, props.size, isSize);
  const whole = useRef<HTMLDivElement>(null);
  const size = Math.min(Math.max(kept, min), max);
  const set = (next: number): void => keep(Math.round(Math.min(Math.max(next, min), max)));
  const rightToLeft = (): boolean => document.documentElement.dir === 'rtl';

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = whole.current?.getBoundingClientRect();
    if (!box) return;
    const fromLeft = (fixed === 'start') !== rightToLeft();
    set(fromLeft ? event.clientX - box.left : box.right - event.clientX);
  };
  const onKey = (event: KeyboardEvent): void => {
    const towards = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (towards === undefined) return;
    event.preventDefault();
    set(size + towards * STEP * (rightToLeft() ? -1 : 1) * (fixed === 'start' ? 1 : -1));
  };

  const first = end === null ? undefined : fixed === 'start' ? { width: size } : undefined;
  return (
    <div ref={whole} className={styles.whole}>
      <div className={first ? styles.fixed : styles.rest} style={first}>
        {start}
      </div>
      {end !== null && (
        <>
          {/* A separator that can be moved is a control. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <div
            role="separator"
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            aria-orientation="vertical"
            aria-label={label}
            aria-valuenow={size}
            aria-valuemin={min}
            aria-valuemax={max}
            className={styles.handle}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag}
            onKeyDown={onKey}
          />
          <div
            className={fixed === 'end' ? styles.fixed : styles.rest}
            style={fixed === 'end' ? { width: size } : undefined}
          >
            {end}
          </div>
        </>
      )}
    </div>
  );
}
