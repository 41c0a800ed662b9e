// Whether the stores hold what belongs to the document store that is shown.

import { create } from 'zustand';

export const useWorkspace = create<{ readonly running: boolean }>()(() => ({ running: false }));
