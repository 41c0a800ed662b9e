import { Button } from '@mantine/core';
import { Copy, Link, Lock, RefreshCw, Unlink } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { LinkLine, LinkList } from '../../../src-shared/ipc/links.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { compareText, formatDate, formatFull } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { tell, warn } from '../../ui/notify.ts';
import { PathCell } from '../../ui/PathCell.tsx';
import { ScreenHead } from '../../ui/ScreenHead.tsx';
import { NOTHING, type Selection } from '../../ui/selection.ts';
import { ListTable } from '../../ui/table/ListTable.tsx';
import type { Column } from '../../ui/table/Table.tsx';
import { counted, said, t } from '../../ui/words.ts';
import { useActions } from '../../stores/actions-store.ts';
import { goToPath } from '../search/go-to.ts';
import styles from './Links.module.css';

/** Every link that is out in the world: who can open it, until when, and taking it back. */
export function Links() {
  const { list, error, busy, load } = useLinks();
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [asked, setAsked] = useState<readonly LinkLine[] | null>(null);
  const columns = useMemo(() => linkColumns(), []);
  const links = list?.links ?? [];
  const chosen = links.filter((link) => selection.keys.has(link.url));
  useActions([
    { id: 'links.check', words: 'links.check', group: 'nav.links', icon: RefreshCw, run: () => void load(true) },
    ...(chosen.length > 0
      ? [
          {
            id: 'links.revoke',
            words: 'links.revokeAction',
            group: 'nav.links',
            icon: Unlink,
            shortcut: 'Delete',
            run: () => setAsked(chosen),
          },
        ]
      : []),
  ]);
  if (error !== null || list === null) {
    return (
      <>
        <ScreenHead title={t('nav.links')} hint={t('links.hint')} />
        {error === null ? (
          <Loading />
        ) : (
          <Failure title={t('links.error')} message={error} retry={() => void load(true)} />
        )}
      </>
    );
  }
  return (
    <>
      <ScreenHead title={t('nav.links')} hint={t('links.hint')}>
        <Button
          variant="default"
          size="xs"
          loading={busy}
          leftSection={<RefreshCw aria-hidden size={13} />}
          onClick={() => void load(true)}
        >
          {t('links.check')}
        </Button>
        <Button
          variant="default"
          size="xs"
          disabled={links.length === 0}
          leftSection={<Unlink aria-hidden size={13} />}
          onClick={() => setAsked(chosen.length > 0 ? chosen : links)}
        >
          {chosen.length > 0 ? counted('links.revokeChosen', chosen.length) : t('links.revokeAll')}
        </Button>
      </ScreenHead>
      {list.unchecked.map(({ client, message }) => (
        <p key={client} role="alert" className={styles.unchecked}>
          {t('links.unchecked', { client, message: said(message) })}
        </p>
      ))}
      {links.length === 0 ? (
        <Empty icon={Link} title={t('links.none')} hint={t('links.noneHint')} />
      ) : (
        <ListTable
          id="links"
          label={t('nav.links')}
          columns={columns}
          rows={links}
          keyOf={keyOf}
          nameOf={(link) => link.name}
          order={{ column: 'name', descending: false }}
          selection={selection}
          onSelect={setSelection}
          onOpen={(link) => link.path !== null && goToPath(link.path)}
          rowHeight={38}
        />
      )}
      <Revoke links={asked} close={() => setAsked(null)} done={() => void load(false)} />
    </>
  );
}

/** As they were known last at once, then as Dropbox tells. */
function useLinks() {
  const [list, setList] = useState<LinkList | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const load = useCallback(async (ask: boolean): Promise<void> => {
    setBusy(ask);
    try {
      setList(await call('links.list', { ask }));
      setError(null);
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setBusy(false);
    }
  }, []);
  useEffect(() => {
    let gone = false;
    call('links.list', { ask: false }).then(
      (known) => {
        if (gone) return;
        setList(known);
        void load(true);
      },
      (problem: unknown) => !gone && setError(sentence(problem)),
    );
    return () => {
      gone = true;
    };
  }, [load]);
  return { list, error, busy, load };
}

interface RevokeProps {
  readonly links: readonly LinkLine[] | null;
  readonly close: () => void;
  readonly done: () => void;
}

function Revoke({ links, close, done }: RevokeProps) {
  const count = links?.length ?? 0;
  const revoke = async (): Promise<void> => {
    const { revoked, failed } = await call('links.revoke', { urls: (links ?? []).map(({ url }) => url) });
    done();
    if (revoked > 0) tell(t('links.revoked'), `${counted('links.revokedCount', revoked)} ${t('links.revokedForGood')}`);
    const [first] = failed;
    if (first !== undefined) warn(counted('links.notRevoked', failed.length), said(first.message));
  };
  return (
    <ConfirmDialog
      opened={links !== null}
      close={close}
      title={counted('links.revokeTitle', count)}
      confirm={counted('links.revokeYes', count)}
      danger
      run={revoke}
    >
      {t('links.revokeText')}
    </ConfirmDialog>
  );
}

function keyOf(link: LinkLine): string {
  return link.url;
}

function linkColumns(): readonly Column<LinkLine>[] {
  return [
    {
      id: 'name',
      label: t('links.column.name'),
      width: 280,
      grow: true,
      compare: (a, b) => compareText(a.path ?? a.name, b.path ?? b.name),
      title: (link) => link.path ?? link.name,
      cell: ({ kind, path, name }) => <PathCell kind={kind} path={path ?? name} />,
    },
    {
      id: 'who',
      label: t('links.column.who'),
      width: 190,
      yields: 1,
      compare: (a, b) => compareText(a.audience, b.audience),
      title: (link) => t(`links.audience.${link.audience}`),
      cell: (link) => (
        <span className="together">
          {link.password && <Lock role="img" aria-label={t('links.password')} size={13} />}
          <span>{t(`links.audience.${link.audience}`)}</span>
        </span>
      ),
    },
    {
      id: 'until',
      label: t('links.column.until'),
      width: 120,
      compare: (a, b) => compareText(a.expires ?? '9', b.expires ?? '9'),
      title: (link) => (link.expires === null ? undefined : formatFull(link.expires)),
      cell: (link) =>
        link.expires === null ? t('links.always') : link.expired ? t('links.expired') : formatDate(link.expires),
    },
    {
      id: 'made',
      label: t('links.column.made'),
      width: 120,
      yields: 2,
      compare: (a, b) => compareText(a.madeAt ?? '', b.madeAt ?? ''),
      cell: (link) => (link.madeAt === null ? t('links.elsewhere') : formatDate(link.madeAt)),
    },
    {
      id: 'client',
      label: t('links.column.client'),
      width: 110,
      yields: 3,
      compare: (a, b) => compareText(a.client, b.client),
      cell: (link) => link.client,
    },
    { id: 'copy', label: t('links.column.link'), width: 110, cell: (link) => <CopyLink link={link} /> },
  ];
}

function CopyLink({ link }: { link: LinkLine }) {
  const copy = async (): Promise<void> => {
    try {
      await call('links.copy', { url: link.url });
      tell(t('links.copied'), link.name);
    } catch (error) {
      warn(t('links.notCopied'), sentence(error));
    }
  };
  return (
    <Button
      variant="default"
      size="compact-xs"
      leftSection={<Copy aria-hidden size={12} />}
      aria-label={t('links.copyOne', { name: link.name })}
      onClick={() => void copy()}
    >
      {t('links.copy')}
    </Button>
  );
}
