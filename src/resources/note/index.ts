import './mutations.ts';

export { noteType as recordType } from './record.ts';
export { noteSandbox as sandbox } from './sandbox.ts';
