import { rm } from 'node:fs/promises';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { finalize, type Observable } from 'rxjs';
import type { Request } from 'express';

/** Removes the temporary files of an upload when its request is over, however it ended. */
@Injectable()
export class TempFilesInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    return next.handle().pipe(
      finalize(() => {
        const files = Array.isArray(request.files) ? request.files : [];
        for (const file of request.file ? [request.file] : files) void rm(file.path, { force: true });
      }),
    );
  }
}
