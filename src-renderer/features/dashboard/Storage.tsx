import type { Figures } from '../../../src-shared/ipc/dashboard.ts';
import { formatBytes } from '../../ui/format.ts';
import { nameOfPath } from '../../ui/paths.ts';
import { counted, t } from '../../ui/words.ts';
import { navigate } from '../../stores/navigation-store.ts';
import { goToPath } from '../search/go-to.ts';
import { ENDINGS, NO_FILTERS, paramsOf } from '../search/search-filters.ts';
import { BarList, type Bar } from './BarList.tsx';
import card from './Dashboard.module.css';

const SHOWN = 6;

/** What fills our Dropbox: by document type, record and kind of file, and the largest documents. */
export function Storage({ figures }: { figures: Figures }) {
  const parts: readonly (readonly [string, readonly Bar[]])[] = [
    ['types', figures.types.slice(0, SHOWN).map(typeBar)],
    ['extensions', figures.extensions.slice(0, SHOWN).map(extensionBar)],
    ['records', figures.records.slice(0, SHOWN).map(recordBar)],
    ['largest', figures.largest.slice(0, SHOWN).map(fileBar)],
  ];
  const shown = parts.filter(([, bars]) => bars.length > 0);
  return (
    <section className={`${card.card} ${card.wide}`} aria-label={t('dashboard.fills')}>
      <div className={card.cardHead}>
        <h3>{t('dashboard.fills')}</h3>
      </div>
      {shown.length === 0 && <p className={card.quiet}>{t('dashboard.noDocuments')}</p>}
      <div className={card.columns}>
        {shown.map(([key, bars]) => (
          <div key={key} className={card.part}>
            <h4>{t(`dashboard.by.${key}`)}</h4>
            <BarList bars={bars} label={t(`dashboard.by.${key}`)} />
          </div>
        ))}
      </div>
    </section>
  );
}

function typeBar({ type, label, files, bytes }: Figures['types'][number]): Bar {
  return {
    key: type ?? '',
    name: label ?? type ?? t('dashboard.noType'),
    title: counted('status.files', files),
    amount: bytes,
    text: formatBytes(bytes),
    // The folder of a rule is called as its type.
    onOpen: label === null ? undefined : () => goToPath(label),
  };
}

function extensionBar({ extension, files, bytes }: Figures['extensions'][number]): Bar {
  return {
    key: extension,
    name: extension === '' ? t('dashboard.noExtension') : `.${extension}`,
    title: counted('status.files', files),
    amount: bytes,
    text: formatBytes(bytes),
    onOpen:
      extension === ''
        ? undefined
        : () =>
            navigate('documents', paramsOf(`.${extension}`, { ...NO_FILTERS, kind: 'file', what: whatOf(extension) })),
  };
}

/** The kind of document that search knows by this ending. */
function whatOf(extension: string): keyof typeof ENDINGS | null {
  const kinds = Object.entries(ENDINGS) as [keyof typeof ENDINGS, readonly string[]][];
  return kinds.find(([, endings]) => endings.includes(extension.toLowerCase()))?.[0] ?? null;
}

function recordBar({ record, name, folder, files, bytes }: Figures['records'][number]): Bar {
  return {
    key: record,
    name,
    title: `${record} · ${counted('status.files', files)}`,
    amount: bytes,
    text: formatBytes(bytes),
    onOpen: folder === null ? undefined : () => goToPath(folder),
  };
}

function fileBar({ id, path, size }: Figures['largest'][number]): Bar {
  return {
    key: String(id),
    name: nameOfPath(path),
    title: path,
    amount: size,
    text: formatBytes(size),
    onOpen: () => goToPath(path),
  };
}
