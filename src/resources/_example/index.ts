import './mutations.ts';

export { visitType as recordType } from './record.ts';
export { visitSandbox as sandbox } from './sandbox.ts';
