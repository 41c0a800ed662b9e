import { ActionIcon } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { t } from '../../ui/words.ts';
import styles from './CopyLine.module.css';

const SHOWN_MS = 1_600;

/** A text to be pasted elsewhere, with a button that copies it. */
export function CopyLine({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await call('setup.copy', { text });
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <div className={styles.line}>
      <code className="selectable" dir="ltr">
        {text}
      </code>
      <ActionIcon
        variant="subtle"
        size="sm"
        aria-label={t('setup.copy', { text })}
        title={t('setup.copy', { text })}
        onClick={() => void copy()}
      >
        {copied ? <Check aria-hidden size={14} /> : <Copy aria-hidden size={14} />}
      </ActionIcon>
      <span role="status" className="visually-hidden">
        {copied && t('setup.copied')}
      </span>
    </div>
  );
}
