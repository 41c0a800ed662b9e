import { Link } from 'lucide-react';
import { Empty } from '../../ui/Empty.tsx';
import { t } from '../../ui/words.ts';

export function Links() {
  return <Empty icon={Link} title={t('nav.links')} hint={t('app.notYet')} />;
}
