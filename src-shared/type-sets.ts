// Ready-made sets of document types, as companies know them: which types there are and which subfolders their records
// get. Names are Odoo's models, which other systems use, too; labels and subfolders are words (`sets.types.<key>`,
// `sets.folders.<key>`), because they name folders that people read. Used by the first run and by `docktide type`.

export const SET_IDS = ['sales', 'purchasing', 'accounting', 'hr', 'projects'] as const;
export type SetId = (typeof SET_IDS)[number];

interface TypeInSet {
  /** Of the document type. */
  readonly name: string;
  /** Of its label among the words. */
  readonly key: string;
  /** Of its subfolders among the words. */
  readonly folders: readonly string[];
}

export const TYPE_SETS: Readonly<Record<SetId, readonly TypeInSet[]>> = {
  sales: [
    { name: 'sale.order', key: 'quotations', folders: ['contracts', 'drawings', 'correspondence'] },
    { name: 'res.partner', key: 'contacts', folders: ['agreements', 'correspondence'] },
  ],
  purchasing: [
    { name: 'purchase.order', key: 'purchaseOrders', folders: ['offers', 'confirmations', 'deliveryNotes'] },
    { name: 'purchase.requisition', key: 'purchaseAgreements', folders: ['contracts'] },
  ],
  accounting: [
    { name: 'account.move', key: 'invoices', folders: ['receipts', 'reminders'] },
    { name: 'account.bank.statement', key: 'bankStatements', folders: [] },
  ],
  hr: [
    { name: 'hr.employee', key: 'employees', folders: ['contracts', 'certificates', 'payslips', 'absences'] },
    { name: 'hr.applicant', key: 'applicants', folders: [] },
  ],
  projects: [
    { name: 'project.project', key: 'projects', folders: ['drawings', 'photos', 'minutes', 'contracts'] },
    { name: 'project.task', key: 'tasks', folders: [] },
  ],
};

/** A document type with its rule, before it is added. */
export interface TypeDraft {
  readonly name: string;
  readonly label: string;
  readonly subfolders: readonly string[];
}

export interface TypeSetView {
  readonly id: SetId;
  readonly title: string;
  /** `present`: there is a type of this name with a folder rule already. */
  readonly types: readonly (TypeDraft & { readonly present: boolean })[];
}

/** `t` finds words in the language in which the folders are to be named. */
export function typesOf(id: SetId, t: (key: string) => string): readonly TypeDraft[] {
  return TYPE_SETS[id].map(({ name, key, folders }) => ({
    name,
    label: t(`sets.types.${key}`),
    subfolders: folders.map((folder) => t(`sets.folders.${folder}`)),
  }));
}
