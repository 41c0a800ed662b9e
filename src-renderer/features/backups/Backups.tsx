import { Archive } from 'lucide-react';
import { Empty } from '../../ui/Empty.tsx';
import { t } from '../../ui/words.ts';

export function Backups() {
  return <Empty icon={Archive} title={t('nav.backups')} hint={t('app.notYet')} />;
}
