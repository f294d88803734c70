import type { Identified } from '../freshsales/resource.ts';
import type { Reshape } from '../mutations/write.ts';

const SUMS = ['open_deals_amount', 'open_deals_count', 'won_deals_amount', 'won_deals_count'];

/**
 * The answer to an upsert has null for the sums over deals, whatever they are (QUIRKS 11). Taken out, they are read where
 * they are selected; and so is whatever else that answer lacks.
 */
export const withoutSums: Reshape<Identified> = ({ row, sideloads }) => {
  const kept = Object.entries(row).filter(([column, cell]) => !(SUMS.includes(column) && cell === null));
  return { row: { ...Object.fromEntries(kept), id: row.id, partial: true }, sideloads };
};
