// The port of an ERP: how its document types, records and attachments come into the document store and go back.
// Implemented by embedded.ts (the store itself, the default) and by connectors to real ERPs; one conformance suite is
// run by all of them. Called by pull-records.ts and by the application.

import type { ContentHash } from '../../src-shared/domain.ts';

export interface ErpType {
  /** Technical name: `sale.order`. */
  readonly name: string;
  /** As people call it: `Quotations`. */
  readonly label: string;
}

export interface ErpRecord {
  readonly type: string;
  /** Stable and unique in its type. */
  readonly ref: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly archived: boolean;
}

/** One page of what changed; applied in order. Records may come twice: times of an ERP are coarse and overlap. */
export interface RecordPage {
  readonly records: readonly ErpRecord[];
  /** Opaque; where the next page begins. */
  readonly cursor: string;
  readonly hasMore: boolean;
}

export interface ErpAttachment {
  /** The ERP's own id, as text. */
  readonly id: string;
  readonly type: string;
  readonly ref: string;
  readonly name: string;
  readonly kind: 'binary' | 'url';
  readonly url: string | null;
  /** Bytes; 0 for links. */
  readonly size: number;
  /** Null where the ERP has another checksum or none. */
  readonly hash: ContentHash | null;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

export interface NewAttachment {
  readonly type: string;
  readonly ref: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Errors are Fault: login-lost, no-permission, network, server, not-found (a type, record or attachment that is gone),
 * conflict (changed since it was read).
 */
export interface ErpConnector {
  /** For people: `Odoo 19 at erp.example`. */
  readonly name: string;
  types(): Promise<readonly ErpType[]>;
  /** Records of a type that changed since `cursor`; null starts with all of them. */
  changedRecords(type: string, cursor: string | null): Promise<RecordPage>;
  /** All references of a type: what the store has beyond them was deleted in the ERP. */
  recordRefs(type: string): Promise<ReadonlySet<string>>;

  attachments(type: string, ref: string): Promise<readonly ErpAttachment[]>;
  readAttachment(id: string): AsyncIterable<Uint8Array>;
  /** The name may come back changed where the ERP refuses or has it. */
  addAttachment(attachment: NewAttachment): Promise<ErpAttachment>;
  /** `expected`: what the ERP must still hold; null where it keeps no comparable hash. */
  replaceAttachment(
    id: string,
    bytes: AsyncIterable<Uint8Array>,
    expected: ContentHash | null,
    modified: number,
  ): Promise<ErpAttachment>;
  /** Turns an attachment into a link to Dropbox; the ERP drops its bytes. */
  linkAttachment(id: string, url: string): Promise<ErpAttachment>;
  /** An attachment that is gone already counts as removed. */
  removeAttachment(id: string): Promise<void>;
}
