import { test } from 'vitest';
import { expectRefused, type Refusal } from './refusal.ts';

/** An id of another kind in every place that takes one, and what would have been right. */
const ids: readonly Refusal[] = [
  [
    'updateContact(id: "gid://freshsales/Deal/1", input: { city: "x" })',
    'id',
    'INVALID',
    /Expected an id of type Contact.*has type Deal/,
  ],
  ['updateContact(id: "ada", input: { city: "x" })', 'id', 'INVALID', /not an id.*gid:\/\/freshsales\/Contact/],
  ['deleteContact(id: "gid://freshsales/Task/1")', 'id', 'INVALID', /Expected an id of type Contact/],
  ['forgetDeal(id: "")', 'id', 'INVALID', /not an id/],
  ['cloneDeal(id: "gid://freshsales/Contact/1")', 'id', 'INVALID', /Expected an id of type Deal/],
  ['restoreContact(id: "-1")', 'id', 'INVALID', /not an id/],
  ['completeTask(id: "gid://freshsales/Contact/1")', 'id', 'INVALID', /Expected an id of type Task/],
  ['deleteNote(id: "1e3")', 'id', 'INVALID', /not an id/],
  ['restoreProduct(id: "gid://freshsales/Deal/1")', 'id', 'INVALID', /Expected an id of type Product/],
  [
    'upsertContact(by: { id: "gid://freshsales/Deal/1" }, input: {})',
    'by.id',
    'INVALID',
    /Expected an id of type Contact/,
  ],
  ['upsertSalesAccount(by: { id: "x" }, input: {})', 'by.id', 'INVALID', /not an id/],
  ...[
    ['ownerId', 'User'],
    ['statusId', 'ContactStatus'],
    ['lifecycleStageId', 'LifecycleStage'],
    ['leadSourceId', 'LeadSource'],
    ['campaignId', 'Campaign'],
    ['territoryId', 'Territory'],
  ].map(
    ([field, type]): Refusal => [
      `updateContact(id: 101, input: { ${field}: "gid://freshsales/Note/1" })`,
      `input.${field}`,
      'INVALID',
      new RegExp(`Expected an id of type ${type}`),
    ],
  ),
  ...[
    ['parentId', 'SalesAccount'],
    ['industryTypeId', 'IndustryType'],
    ['businessTypeId', 'BusinessType'],
    ['ownerId', 'User'],
    ['territoryId', 'Territory'],
  ].map(
    ([field, type]): Refusal => [
      `updateSalesAccount(id: 501, input: { ${field}: "gid://freshsales/Note/1" })`,
      `input.${field}`,
      'INVALID',
      new RegExp(`Expected an id of type ${type}`),
    ],
  ),
  ...[
    ['pipelineId', 'DealPipeline'],
    ['stageId', 'DealStage'],
    ['typeId', 'DealType'],
    ['reasonId', 'DealReason'],
    ['paymentStatusId', 'DealPaymentStatus'],
    ['dealProductId', 'DealProduct'],
    ['currencyId', 'Currency'],
    ['salesAccountId', 'SalesAccount'],
    ['leadSourceId', 'LeadSource'],
  ].map(
    ([field, type]): Refusal => [
      `updateDeal(id: 301, input: { ${field}: "gid://freshsales/Note/1" })`,
      `input.${field}`,
      'INVALID',
      new RegExp(`Expected an id of type ${type}`),
    ],
  ),
  [
    'updateDeal(id: 301, input: { addContactIds: [101, "gid://freshsales/Lead/1"] })',
    'input.addContactIds.1',
    'INVALID',
    /id of type Contact/,
  ],
  [
    'updateDeal(id: 301, input: { products: [{ productId: "gid://freshsales/Deal/1" }] })',
    'input.products.0.productId',
    'INVALID',
    /Expected an id of type Product/,
  ],
  [
    'updateContact(id: 101, input: { salesAccounts: [{ id: "gid://freshsales/Contact/1", isPrimary: true }] })',
    'input.salesAccounts.0.id',
    'INVALID',
    /Expected an id of type SalesAccount/,
  ],
  ['updateContact(id: 101, input: { teamUserIds: ["x"] })', 'input.teamUserIds.0', 'INVALID', /not an id/],
  [
    'updateTask(id: 401, input: { typeId: "gid://freshsales/User/1" })',
    'input.typeId',
    'INVALID',
    /id of type TaskType/,
  ],
  ['updateTask(id: 401, input: { outcomeId: "x" })', 'input.outcomeId', 'INVALID', /not an id/],
  [
    'updateTask(id: 401, input: { collaboratorIds: ["gid://freshsales/Contact/1"] })',
    'input.collaboratorIds.0',
    'INVALID',
    /Expected an id of type User/,
  ],
  [
    'updateAppointment(id: 601, input: { attendeeIds: ["gid://freshsales/Deal/1"] })',
    'input.attendeeIds.0',
    'INVALID',
    /Attendees must be users, contacts or leads/,
  ],
  ['updateSalesActivity(id: 901, input: { typeId: "gid://freshsales/TaskType/1" })', 'input.typeId', 'INVALID', /Type/],
  [
    'updateProduct(id: 701, input: { parentId: "gid://freshsales/Deal/1" })',
    'input.parentId',
    'INVALID',
    /id of type Product/,
  ],
  [
    'updateProduct(id: 701, input: { pricings: [{ id: "x", currencyCode: "USD", unitPrice: 1 }] })',
    'input.pricings.0.id',
    'INVALID',
    /not an id/,
  ],
  [
    'renameContactList(id: "gid://freshsales/Contact/1", name: "x")',
    'id',
    'INVALID',
    /Expected an id of type ContactList/,
  ],
  [
    'addContactsToList(id: 61, contactIds: ["gid://freshsales/Deal/1"])',
    'contactIds.0',
    'INVALID',
    /id of type Contact/,
  ],
  [
    'moveContactsBetweenLists(fromListId: "gid://freshsales/Deal/1", toListId: 61, contactIds: [101])',
    'fromListId',
    'INVALID',
    /id of type ContactList/,
  ],
  ['bulkDeleteContacts(ids: [101, "gid://freshsales/Deal/1"])', 'ids.1', 'INVALID', /Expected an id of type Contact/],
  [
    'bulkAssignOwnerToContacts(ids: [101], ownerId: "gid://freshsales/Contact/1")',
    'ownerId',
    'INVALID',
    /Expected an id of type User/,
  ],
  [
    'bulkUpsertContacts(input: [{ id: "gid://freshsales/Deal/1", data: {} }])',
    'input.0.id',
    'INVALID',
    /Expected an id of type Contact/,
  ],
];

test.each(ids)('%s', (...refusal) => expectRefused(refusal));
