import type { Account } from '../../src/sandbox/account.ts';
import { createApp } from '../../src/sandbox/app.ts';
import { defaultBehaviours } from '../../src/sandbox/behaviours.ts';
import { createTypes } from '../../src/sandbox/sandbox.ts';
import { Store } from '../../src/sandbox/store.ts';

/** The 44 endpoints of the original scope. */
export const ORIGINAL_ENDPOINTS: readonly string[] = `
POST /contacts · GET /contacts/{id} · PUT /contacts/{id} · DELETE /contacts/{id} · DELETE /contacts/{id}/forget
POST /contacts/{id}/clone · GET /contacts/view/{id} · POST /sales_accounts · GET /sales_accounts/{id} · PUT /sales_accounts/{id}
DELETE /sales_accounts/{id} · POST /sales_accounts/{id}/clone · GET /sales_accounts/view/{id} · POST /deals · GET /deals/{id}
PUT /deals/{id} · DELETE /deals/{id} · POST /deals/{id}/clone · GET /deals/view/{id} · POST /leads · GET /leads/{id}
POST /tasks · GET /tasks · PUT /tasks/{id} · DELETE /tasks/{id} · POST /appointments · GET /appointments
PUT /appointments/{id} · DELETE /appointments/{id} · POST /notes · PUT /notes/{id} · DELETE /notes/{id}
POST /sales_activities · GET /sales_activities/{id} · PUT /sales_activities/{id} · DELETE /sales_activities/{id}
GET /cpq/products/{id} · POST /cpq/products · PUT /cpq/products/{id} · DELETE /cpq/products/{id}
GET /contacts/filters · GET /deals/filters · GET /search · GET /lookup
`
  .trim()
  .split(/ · |\n/);

/** Every endpoint that the sandbox answers, such as `GET /contacts/{id}`. Paths outside the API root begin with `../`. */
export function endpointsOf(product: Account['product']): string[] {
  const account: Account = {
    ...{ product, store: new Store(), behaviours: defaultBehaviours(), types: createTypes(), customFields: {} },
    ...{ now: () => new Date(), zone: 'Z', uiBase: '/ui' },
  };
  return createApp(account).routes.map(({ method, path }) => {
    const below = path.startsWith('/ui/api') ? path.slice('/ui/api'.length) : `..${path.slice('/ui'.length)}`;
    return `${method} ${below.replaceAll(/:(\w+)/g, '{$1}')}`;
  });
}
