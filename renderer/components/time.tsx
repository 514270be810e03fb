/** A moment, short: the time of today, else the day. The whole of it is the tip. */

const sameDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const otherDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const otherYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

export function Time({ at }: { readonly at: string }) {
  const date = new Date(at);
  const now = new Date();
  const format = date.toDateString() === now.toDateString() ? sameDay : date.getFullYear() === now.getFullYear() ? otherDay : otherYear;
  return (
    <time dateTime={at} title={whole.format(date)}>
      {format.format(date)}
    </time>
  );
}
