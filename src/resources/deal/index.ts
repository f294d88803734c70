import './mutations.ts';

export { dealType as recordType } from './record.ts';
export { dealSandbox as sandbox } from './sandbox.ts';
