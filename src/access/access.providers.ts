import type { Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessController } from './access.controller.js';
import { AccessGuard } from './access.guard.js';
import { ApiKeys } from './api-keys.js';
import { AuditLog } from './audit-log.js';
import { SessionController } from './session.controller.js';

export const accessProviders: Provider[] = [ApiKeys, AuditLog, { provide: APP_GUARD, useClass: AccessGuard }];

export const accessControllers = [SessionController, AccessController];
