/** In SQL: whether a punch counts, that is, nobody voided it, or the void was taken back. @param punch an alias */
export const notVoidedSql = (punch: string): string =>
  `NOT EXISTS (SELECT FROM attendance_voids v WHERE v.attendance_id = ${punch}.id AND v.restored_at IS NULL)`;
