import { Button, Checkbox } from '@mantine/core';
import { ExternalLink } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { SCOPE_BOXES } from '../../../src-shared/dropbox-scopes.ts';
import type { AppView } from '../../../src-shared/ipc/app.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { warn } from '../../ui/notify.ts';
import { t } from '../../ui/words.ts';
import { ConnectFields } from './ConnectFields.tsx';
import styles from './ConnectAssistant.module.css';
import { ConsolePicture } from './ConsolePicture.tsx';
import { CopyLine } from './CopyLine.tsx';
import { useDraft, type DraftState } from './draft.ts';
import { CONSOLE, CONSOLE_ADDRESS, CREATE_ADDRESS, PLACES, type GuidePlace, type GuideStep } from './guide.ts';

interface ConnectAssistantProps {
  readonly app: AppView;
  readonly start: GuidePlace;
  /** Where the typed fields are kept. */
  readonly keptAs: string;
  /** To what comes before the assistant; none: nothing does. */
  readonly back?: () => void;
  /** Just before the browser is opened. */
  readonly begin?: () => void;
  readonly connected?: () => void;
}

/** From no app key to a connected account: the steps in Dropbox's App Console with their pictures, then the form. */
export function ConnectAssistant({ app, start, keptAs, back, begin, connected }: ConnectAssistantProps) {
  const [place, setPlace] = useState<GuidePlace>(start);
  const draft = useDraft(keptAs);
  const at = PLACES.indexOf(place);
  const list = useRef<HTMLOListElement>(null);
  const before = PLACES[at - 1];
  const goBack = before === undefined ? back : () => setPlace(before);
  useBackAndNext(goBack, place === 'form' ? undefined : () => setPlace(PLACES[at + 1] ?? 'form'));

  const press = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const next = PLACES[at + step];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    setPlace(next);
    list.current?.querySelectorAll('button')[at + step]?.focus();
  };

  return (
    <div className={styles.assistant}>
      {/* Arrows go through the buttons inside. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ol ref={list} className={styles.list} aria-label={t('setup.guideLabel')} onKeyDown={press}>
        {PLACES.map((one, index) => (
          <li key={one}>
            <button
              type="button"
              aria-current={one === place ? 'step' : undefined}
              data-past={index < at || undefined}
              onClick={() => setPlace(one)}
            >
              <span aria-hidden className={styles.number}>
                {index + 1}
              </span>
              {t(`setup.guide.${one}.short`)}
            </button>
          </li>
        ))}
      </ol>
      <div className={styles.panel}>
        {place === 'form' ? (
          <ConnectFields
            app={app}
            draft={draft}
            {...(goBack && { back: goBack })}
            {...(begin && { begin })}
            connected={() => {
              draft.forget();
              connected?.();
            }}
          />
        ) : (
          <GuidePage app={app} step={place} draft={draft}>
            {goBack && (
              <Button variant="default" size="sm" onClick={goBack}>
                {t('setup.back')}
              </Button>
            )}
            <span className={styles.gap} />
            <Button variant="subtle" size="sm" onClick={() => setPlace('form')}>
              {t('setup.haveKey')}
            </Button>
            <Button size="sm" onClick={() => setPlace(PLACES[at + 1] ?? 'form')}>
              {t('setup.next')}
            </Button>
          </GuidePage>
        )}
      </div>
    </div>
  );
}

/** Alt and an arrow, as a browser goes through its pages. */
export function useBackAndNext(back: (() => void) | undefined, next: (() => void) | undefined): void {
  const latest = useRef({ back, next });
  useEffect(() => {
    latest.current = { back, next };
  });
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent): void => {
      if (!event.altKey) return;
      const go =
        event.key === 'ArrowLeft' ? latest.current.back : event.key === 'ArrowRight' ? latest.current.next : null;
      if (go === null) return;
      event.preventDefault();
      go?.();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

interface GuidePageProps {
  readonly app: AppView;
  readonly step: GuideStep;
  readonly draft: DraftState;
  readonly children: ReactNode;
}

function GuidePage({ app, step, draft, children }: GuidePageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [step]);
  return (
    <>
      <div className={styles.page}>
        <div className={styles.words} aria-live="polite">
          <h2 ref={heading} tabIndex={-1}>
            {t(`setup.guide.${step}.title`)}
          </h2>
          <p>{t(`setup.guide.${step}.text`, CONSOLE)}</p>
          <Extra app={app} step={step} draft={draft} />
        </div>
        <ConsolePicture
          step={step}
          facts={{
            appName: t('setup.appNameExample'),
            addresses: app.redirectAddresses,
            team: draft.draft.team,
          }}
        />
      </div>
      <div className={styles.buttons}>{children}</div>
    </>
  );
}

/** What a step needs beside its words: addresses to open and to copy, boxes to tick. */
function Extra({ app, step, draft }: Omit<GuidePageProps, 'children'>) {
  const open = (address: string): void => {
    call('app.openExternal', { address }).catch((error: unknown) => warn(t('setup.console'), sentence(error)));
  };
  switch (step) {
    case 'create':
      return (
        <Button
          variant="default"
          size="sm"
          className={styles.start}
          rightSection={<ExternalLink aria-hidden size={13} />}
          onClick={() => open(CREATE_ADDRESS)}
        >
          {t('setup.console')}
        </Button>
      );
    case 'redirect':
      return (
        <div className={styles.copies}>
          {app.redirectAddresses.map((address) => (
            <CopyLine key={address} text={address} />
          ))}
          <Button variant="subtle" size="compact-xs" onClick={() => open(CONSOLE_ADDRESS)}>
            {t('setup.console')}
          </Button>
        </div>
      );
    case 'permissions':
      return <Permissions draft={draft} />;
    default:
      return null;
  }
}

function Permissions({ draft: { draft, change } }: { draft: DraftState }) {
  const boxes = SCOPE_BOXES.filter((box) => draft.team || !box.team);
  const sections = Map.groupBy(boxes, (box) => box.section);
  return (
    <>
      <dl className={styles.scopes} dir="ltr">
        {[...sections].map(([section, members]) => (
          <div key={section}>
            <dt>{section}</dt>
            {members.map(({ scope }) => (
              <dd key={scope} className="selectable">
                {scope}
              </dd>
            ))}
          </div>
        ))}
      </dl>
      <Checkbox
        size="xs"
        label={t('setup.team')}
        checked={draft.team}
        onChange={(event) => change({ team: event.currentTarget.checked })}
      />
    </>
  );
}
