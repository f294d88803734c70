import { test } from 'vitest';
import { expectRefused, type Refusal } from './refusal.ts';

/** An id of another kind in every place that takes one, and what would have been right. */
const ids: readonly Refusal[] = [
  [
    'updateContact(id: "gid://freshsales/Deal/1", input: { city: "x" })',
    'id',
    'INVALID',
    /A Contact is wanted.*a Deal/,
  ],
  ['updateContact(id: "ada", input: { city: "x" })', 'id', 'INVALID', /not an id.*gid:\/\/freshsales\/Contact/],
  ['deleteContact(id: "gid://freshsales/Task/1")', 'id', 'INVALID', /A Contact is wanted/],
  ['forgetDeal(id: "")', 'id', 'INVALID', /not an id/],
  ['cloneDeal(id: "gid://freshsales/Contact/1")', 'id', 'INVALID', /A Deal is wanted/],
  ['restoreContact(id: "-1")', 'id', 'INVALID', /not an id/],
  ['completeTask(id: "gid://freshsales/Contact/1")', 'id', 'INVALID', /A Task is wanted/],
  ['deleteNote(id: "1e3")', 'id', 'INVALID', /not an id/],
  ['restoreProduct(id: "gid://freshsales/Deal/1")', 'id', 'INVALID', /A Product is wanted/],
  ['upsertContact(by: { id: "gid://freshsales/Deal/1" }, input: {})', 'by.id', 'INVALID', /A Contact is wanted/],
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
      new RegExp(`A ${type} is wanted`),
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
      new RegExp(`An? ${type} is wanted`),
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
      new RegExp(`A ${type} is wanted`),
    ],
  ),
  [
    'updateDeal(id: 301, input: { addContactIds: [101, "gid://freshsales/Lead/1"] })',
    'input.addContactIds.1',
    'INVALID',
    /A Contact/,
  ],
  [
    'updateDeal(id: 301, input: { products: [{ productId: "gid://freshsales/Deal/1" }] })',
    'input.products.0.productId',
    'INVALID',
    /A Product is wanted/,
  ],
  [
    'updateContact(id: 101, input: { salesAccounts: [{ id: "gid://freshsales/Contact/1", isPrimary: true }] })',
    'input.salesAccounts.0.id',
    'INVALID',
    /SalesAccount is wanted/,
  ],
  ['updateContact(id: 101, input: { teamUserIds: ["x"] })', 'input.teamUserIds.0', 'INVALID', /not an id/],
  ['updateTask(id: 401, input: { typeId: "gid://freshsales/User/1" })', 'input.typeId', 'INVALID', /A TaskType/],
  ['updateTask(id: 401, input: { outcomeId: "x" })', 'input.outcomeId', 'INVALID', /not an id/],
  [
    'updateTask(id: 401, input: { collaboratorIds: ["gid://freshsales/Contact/1"] })',
    'input.collaboratorIds.0',
    'INVALID',
    /A User is wanted/,
  ],
  [
    'updateAppointment(id: 601, input: { attendeeIds: ["gid://freshsales/Deal/1"] })',
    'input.attendeeIds.0',
    'INVALID',
    /Users, contacts and leads can attend/,
  ],
  ['updateSalesActivity(id: 901, input: { typeId: "gid://freshsales/TaskType/1" })', 'input.typeId', 'INVALID', /Type/],
  ['updateProduct(id: 701, input: { parentId: "gid://freshsales/Deal/1" })', 'input.parentId', 'INVALID', /A Product/],
  [
    'updateProduct(id: 701, input: { pricings: [{ id: "x", currencyCode: "USD", unitPrice: 1 }] })',
    'input.pricings.0.id',
    'INVALID',
    /not an id/,
  ],
  ['renameContactList(id: "gid://freshsales/Contact/1", name: "x")', 'id', 'INVALID', /A ContactList is wanted/],
  ['addContactsToList(id: 61, contactIds: ["gid://freshsales/Deal/1"])', 'contactIds.0', 'INVALID', /A Contact/],
  [
    'moveContactsBetweenLists(fromListId: "gid://freshsales/Deal/1", toListId: 61, contactIds: [101])',
    'fromListId',
    'INVALID',
    /A ContactList/,
  ],
  ['bulkDeleteContacts(ids: [101, "gid://freshsales/Deal/1"])', 'ids.1', 'INVALID', /A Contact is wanted/],
  [
    'bulkAssignOwnerToContacts(ids: [101], ownerId: "gid://freshsales/Contact/1")',
    'ownerId',
    'INVALID',
    /A User is wanted/,
  ],
  [
    'bulkUpsertContacts(input: [{ id: "gid://freshsales/Deal/1", data: {} }])',
    'input.0.id',
    'INVALID',
    /A Contact is wanted/,
  ],
];

test.each(ids)('%s', (...refusal) => expectRefused(refusal));
