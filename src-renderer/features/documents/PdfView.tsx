// A PDF, page by page; only the pages near the eye are drawn.

import { ActionIcon } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Document, Page, pdfjs } from 'react-pdf';
import { formatCount } from '../../ui/format.ts';
import { Loading } from '../../ui/Loading.tsx';
import { t } from '../../ui/words.ts';
import styles from './PdfView.module.css';

pdfjs.GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url).href;

/** No code of a document is ever run, and nothing is asked of other sites. */
const OPTIONS = { isEvalSupported: false, enableXfa: false, stopAtErrors: false } as const;

export function PdfView({ address, name }: { address: string; name: string }) {
  const [pages, setPages] = useState(0);
  const [page, setPage] = useState(1);
  const [width, setWidth] = useState(260);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(element.clientWidth - 24, 100)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const go = (next: number): void => setPage(Math.min(Math.max(next, 1), pages));
  return (
    <div className={styles.pdf}>
      {/* A document that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={box} className={styles.scroller} tabIndex={0} role="region" aria-label={name}>
        <Document
          file={address}
          options={OPTIONS}
          loading={<Loading />}
          error={<p className={styles.note}>{t('documents.notShown')}</p>}
          noData={null}
          onLoadSuccess={({ numPages }) => setPages(numPages)}
        >
          <Page
            pageNumber={page}
            width={width}
            loading={<Loading />}
            renderAnnotationLayer={false}
            renderTextLayer={false}
            className={styles.page ?? ''}
          />
        </Document>
      </div>
      {pages > 1 && (
        <div className={styles.pages}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('documents.pageBefore')}
            disabled={page === 1}
            onClick={() => go(page - 1)}
          >
            <ChevronLeft aria-hidden size={14} className="turned" />
          </ActionIcon>
          <span role="status">{t('documents.page', { page: formatCount(page), pages: formatCount(pages) })}</span>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('documents.pageAfter')}
            disabled={page === pages}
            onClick={() => go(page + 1)}
          >
            <ChevronRight aria-hidden size={14} className="turned" />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}
