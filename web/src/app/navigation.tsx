import type { ReactNode } from 'react';
import {
  IconActivityHeartbeat,
  IconCamera,
  IconPhotoSearch,
  IconRocket,
  IconSparkles,
  IconTrophy,
  type Icon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSpeech } from '../texts/texts';
import type { Texts } from '../texts/en';
import type { Place } from './place';

interface Entry {
  readonly name: keyof Texts['nav'];
  readonly icon: Icon;
  /** Null while there is nothing to go to. */
  readonly link: ((props: { className: string; children: ReactNode }) => ReactNode) | null;
}

function entriesOf({ projectId, runId, modelId }: Place): Entry[] {
  return [
    {
      name: 'run',
      icon: IconActivityHeartbeat,
      link: runId
        ? (props) => <Link to="/runs/$runId" params={{ runId }} activeOptions={{ exact: true }} {...props} />
        : null,
    },
    {
      name: 'pictures',
      icon: IconPhotoSearch,
      link: runId ? (props) => <Link to="/runs/$runId/pictures" params={{ runId }} {...props} /> : null,
    },
    {
      name: 'leaderboard',
      icon: IconTrophy,
      link: runId ? (props) => <Link to="/runs/$runId/leaderboard" params={{ runId }} {...props} /> : null,
    },
    {
      name: 'try',
      icon: IconCamera,
      link: modelId ? (props) => <Link to="/models/$model" params={{ model: modelId }} {...props} /> : null,
    },
    {
      name: 'models',
      icon: IconRocket,
      link: projectId
        ? (props) => <Link to="/projects/$projectId/models" params={{ projectId }} {...props} />
        : null,
    },
  ];
}

function NavigationLink({
  entry,
  className,
  children,
}: {
  entry: Entry;
  className: string;
  children: ReactNode;
}) {
  // A link without an address is how ARIA says "not now".
  if (!entry.link)
    return (
      <a role="link" aria-disabled="true" className={className}>
        {children}
      </a>
    );
  return entry.link({ className, children });
}

export function NavigationList({ place }: { place: Place }) {
  const { t } = useSpeech();
  return (
    <nav aria-label={t.shell.navigation}>
      <Link to="/" className="graft-nav" activeOptions={{ exact: true }}>
        <IconSparkles size={19} aria-hidden />
        {t.nav.start}
      </Link>
      {entriesOf(place).map((entry) => (
        <NavigationLink key={entry.name} entry={entry} className="graft-nav">
          <entry.icon size={19} aria-hidden />
          {t.nav[entry.name]}
        </NavigationLink>
      ))}
    </nav>
  );
}

export function NavigationTabs({ place }: { place: Place }) {
  const { t } = useSpeech();
  return (
    <nav aria-label={t.shell.navigation} style={{ display: 'flex', height: '100%' }}>
      {entriesOf(place).map((entry) => (
        <NavigationLink key={entry.name} entry={entry} className="graft-tab">
          <entry.icon size={22} aria-hidden />
          <span>{t.navShort[entry.name]}</span>
        </NavigationLink>
      ))}
    </nav>
  );
}
