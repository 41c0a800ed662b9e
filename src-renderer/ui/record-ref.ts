/** What people call a record: `SO001` of `sale.order/SO001`. */
export function recordRef(record: string): string {
  return record.slice(record.indexOf('/') + 1);
}
