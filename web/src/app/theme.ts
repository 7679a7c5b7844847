import {
  Anchor,
  createTheme,
  Popover,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** Shade 7 is the first that white text can be read on (5.9 : 1). */
const leaf: MantineColorsTuple = [
  '#ecf8f2',
  '#d5eee2',
  '#a8dcc4',
  '#77c8a3',
  '#4cb585',
  '#2ba26e',
  '#17895b',
  '#0f724b',
  '#0b5a3c',
  '#07422c',
];

export const theme = createTheme({
  primaryColor: 'leaf',
  colors: { leaf },
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, 'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  components: {
    // Colour alone does not make a link (WCAG 1.4.1).
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    // A list that opens while its settings unfold is taken for one scrolled out of sight, and would stay hidden.
    Popover: Popover.extend({ defaultProps: { hideDetached: false } }),
  },
});

/** Mantine's muted greys are too faint for small text (WCAG 1.4.3 asks for 4.5 : 1). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f7f8f7',
    '--mantine-color-dimmed': '#55605a',
    '--mantine-color-placeholder': '#66706b',
    '--mantine-color-text': '#17201b',
    '--mantine-color-default-border': '#d5dad7',
    '--graft-surface': '#ffffff',
    '--graft-sunken': '#eef1ef',
    '--graft-line': '#e1e6e3',
    '--graft-good': '#0f724b',
    '--graft-bad': '#b42318',
    '--graft-warn': '#8a5300',
    '--graft-right-cell': '#7fd0a8',
    '--graft-wrong-cell': '#f2a097',
  },
  dark: {
    '--mantine-color-body': '#111513',
    '--mantine-color-dimmed': '#a3afa8',
    '--mantine-color-placeholder': '#98a39d',
    '--mantine-color-text': '#e6ebe8',
    '--mantine-color-default-border': '#3a443e',
    '--graft-surface': '#191f1c',
    '--graft-sunken': '#0c100e',
    '--graft-line': '#29312d',
    '--graft-good': '#5cc795',
    '--graft-bad': '#ff9b90',
    '--graft-warn': '#f2bd62',
    '--graft-right-cell': '#12603f',
    '--graft-wrong-cell': '#8c2c22',
  },
});
