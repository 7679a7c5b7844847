import { Controller, Get, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../../access/scopes.js';
import { measuresSchema } from '../../http/api.js';
import { MeasuresDto } from '../../http/dto.js';
import { notFound } from '../../runs/errors.js';
import { DatasetRepository } from '../dataset.repository.js';

@ApiTags('images')
@GetsNeedRead()
@Controller('api/images')
export class InspectController {
  constructor(private readonly dataset: DatasetRepository) {}

  /** Everything that the stage inspect measured on a picture */
  @Get(':imageId/measures')
  @ApiOkResponse({ type: MeasuresDto })
  async measures(@Param('imageId', ParseUUIDPipe) imageId: string): Promise<MeasuresDto> {
    const measures = (await this.dataset.measuresOf([imageId])).get(imageId);
    if (!measures)
      throw notFound(
        'measured picture',
        imageId,
        'A picture is measured once it is fetched, unless it cannot be decoded.',
      );
    return measuresSchema.parse(measures);
  }
}
