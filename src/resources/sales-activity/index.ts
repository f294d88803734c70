import './mutations.ts';

export { salesActivityType as recordType } from './record.ts';
export { salesActivitySandbox as sandbox } from './sandbox.ts';
