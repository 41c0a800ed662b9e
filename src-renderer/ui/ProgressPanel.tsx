import { ActionIcon, Button } from '@mantine/core';
import { Check, CircleSlash, TriangleAlert, X } from 'lucide-react';
import type { Job } from '../../src-shared/ipc/jobs.ts';
import { call, sentence } from '../bridge/bridge.ts';
import { useJobs } from '../stores/jobs-store.ts';
import { formatPercent } from './format.ts';
import { warn } from './notify.ts';
import styles from './ProgressPanel.module.css';
import { said, t } from './words.ts';

/** Long work that goes on while the person does something else: how far it is, and a way to stop it. */
export function ProgressPanel() {
  const jobs = useJobs((store) => store.jobs);
  if (jobs.length === 0) return null;
  return (
    <section className={styles.panel} aria-label={t('jobs.label')}>
      {jobs.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </section>
  );
}

function JobLine({ job }: { job: Job }) {
  const what = t(`jobs.what.${job.kind}`, { subject: job.subject });
  const known = job.total > 0;
  // Done, but not for all.
  const state = job.state === 'done' && job.problem !== null ? 'failed' : job.state;
  const stop = (): void => {
    call('job.cancel', { id: job.id }).catch((error: unknown) => warn(what, sentence(error)));
  };
  return (
    <div className={styles.job} data-state={state}>
      <JobIcon state={state} />
      <div className={styles.text}>
        <span className={styles.what} title={what}>
          {what}
        </span>
        {job.state === 'running' ? (
          <progress
            className={styles.bar}
            aria-label={what}
            {...(known && { max: job.total, value: Math.min(job.done, job.total) })}
          />
        ) : (
          <span className={styles.result} role="status">
            {job.problem === null ? t(`jobs.${job.state}`) : said(job.problem.message)}
          </span>
        )}
      </div>
      {job.state === 'running' && known && <span className={styles.part}>{formatPercent(job.done / job.total)}</span>}
      {job.state === 'running' ? (
        <Button variant="default" size="compact-xs" onClick={stop}>
          {t('jobs.stop')}
        </Button>
      ) : (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t('app.close')}
          onClick={() => useJobs.getState().dismiss(job.id)}
        >
          <X aria-hidden size={14} />
        </ActionIcon>
      )}
    </div>
  );
}

function JobIcon({ state }: { state: Job['state'] }) {
  if (state === 'done') return <Check aria-hidden size={15} />;
  if (state === 'failed') return <TriangleAlert aria-hidden size={15} />;
  return state === 'cancelled' ? <CircleSlash aria-hidden size={15} /> : null;
}
