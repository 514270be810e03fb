/**
 * The sentences a ticket is made of, by the label they express. `shared` ones occur in training and test rows, `heldOut` ones in test rows only,
 * and there beside a shared one: they say the same thing again in a sentence nobody trained on.
 */
import type { Priority, Queue, Sentiment } from './labels.ts';

export interface Phrases {
  readonly shared: readonly string[];
  readonly heldOut: readonly string[];
}

/** A closed list: like a queue, a product is a label, and every one of them occurs in training. */
export const products = [
  'router',
  'laptop',
  'printer',
  'monitor',
  'keyboard',
  'camera',
  'tablet',
  'phone',
  'charger',
  'speaker',
  'scanner',
  'headset',
  'projector',
  'microphone',
  'television',
  'radio',
  'watch',
  'mouse',
  'drone',
  'lamp',
] as const;

export const issues: Readonly<Record<Queue, Phrases>> = {
  billing: {
    shared: [
      'I was charged twice for the {product}.',
      'The invoice for my {product} shows the wrong amount.',
      'My card was charged (two|three) times for one {product}.',
      'You took a payment for the {product} that I never agreed to.',
      'The bill for the {product} is higher than the price (on your page|you promised).',
      'I need a corrected invoice for the {product}.',
      'The monthly fee for the {product} went up and nobody told me.',
      'Why does my bill list a second {product}?',
      'There is a tax charge on the {product} invoice that I do not understand.',
      'The payment for my {product} was taken from the wrong card.',
    ],
    heldOut: [
      'A fee on the bill for my {product} looks wrong to me.',
      'Please check the invoice, the {product} payment appears twice.',
      'My card shows a charge for a {product} I already paid.',
    ],
  },
  shipping: {
    shared: [
      'The {product} has not arrived yet.',
      'My parcel with the {product} is late.',
      'The tracking page for the {product} has not changed for (a week|days).',
      'The courier left the {product} at the wrong house.',
      'Where is the package with my {product}?',
      'The delivery of my {product} was planned for last (week|month).',
      'The driver never rang the bell and took the {product} away again.',
      'I want to change the delivery address for the {product}.',
      'The {product} is stuck at the depot according to the tracking number.',
      'My parcel came, but the {product} was not in the box.',
    ],
    heldOut: [
      'The courier says the parcel with the {product} was delivered, but it is not here.',
      'Tracking says the {product} left the depot, yet no delivery came.',
      'The package with the {product} is late again.',
    ],
  },
  returns: {
    shared: [
      'I want to send the {product} back.',
      'How do I return the {product}?',
      'Please send me a return label for the {product}.',
      'The {product} is the wrong colour and I would like to exchange it.',
      'I would like my money back for the {product}.',
      'I sent the {product} back and still wait for the refund.',
      'Can I swap the {product} for a bigger one?',
      'The {product} does not suit me, so I ask for a refund.',
      'The return label for the {product} cannot be printed.',
      'I changed my mind about the {product} and want to give it back.',
    ],
    heldOut: [
      'May I exchange the {product} or get a refund?',
      'The label to send back my {product} is missing.',
      'I gave the {product} back, but the refund is not here.',
    ],
  },
  technical: {
    shared: [
      'The {product} does not turn on any more.',
      'My {product} crashes (every hour|all the time).',
      'The {product} shows an error after the update.',
      'The screen of the {product} stays black.',
      'The {product} keeps losing the connection.',
      'Since the last update the {product} is very slow.',
      'The {product} makes a loud noise and gets hot.',
      'I cannot install the software for the {product}.',
      'A button on the {product} is broken and does nothing.',
      'The {product} freezes when I start it.',
    ],
    heldOut: [
      'After the update my {product} freezes and the screen is black.',
      'The software of the {product} crashes with an error.',
      'The {product} gets hot and loses its connection.',
    ],
  },
  account: {
    shared: [
      'I cannot log in to register my {product}.',
      'I forgot the password for the account with my {product}.',
      'Please change the email address on my account, the {product} is listed there.',
      'My account is locked and I cannot see my {product}.',
      'The password reset mail never comes, so I cannot use the {product} app.',
      'Please delete my profile, I no longer own the {product}.',
      'My user name is wrong on the {product} page.',
      'Someone else has signed in to my account and removed the {product}.',
      'The login code for the {product} is never accepted.',
      'I have two accounts and want the {product} in one profile.',
    ],
    heldOut: [
      'The login page does not take my password, so the {product} cannot be registered.',
      'My profile with the {product} is locked.',
      'Please change the user name of the account for my {product}.',
    ],
  },
  sales: {
    shared: [
      'Do you have a discount if I buy (five|ten|twenty) of the {product}?',
      'Is the new {product} in stock?',
      'Can you send me an offer for the {product}?',
      'Which {product} would you recommend for a small office?',
      'I want to buy a second {product}, what does it cost?',
      'When will the {product} be available again?',
      'Does the {product} come in (black|white|green)?',
      'I would like a quote for (thirty|forty) pieces of the {product}.',
      'Before I buy the {product}, tell me if there is a bigger model.',
      'Is there a student discount on the {product}?',
    ],
    heldOut: [
      'What would you recommend, and is the {product} in stock?',
      'Please send a quote, I want to buy the {product} for my office.',
      'Is a discount available on the new {product}?',
    ],
  },
};

export const urgencies: Readonly<Record<Priority, Phrases>> = {
  low: {
    shared: ['There is no hurry.', 'Take your time.', 'Answer whenever you like.', 'It can wait (a while|until next month).', 'No rush with this.'],
    heldOut: ['I am in no hurry, it can wait.', 'No rush, take your time with it.'],
  },
  normal: {
    shared: ['', 'Please let me know.', 'I look forward to your reply.', 'Please write back.', 'Tell me what to do next.'],
    heldOut: ['Please write and let me know what to do.', 'I look forward to what you tell me.'],
  },
  high: {
    shared: ['Please answer by tomorrow.', 'I need this soon.', 'I need a reply before the weekend.', 'It should be solved this week.', 'Please be quick.'],
    heldOut: ['I need it before tomorrow.', 'Please be quick, it should be solved soon.'],
  },
  urgent: {
    shared: [
      'I need help right now.',
      'This is an emergency.',
      'It must be fixed today.',
      'Call me at once.',
      'We cannot work until this is fixed, so act immediately.',
    ],
    heldOut: ['Call me immediately, this is an emergency.', 'This must be fixed right now.'],
  },
};

export const moods: Readonly<Record<Sentiment, Phrases>> = {
  angry: {
    shared: ['This is outrageous.', 'I am furious.', 'I am fed up with you.', 'What a terrible service.', 'This is the worst shop I know.', 'I am very angry.'],
    heldOut: ['Your service is the worst, I am furious.', 'I am angry and fed up.'],
  },
  worried: {
    shared: [
      'I am worried.',
      'I am afraid something went wrong.',
      'I feel uneasy about this.',
      'I am nervous about it.',
      'This makes me anxious.',
      'I fear the worst for my order.',
    ],
    heldOut: ['It makes me nervous and uneasy.', 'I am anxious, I fear something is wrong.'],
  },
  neutral: {
    shared: ['', '', 'I have a request.', 'I am writing about an order.', 'Here are the details.', 'This is about something I ordered.'],
    heldOut: ['I am writing with a request.', 'Here are the details of what I ordered.'],
  },
  pleased: {
    shared: [
      'Your shop is great.',
      'I love your service.',
      'So far I am very happy with you.',
      'You have been wonderful.',
      'Thanks for the excellent support so far.',
      'I am a delighted customer.',
    ],
    heldOut: ['I am delighted, your support is excellent.', 'Thanks, I am happy with your great shop.'],
  },
};

/** Sentences that name a second product which the ticket is not about. */
export const distractors = [
  'My {other} from you works well.',
  'The {other} I bought earlier is fine.',
  'I also own a {other}, that one is not the matter.',
  'The {other} in the same order was all right.',
] as const;

export const greetings = ['Hello.', 'Hi,', 'Dear team,', 'Good morning.', 'Good evening.', ''] as const;
export const farewells = ['Thank you.', 'Regards, {name}', '{name}', 'Best wishes, {name}', '', ''] as const;
export const customerNames = [
  'Anna',
  'Ben',
  'Clara',
  'David',
  'Emma',
  'Felix',
  'Grace',
  'Henry',
  'Ida',
  'Jonas',
  'Karim',
  'Lena',
  'Maria',
  'Noah',
  'Olga',
  'Paul',
  'Rosa',
  'Sam',
  'Tara',
  'Victor',
] as const;
