import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditPageDto, AuditQueryDto, CreatedKeyDto, CreateKeyDto, KeyDto } from '../http/dto/access.js';
import { ApiKeys } from './api-keys.js';
import { AuditLog } from './audit-log.js';
import { Needs } from './scopes.js';

@ApiTags('access')
@Needs('admin')
@Controller('api')
export class AccessController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly audit: AuditLog,
  ) {}

  /** Makes an API key; it is shown in this answer and never again */
  @Post('keys')
  @ApiCreatedResponse({ type: CreatedKeyDto })
  create(@Body() body: CreateKeyDto): Promise<CreatedKeyDto> {
    return this.keys.create(body);
  }

  @Get('keys')
  @ApiOkResponse({ type: [KeyDto] })
  list(): Promise<KeyDto[]> {
    return this.keys.list();
  }

  /** Revokes a key: it is worth nothing from now on */
  @Delete('keys/:keyId')
  @ApiOkResponse({ type: KeyDto })
  revoke(@Param('keyId', ParseUUIDPipe) keyId: string): Promise<KeyDto> {
    return this.keys.revoke(keyId);
  }

  /** Acts that need the scope admin, newest first */
  @Get('audit')
  @ApiOkResponse({ type: AuditPageDto })
  auditLog(@Query() query: AuditQueryDto): Promise<AuditPageDto> {
    return this.audit.page(query);
  }
}
