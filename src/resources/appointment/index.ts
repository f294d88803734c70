import './mutations.ts';

export { appointmentType as recordType } from './record.ts';
export { appointmentSandbox as sandbox } from './sandbox.ts';
