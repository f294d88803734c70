// Every record type: one line for each folder.
export * as appointment from './appointment/index.ts';
export * as contact from './contact/index.ts';
export * as deal from './deal/index.ts';
export * as lead from './lead/index.ts';
export * as note from './note/index.ts';
export * as product from './product/index.ts';
export * as salesAccount from './sales-account/index.ts';
export * as salesActivity from './sales-activity/index.ts';
export * as task from './task/index.ts';
