import type { Check } from './check.js';
import { databaseChecks } from './database.js';
import { machineChecks } from './machine.js';
import { zooChecks } from './zoo.js';

/** All that the doctor looks at, in this order. */
export const doctorChecks: readonly Check[] = [...machineChecks, ...databaseChecks, ...zooChecks];
