// Pictures of the steps in Dropbox's App Console, drawn as plain schemes of its forms: what to press or tick is ringed.

import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { SCOPE_BOXES } from '../../../src-shared/dropbox-scopes.ts';
import { t } from '../../ui/words.ts';
import styles from './ConsolePicture.module.css';
import { CONSOLE, type GuideStep } from './guide.ts';

interface PictureFacts {
  readonly appName: string;
  readonly addresses: readonly string[];
  readonly team: boolean;
}

/** `key` shows where the app key stands. */
export function ConsolePicture({ step, facts }: { step: GuideStep | 'key'; facts: PictureFacts }) {
  const Picture = PICTURES[step];
  return (
    <figure role="img" aria-label={t(`setup.picture.${step}`)} className={styles.frame} dir="ltr">
      <div aria-hidden className={styles.bar}>
        <i />
        <i />
        <i />
        <span>{ADDRESSES[step]}</span>
      </div>
      <div aria-hidden className={styles.page}>
        <Picture {...facts} />
      </div>
    </figure>
  );
}

const APPS = 'dropbox.com/developers/apps';
const ADDRESSES: Readonly<Record<GuideStep | 'key', string>> = {
  create: APPS,
  access: `${APPS}/create`,
  type: `${APPS}/create`,
  name: `${APPS}/create`,
  redirect: `${APPS}/info`,
  permissions: `${APPS}/info`,
  submit: `${APPS}/info`,
  key: `${APPS}/info`,
};

const PICTURES: Readonly<Record<GuideStep | 'key', (facts: PictureFacts) => ReactNode>> = {
  create: () => (
    <>
      <div className={styles.spread}>
        <b>{CONSOLE.heading}</b>
        <Ring>
          <span className={styles.button}>{CONSOLE.create}</span>
        </Ring>
      </div>
      <p className={styles.small}>{CONSOLE.myApps}</p>
      <Lines count={3} />
    </>
  ),
  access: () => (
    <>
      <b>{CONSOLE.newApp}</b>
      <p className={styles.small}>{CONSOLE.one}</p>
      <Ring>
        <Choice on label={CONSOLE.scoped} />
      </Ring>
      <p className={styles.small}>{CONSOLE.two}</p>
      <Lines count={1} />
    </>
  ),
  type: () => (
    <>
      <p className={styles.small}>{CONSOLE.one}</p>
      <Choice on label={CONSOLE.scoped} />
      <p className={styles.small}>{CONSOLE.two}</p>
      <Choice label={CONSOLE.folder} />
      <Ring>
        <Choice on label={CONSOLE.full} />
      </Ring>
    </>
  ),
  name: ({ appName }) => (
    <>
      <p className={styles.small}>{CONSOLE.three}</p>
      <Ring>
        <span className={styles.field}>{appName}</span>
      </Ring>
      <Lines count={1} />
      <Ring>
        <span className={styles.button}>{CONSOLE.create}</span>
      </Ring>
    </>
  ),
  redirect: ({ addresses }) => (
    <>
      <Tabs chosen="settings" />
      <b>{CONSOLE.oauth}</b>
      <p className={styles.small}>{CONSOLE.redirect}</p>
      {addresses.slice(1).map((address) => (
        <span key={address} className={styles.added}>
          {address}
        </span>
      ))}
      <Ring>
        <span className={styles.spread}>
          <span className={styles.field}>{addresses[0] ?? ''}</span>
          <span className={styles.button}>{CONSOLE.add}</span>
        </span>
      </Ring>
    </>
  ),
  permissions: ({ team }) => (
    <>
      <Tabs chosen="permissions" ringed />
      <Ring>
        <span className={styles.boxes}>
          {SCOPE_BOXES.filter((box) => team || !box.team).map(({ scope }) => (
            <Tick key={scope} label={scope} />
          ))}
        </span>
      </Ring>
    </>
  ),
  submit: ({ team }) => (
    <>
      <Tabs chosen="permissions" />
      <span className={styles.boxes}>
        {SCOPE_BOXES.filter((box) => team || !box.team)
          .slice(-4)
          .map(({ scope }) => (
            <Tick key={scope} label={scope} />
          ))}
      </span>
      <div className={styles.footer}>
        <Ring>
          <span className={styles.button}>{CONSOLE.submit}</span>
        </Ring>
      </div>
    </>
  ),
  key: ({ appName }) => (
    <>
      <Tabs chosen="settings" />
      <b>{appName}</b>
      <p className={styles.small}>{CONSOLE.key}</p>
      <Ring>
        <span className={styles.field}>{'x1y2z3a4b5c6d7e'}</span>
      </Ring>
      <p className={styles.small}>{CONSOLE.secret}</p>
      <span className={styles.link}>{CONSOLE.show}</span>
    </>
  ),
};

function Ring({ children }: { children: ReactNode }) {
  return <span className={styles.ring}>{children}</span>;
}

function Choice({ label, on = false }: { label: string; on?: boolean }) {
  return (
    <span className={styles.choice}>
      <span className={styles.radio} data-on={on || undefined} />
      {label}
    </span>
  );
}

function Tick({ label }: { label: string }) {
  return (
    <span className={styles.tick}>
      <span className={styles.box}>
        <Check size={9} strokeWidth={4} />
      </span>
      {label}
    </span>
  );
}

function Tabs({ chosen, ringed = false }: { chosen: 'settings' | 'permissions'; ringed?: boolean }) {
  const permissions = <span data-on={chosen === 'permissions' || undefined}>{CONSOLE.permissions}</span>;
  return (
    <div className={styles.tabs}>
      <span data-on={chosen === 'settings' || undefined}>{CONSOLE.settings}</span>
      {ringed ? <Ring>{permissions}</Ring> : permissions}
    </div>
  );
}

/** Text that does not matter. */
function Lines({ count }: { count: number }) {
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <span key={index} className={styles.line} data-short={index % 2 === 1 || undefined} />
      ))}
    </>
  );
}
