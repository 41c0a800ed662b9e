import { Button } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { Empty } from './Empty.tsx';
import { t } from './words.ts';

interface FailureProps {
  readonly title: string;
  /** The sentence of the error: what is wrong and what to do. */
  readonly message: string;
  readonly retry?: () => void;
}

/** In place of something that could not be shown. */
export function Failure({ title, message, retry }: FailureProps) {
  return (
    <Empty icon={TriangleAlert} tone="bad" title={title} hint={message}>
      {retry && (
        <Button variant="default" onClick={retry}>
          {t('app.tryAgain')}
        </Button>
      )}
    </Empty>
  );
}
