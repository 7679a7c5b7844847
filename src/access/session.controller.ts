import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { CookieOptions, Request, Response } from 'express';
import type { Env } from '../config/env.js';
import { OpenSessionDto, SessionDto } from '../http/dto/access.js';
import { GraftError } from '../runs/errors.js';
import { ENV } from '../storage/tokens.js';
import { identityOf, type Identity } from './actor.js';
import { ApiKeys } from './api-keys.js';
import { keysDemanded } from './keys-demanded.js';
import { Needs } from './scopes.js';

export const KEY_COOKIE = 'graft_key';

/** A browser gives its key once, and keeps it where no script can read it. */
@ApiTags('access')
@Controller('api/session')
export class SessionController {
  constructor(
    private readonly keys: ApiKeys,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Who asks, and what they may do */
  @Get()
  @Needs('nothing')
  @ApiOkResponse({ type: SessionDto })
  view(@Req() request: Request): SessionDto {
    return this.toView(identityOf(request));
  }

  /** Sets the cookie */
  @Post()
  @HttpCode(200)
  @Needs('nothing')
  @ApiOkResponse({ type: SessionDto })
  async open(
    @Body() { key }: OpenSessionDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionDto> {
    const identity = await this.keys.identify(key);
    if (!identity) throw wrongKey();
    response.cookie(KEY_COOKIE, key, cookieOptions(request));
    return this.toView(identity);
  }

  /** Takes the cookie away */
  @Delete()
  @HttpCode(204)
  @Needs('nothing')
  close(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    response.clearCookie(KEY_COOKIE, cookieOptions(request));
  }

  private toView(identity: Identity | null): SessionDto {
    return {
      keysDemanded: keysDemanded(this.env),
      actor: identity?.name ?? null,
      scopes: [...(identity?.scopes ?? [])],
    };
  }
}

const cookieOptions = (request: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure: request.secure,
  path: '/api',
});

const wrongKey = (): GraftError =>
  new GraftError({
    code: 'key-demanded',
    message: 'This key is not valid.',
    fix: '`npx graft keys list` shows those that are; a new one is made with `npx graft keys create`.',
    status: 401,
  });
