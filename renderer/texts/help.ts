/** The words of the view Help. */
export const help = {
  title: 'Help',
  pages: 'Pages of help',
  results: 'Search',
  search: 'Search',
  outline: 'On this page',
  found: (count: number, text: string) => `${count === 1 ? 'One place' : `${count} places`} with “${text}”`,
  nothing: (text: string) => `No page says “${text}”`,
  nothingText: 'Try fewer or shorter words. The page on errors lists every message with what to do.',
  picture: (alt: string) => `Picture: ${alt}`,
} as const;
