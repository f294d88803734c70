import './mutations.ts';

export { productType as recordType } from './record.ts';
export { productSandbox as sandbox } from './sandbox.ts';
