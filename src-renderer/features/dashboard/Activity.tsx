import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Bucket, Figures } from '../../../src-shared/ipc/dashboard.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { formatBytes, formatCount, formatSpan } from '../../ui/format.ts';
import { counted, t } from '../../ui/words.ts';
import card from './Dashboard.module.css';
import styles from './Activity.module.css';

const SPANS = ['hours', 'days', 'months'] as const;
type Span = (typeof SPANS)[number];
/** Buckets that are shown: a day, a week, a year. */
const SHOWN: Readonly<Record<Span, number>> = { hours: 24, days: 7, months: 12 };

/** How far back the log is shown. */
const LOG_SPAN: Readonly<Record<Span, string>> = { hours: 'day', days: 'week', months: 'all' };

/** What happened: documents up and down by hour, day or month, and how often something went wrong. */
export function Activity({ activity }: { activity: Figures['activity'] }) {
  const [span, setSpan] = useState<Span>('days');
  const buckets = activity[span].slice(-SHOWN[span]);
  const sum = (key: 'uploads' | 'downloads' | 'bytesUp' | 'bytesDown' | 'errors'): number =>
    buckets.reduce((total, bucket) => total + bucket[key], 0);
  const text = t('dashboard.activityText', {
    up: formatCount(sum('uploads')),
    down: formatCount(sum('downloads')),
    bytesUp: formatBytes(sum('bytesUp')),
    bytesDown: formatBytes(sum('bytesDown')),
  });
  return (
    <section className={card.card} aria-label={t('dashboard.happened')}>
      <div className={card.cardHead}>
        <h3>{t('dashboard.happened')}</h3>
        <SegmentedControl
          size="xs"
          aria-label={t('dashboard.span')}
          value={span}
          onChange={(value) => setSpan(value as Span)}
          data={SPANS.map((value) => ({ value, label: t(`dashboard.spans.${value}`) }))}
        />
      </div>
      <div className={styles.chart} role="img" aria-label={text}>
        <Chart buckets={buckets} span={span} />
      </div>
      <div className={styles.legend}>
        <span data-series="up">{t('dashboard.up')}</span>
        <span data-series="down">{t('dashboard.down')}</span>
        <span className={styles.text}>{text}</span>
      </div>
      <div className={styles.ways}>
        {sum('errors') > 0 && (
          <Button
            variant="default"
            size="compact-sm"
            className={styles.errors}
            onClick={() => navigate('log', { level: 'error', span: LOG_SPAN[span] })}
          >
            {counted('dashboard.errors', sum('errors'))}
          </Button>
        )}
        <Button variant="default" size="compact-sm" onClick={() => navigate('log', { span: LOG_SPAN[span] })}>
          {t('dashboard.showLog')}
        </Button>
      </div>
    </section>
  );
}

function Chart({ buckets, span }: { buckets: readonly Bucket[]; span: Span }) {
  const tick = { fill: 'var(--text-soft)', fontSize: 11 };
  // Time runs as the language is read.
  const mirrored = document.documentElement.dir === 'rtl';
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={[...buckets]} margin={{ top: 6, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="start"
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
          tickFormatter={(start: string) => formatSpan(start, span)}
          minTickGap={14}
          reversed={mirrored}
        />
        <YAxis
          tick={tick}
          tickLine={false}
          axisLine={false}
          allowDecimals={false}
          width={38}
          orientation={mirrored ? 'right' : 'left'}
        />
        <Tooltip cursor={{ fill: 'var(--hover)' }} isAnimationActive={false} content={<Tip span={span} />} />
        <Bar dataKey="uploads" stackId="all" fill="var(--accent)" isAnimationActive={false} maxBarSize={34} />
        <Bar
          dataKey="downloads"
          stackId="all"
          fill="var(--chart-second)"
          isAnimationActive={false}
          maxBarSize={34}
          radius={[3, 3, 0, 0]}
        />
      </BarChart>
    </ResponsiveContainer>
  );
}

interface TipProps {
  readonly span: Span;
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload: Bucket }[];
}

function Tip({ span, active, payload }: TipProps) {
  const bucket = payload?.[0]?.payload;
  if (active !== true || bucket === undefined) return null;
  return (
    <div className={styles.tip}>
      <strong>{formatSpan(bucket.start, span)}</strong>
      <span>
        {t('dashboard.up')} {formatCount(bucket.uploads)} ({formatBytes(bucket.bytesUp)})
      </span>
      <span>
        {t('dashboard.down')} {formatCount(bucket.downloads)} ({formatBytes(bucket.bytesDown)})
      </span>
      {bucket.errors > 0 && <span>{counted('dashboard.errors', bucket.errors)}</span>}
    </div>
  );
}
