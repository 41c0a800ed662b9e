import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { t } from '../../ui/words.ts';
import { showInSystem } from './file-work.ts';
import { useView } from './view-store.ts';

/** Documents that are programs are not started from here; whoever wants to does so from the folder, warned. */
export function ProgramWarning() {
  const program = useView((store) => store.program);
  return (
    <ConfirmDialog
      opened={program !== null}
      close={() => useView.getState().setProgram(null)}
      title={t('files.programTitle', { name: program?.name ?? '' })}
      confirm={t('files.programShow')}
      run={() => (program === null ? undefined : showInSystem(program))}
    >
      {t('files.programText')}
    </ConfirmDialog>
  );
}
