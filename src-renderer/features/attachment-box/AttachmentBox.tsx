import { Inbox } from 'lucide-react';
import { Empty } from '../../ui/Empty.tsx';
import { t } from '../../ui/words.ts';

export function AttachmentBox() {
  return <Empty icon={Inbox} title={t('nav.attachmentBox')} hint={t('app.notYet')} />;
}
