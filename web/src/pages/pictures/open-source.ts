import { notifications } from '@mantine/notifications';
import type { Picture } from '../../api/client';
import type { Texts } from '../../texts/en';

/** Addresses come from crawled pages: only those of the web are opened, and without a way back to this page. */
export const webAddress = (address: string | null | undefined): string | null =>
  address && /^https?:\/\//i.test(address) ? address : null;

const open = (address: string): void => void window.open(address, '_blank', 'noopener,noreferrer');

/** The page that a picture came from, in a tab of its own. */
export function openPage(picture: Picture | null, t: Texts): void {
  const address = webAddress(picture?.pageUrl) ?? webAddress(picture?.imageUrl);
  if (address) open(address);
  else if (picture) notifications.show({ message: t.pictures.noPage });
}

/** The licence of a picture, or its name where there is no page about it. */
export function openLicence(picture: Picture | null, t: Texts): void {
  const address = webAddress(picture?.licenceUrl);
  if (address) open(address);
  else if (picture) notifications.show({ message: picture.licence ?? t.pictures.noLicence });
}
