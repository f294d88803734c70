import { readFileSync } from 'node:fs';
import type { GraphQLClient } from 'graphql-request';

interface Page {
  readonly deals: {
    readonly nodes: readonly {
      readonly baseCurrencyAmount: string | null;
      readonly stage: { readonly id: string; readonly name: string; readonly position: number | null } | null;
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  } | null;
}

export interface StageSum {
  readonly stage: string;
  readonly deals: number;
  /** In the base currency. Exact to the cent. */
  readonly amount: string;
}

const document = readFileSync(new URL('deals-by-stage.graphql', import.meta.url), 'utf8');

const centsOf = (amount: string | null): bigint => {
  const [whole = '0', fraction = ''] = (amount ?? '0').replace('-', '').split('.');
  const cents = BigInt(`${whole}${fraction.slice(0, 2).padEnd(2, '0')}`);
  return amount?.startsWith('-') ? -cents : cents;
};

const amountOf = (cents: bigint): string => {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** The number of open deals in each stage, and their sum. One call per 100 deals. */
export async function sumByStage(client: GraphQLClient): Promise<StageSum[]> {
  const sums = new Map<string, { stage: string; position: number; deals: number; cents: bigint }>();
  for (let after: string | null | undefined; ; ) {
    const { deals }: Page = await client.request<Page>(document, { after });
    if (!deals) throw new Error('The deals could not be read.');
    for (const { stage, baseCurrencyAmount } of deals.nodes) {
      const known = sums.get(stage?.id ?? '');
      sums.set(stage?.id ?? '', {
        stage: stage?.name ?? 'No stage',
        position: stage?.position ?? 0,
        deals: (known?.deals ?? 0) + 1,
        cents: (known?.cents ?? 0n) + centsOf(baseCurrencyAmount),
      });
    }
    if (!deals.pageInfo.hasNextPage) break;
    after = deals.pageInfo.endCursor;
  }
  return [...sums.values()]
    .toSorted((one, other) => one.position - other.position)
    .map(({ stage, deals, cents }) => ({ stage, deals, amount: amountOf(cents) }));
}
