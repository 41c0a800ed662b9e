import { LayoutDashboard } from 'lucide-react';
import { Empty } from '../../ui/Empty.tsx';
import { t } from '../../ui/words.ts';

export function Dashboard() {
  return <Empty icon={LayoutDashboard} title={t('nav.dashboard')} hint={t('app.notYet')} />;
}
