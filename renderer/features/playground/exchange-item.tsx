/** One message and what each side made of it. */
import { useState } from 'react';
import type { ChatEnd } from '../../../shared/contracts/chat-calls.ts';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { formatCount, formatNumber } from '../../../shared/text/format.ts';
import { isOver, useAnswer } from '../../bridge/chat-answers.ts';
import { Button } from '../../components/button.tsx';
import { Code, CopyButton } from '../../components/code.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import type { Exchange, Reply } from './conversation.ts';
import styles from './playground.module.css';

const words = texts.playground;

export const ExchangeItem = ({ exchange: { text, replies } }: { readonly exchange: Exchange }) => (
  <li className={styles['exchange']}>
    <div className={styles['said']}>
      <span className={styles['who']}>{words.you}</span>
      <p>{text}</p>
    </div>
    <div className={replies.length > 1 ? styles['sides'] : ''}>
      {replies.map((reply, index) => (
        <ReplyItem key={index} reply={reply} side={words.sides[index] ?? ''} />
      ))}
    </div>
  </li>
);

function ReplyItem({ reply: { asked, begun, error, isSkipped }, side }: { readonly reply: Reply; readonly side: string }) {
  const answer = useAnswer(begun?.chat ?? null);
  const failure = error ?? answer.error;
  const isWaiting = begun === null && failure === null && !isSkipped;
  const isComing = begun !== null && !isOver(answer);
  return (
    <section className={styles['reply']} aria-label={words.answer(side)} aria-busy={isWaiting || isComing}>
      <span className={styles['who']}>{asked.label}</span>
      {answer.text !== '' && <p className={styles['text']}>{answer.text}</p>}
      {isWaiting && <p className="muted">{words.waits}</p>}
      {isComing && answer.text === '' && <p className="muted">{words.begins}</p>}
      {isSkipped && <p className="muted">{words.stops.cancelled}</p>}
      {answer.isCut && <p className="muted">{words.cut}</p>}
      {failure !== null && <Failure error={failure} />}
      {begun !== null && <Foot begun={begun} end={answer.end} text={answer.text} />}
    </section>
  );
}

interface FootProps {
  readonly begun: OutputOf<'chat.generate'>;
  readonly end: ChatEnd | null;
  readonly text: string;
}

function Foot({ begun: { prompt, engine, note }, end, text }: FootProps) {
  const [isShowing, setShowing] = useState(false);
  return (
    <footer className={styles['foot']}>
      {end !== null && (
        <span>
          {words.figures(formatCount(end.tokens), formatNumber(end.tokens_per_second))}; {words.stops[end.stop]}
        </span>
      )}
      {note !== null && <span>{note}</span>}
      <span className={styles['ends']}>
        <Button small look="quiet" onPress={() => setShowing(true)}>
          {words.seen}
        </Button>
        {text !== '' && <CopyButton text={text} />}
      </span>
      {isShowing && (
        <Dialog
          isOpen
          wide
          title={words.seen}
          onClose={() => setShowing(false)}
          actions={<Button onPress={() => setShowing(false)}>{texts.actions.close}</Button>}
        >
          <p>{words.seenText(engine === 'lathe' ? texts.product : engine)}</p>
          <Code label={words.seen}>{prompt}</Code>
        </Dialog>
      )}
    </footer>
  );
}
