import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type CurrencyRecord, currencyLookup } from './record.ts';

export const loadCurrency = lookupLoader(currencyLookup);

export const Currency = builder.objectRef<CurrencyRecord>('Currency');

Currency.implement({
  description: 'A currency available for deals.',
  interfaces: [Node],
  fields: (t) => ({
    code: t.exposeString('currency_code', { nullable: false, description: 'ISO 4217 currency code, such as USD.' }),
    isActive: t.exposeBoolean('is_active', { description: 'True if new deals can use the currency.' }),
    exchangeRate: t.expose('exchange_rate', {
      type: 'Decimal',
      description: 'Value of one unit in the base currency.',
    }),
    currencyType: t.exposeInt('currency_type', { description: 'Internal type in Freshsales. 1 is the base currency.' }),
    scheduleInfo: t.exposeString('schedule_info', {
      description: 'Schedule for updating the exchange rate. Null if it is not updated automatically.',
    }),
  }),
});
nodeType(Currency, loadCurrency);

builder.queryField('currencies', (t) => t.field(wholeList(Currency, currencyLookup, 'The currencies.')));
