export type { PlantRecord } from './api.js';
export { PLANTS, PLANT_SHARES, type Plant } from './plants.js';
export { startGallery, type Gallery, type GalleryOptions } from './server.js';
