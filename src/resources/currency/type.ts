import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type CurrencyRecord, currencyLookup } from './resource.ts';

export const loadCurrency = lookupLoader(currencyLookup);

export const Currency = builder.objectRef<CurrencyRecord>('Currency');

Currency.implement({
  description: 'A currency that deals can be in.',
  interfaces: [Node],
  fields: (t) => ({
    code: t.exposeString('currency_code', { nullable: false, description: 'ISO 4217, such as USD.' }),
    isActive: t.exposeBoolean('is_active', { description: 'Whether new deals may use it.' }),
    exchangeRate: t.expose('exchange_rate', {
      type: 'Decimal',
      description: 'What one unit is worth in the base currency.',
    }),
    currencyType: t.exposeInt('currency_type', { description: 'Freshsales’ own mark; 1 is the base currency.' }),
    scheduleInfo: t.exposeString('schedule_info', { description: 'When the rate is brought up to date, if ever.' }),
  }),
});
nodeType(Currency, loadCurrency);

builder.queryField('currencies', (t) => t.field(wholeList(Currency, currencyLookup, 'The currencies.')));
