import { Button } from '@mantine/core';
import { Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AppView } from '../../src-shared/ipc/app.ts';
import { call, sentence } from '../bridge/bridge.ts';
import { useApp } from '../stores/app-store.ts';
import { navigate, useNavigation } from '../stores/navigation-store.ts';
import { warn } from '../ui/notify.ts';
import { counted, said, t } from '../ui/words.ts';
import { isExplained } from './client-state.ts';
import styles from './Banners.module.css';

interface Line {
  readonly key: string;
  readonly tone: 'bad' | 'warn' | 'info';
  readonly text: string;
  readonly action?: ReactNode;
}

/** Calm lines below the header: what is wrong, and what to do. */
export function Banners() {
  const app = useApp((store) => store.app);
  const screen = useNavigation((store) => store.screen);
  if (app === null) return null;
  const lines = [...clientLines(app), ...countLines(app, screen), ...demoLine(app)];
  return (
    <div aria-live="polite">
      {lines.map(({ key, tone, text, action }) => (
        <div key={key} className={`${styles.banner} ${styles[tone]}`}>
          {tone === 'info' ? <Info aria-hidden size={16} /> : <TriangleAlert aria-hidden size={16} />}
          <span className={`${styles.text} selectable`}>{text}</span>
          {action}
        </div>
      ))}
    </div>
  );
}

function clientLines(app: AppView): readonly Line[] {
  const explained = app.clients.filter(isExplained);
  const names = new Set(explained.map((client) => client.name));
  const reasons = explained.map((client): Line => {
    const text = t(`banner.${client.reason}`, { client: client.name, root: client.root });
    const line = { key: `client-${client.name}`, tone: client.reason === 'no-network' ? 'warn' : 'bad', text } as const;
    const lost = client.reason === 'login-revoked' || client.reason === 'permission-missing';
    return lost ? { ...line, action: <LogInAgain client={client.name} /> } : line;
  });
  const others = app.problems
    .filter((problem) => !names.has(problem.client))
    .map((problem): Line => {
      const { client } = problem;
      const message = said(problem.message);
      const text = client === '' ? message : t('banner.problem', { client, message });
      return { key: `problem-${client}`, tone: 'bad', text };
    });
  return [...reasons, ...others];
}

/** These screens say it themselves, at their top. */
const SAYS_COUNTS: readonly string[] = ['sync', 'dashboard'];

function countLines(app: AppView, screen: string): readonly Line[] {
  if (SAYS_COUNTS.includes(screen)) return [];
  const { failed, held } = app.counts;
  const lines: Line[] = [];
  const line = (key: 'held' | 'failed', count: number, word: string): void => {
    if (count === 0) return;
    lines.push({ key, tone: 'warn', text: counted(`banner.${key}`, count), action: <ShowQueue word={word} /> });
  };
  line('held', held, t('banner.decide'));
  line('failed', failed, t('banner.showQueue'));
  return lines;
}

function LogInAgain({ client }: { client: string }) {
  return (
    <Button variant="default" size="compact-xs" onClick={() => navigate('settings', { part: 'accounts', client })}>
      {t('banner.again')}
    </Button>
  );
}

function ShowQueue({ word }: { word: string }) {
  return (
    <Button variant="default" size="compact-xs" onClick={() => navigate('sync')}>
      {word}
    </Button>
  );
}

function demoLine(app: AppView): readonly Line[] {
  if (!app.demo) return [];
  const leave = async (): Promise<void> => {
    try {
      useApp.getState().setApp(await call('setup.leaveDemo', {}));
    } catch (error) {
      warn(t('demo.leave'), sentence(error));
    }
  };
  const action = (
    <Button variant="default" size="compact-xs" onClick={() => void leave()}>
      {t('demo.leave')}
    </Button>
  );
  return [{ key: 'demo', tone: 'info', text: t('demo.notice'), action }];
}
