import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../../access/scopes.js';
import { DecideDto, DecisionDto, ReviewDto, ReviewQueryDto } from '../../http/dto.js';
import { ReviewService } from './review.service.js';

@ApiTags('review')
@GetsNeedRead()
@Controller('api')
export class ReviewController {
  constructor(private readonly reviews: ReviewService) {}

  /** Pictures that a person should look at, the most suspicious first, and queries whose pictures are mostly wrong */
  @Get('runs/:runId/review')
  @ApiOkResponse({ type: ReviewDto })
  review(@Param('runId', ParseUUIDPipe) runId: string, @Query() query: ReviewQueryDto): Promise<ReviewDto> {
    return this.reviews.review(runId, query);
  }

  @Get('projects/:projectId/decisions')
  @ApiOkResponse({ type: [DecisionDto] })
  list(@Param('projectId', ParseUUIDPipe) projectId: string): Promise<DecisionDto[]> {
    return this.reviews.list(projectId);
  }

  /** Decides about pictures, for this and all later crawls: the next run of the project applies it */
  @Post('projects/:projectId/decisions')
  @HttpCode(200)
  @ApiOkResponse({ type: [DecisionDto] })
  decide(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Body() { decisions }: DecideDto,
  ): Promise<DecisionDto[]> {
    return this.reviews.decide(projectId, decisions);
  }

  /** Takes a decision back */
  @Delete('projects/:projectId/decisions/:sha256')
  @HttpCode(204)
  forget(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Param('sha256') sha256: string,
  ): Promise<void> {
    return this.reviews.forget(projectId, sha256);
  }
}
