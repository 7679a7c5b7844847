import sharp from 'sharp';

// No picture is decoded twice, so libvips' operation cache would only hold memory.
sharp.cache(false);
// Pictures are handled several at a time; one thread each gives more pictures a second than several threads on one.
sharp.concurrency(1);

export { sharp };
