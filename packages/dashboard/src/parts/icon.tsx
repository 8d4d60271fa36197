import type { JSX } from 'preact'

/** Drawn on a grid of 24, in one stroke. */
const paths = {
  conversations: 'M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z',
  calls: 'M4 7h13m0 0-4-4m4 4-4 4M20 17H7m0 0 4-4m-4 4 4 4',
  webhooks: 'M12 4v9m0 0 4-4m-4 4-4-4M4 15v4a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-4',
  trouble: 'M12 4 3 19h18zM12 10v4m0 2.5v.5',
  verify: 'M4 12l5 5L20 6',
  rules: 'M5 4h11l3 3v13H5zM8 10h8M8 14h8',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  search: 'M11 18a7 7 0 1 1 0-14 7 7 0 0 1 0 14zm5-2 4 4',
  close: 'M6 6l12 12M18 6 6 18',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.5 1.5m11 11L19 19M19 5l-1.5 1.5m-11 11L5 19',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  play: 'M7 5l11 7-11 7z',
  pause: 'M8 5v14M16 5v14',
  send: 'M4 12l16-8-5 16-3-7z',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  note: 'M5 4h14v11l-5 5H5zM14 20v-5h5',
  help: 'M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2m0 3v.5M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18z',
  back: 'M15 5l-7 7 7 7',
} as const

export type IconName = keyof typeof paths

/** An icon beside a text, which says what it means; screen readers pass over it. */
export const Icon = ({ name }: { readonly name: IconName }): JSX.Element => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
)
