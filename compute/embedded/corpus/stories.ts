/** Short stories: running text about people, animals, shops, letters and machines. */
import { expand, polish, type Binding } from '../text/grammar.ts';
import { textDocument, type DocumentMaker } from './document.ts';
import { lexicon } from './words.ts';

const openings = [
  'One day {name#a} {went} to the {place}.',
  'It was a {quality} {day} in {month}.',
  '{name#a} and {name#b} lived near the {place} in {city}.',
  'There was once a {person} called {name#a} who had a {size} {animal}.',
  '{name#a} wanted to buy a {quality} {device#d}.',
  'Last {day} {name#a} ordered a {device#d} and a {device#e}.',
  'In {month} my {relative} gave me a {colour} {thing}.',
  'The {person} {saw} a {colour} {thing} in the {place}.',
];

const everyday = [
  '{name#a} {saw} the {colour} {thing} and put it (in|under|behind|next to) the {thing}.',
  '"Where is my {thing#t}?" asked {name#b}. "The {thing#t} is in the {place}," said {name#a}.',
  '{name#a} gave the {thing#u} to {name#b}. Now {name#b} has the {thing#u}.',
  'The {animal} was {size} and {colour}, and it liked {food}.',
  'They ate {food} and {food} and talked about the {weather}.',
  '{name#b} was {glad} because the {food} was {praise}.',
  'The {person} said that the {thing} was {quality} but the {thing} was {quality}.',
  'There were {number} {fruit} trees behind the {place}.',
  '{name#a} counted (from one to|up to) {number}.',
  'Then the {weather} came, and everybody {went} home.',
  'The {relative} of {name#a} made {food} with {food}.',
  'She (could|did|would|must) not find the {thing}, so she took the {thing} instead.',
  'He was {sad} for a while, and then he was {glad} again.',
  'If the {animal} is {quality}, it does not come to the {place}.',
];

const shopping = [
  'The {device#d} did not arrive, and {name#a} was {uneasy}.',
  'The {postperson} left the {postthing} at the {postplace}.',
  'The tracking number said that the {postthing} was at the {postplace}.',
  'The {device#d} {failed} after the update, and {name#a} became {cross}.',
  'The {moneything} was {quality}, so {name#a} asked the {person} about the {moneything}.',
  '{name#a} was charged {number} times and wrote a letter about the {moneything}.',
  '{name#a} forgot the {keything} and could not log in. The {keything} was locked.',
  '{name#a} sent the {device#d} back and asked for {giveback}.',
  '{name#a} wrote to the shop and asked for {buyword}.',
  'The {device#e} works well, but the {device#d} has {fault}.',
  'The shop had the {device#d} in stock, in {colour} and in {colour}.',
  '"The service is {blame}," said {name#a}, who was {cross}.',
  '"The service is {praise}, thank you," said {name#a}, who was {glad}.',
  '"I feel {uneasy}," said {name#b}. "I fear something is wrong with the {device#d}."',
  'It had to be done {now}. It was an emergency.',
  'It should be solved {soon}, said the {person}, so please be quick.',
  'It can be done {later}. There is no rush, so take your time.',
  'The {person} looked forward to a reply and waited for details.',
  'There was a long queue in front of the {place}, and {name#a} waited in the queue.',
  'The {person} showed {name#a} a product, and it was a {quality} product. There were {number} products.',
  'The {thing} has a high price, the {thing} has a low price, and the {thing} has a normal price.',
  'Safety has priority, said the {person}. The {place} has a high priority and the {place} has a low one.',
  'It is urgent, said {name#b}, so call the {person} (now|at once|immediately).',
  'The {person} had a {glad} sentiment, but the {relative} was neutral.',
  'The shipping of the {postthing} took {number} days, and the delivery was planned for {day}.',
  'The {relative} of {name#a} works in sales, and {name#b} works in technical support.',
  '{name#a} returns the {device#e} because the colour does not suit her. She would like to exchange it for a bigger one.',
  'The billing office wrote that the {moneything} and the {moneything} were wrong.',
  'Another {person} would recommend the {device}, which was available earlier.',
  'The team was writing about the {postthing} according to the page.',
  'The customer made a request and got a reply the next morning.',
];

const endings = [
  'In the end {name#a} was {glad}.',
  'That was the end of the day.',
  '"Thank you," said {name#b}, "you are {praise}."',
  'Nobody {saw} the {thing} again.',
  '{name#a} will come back {soon}.',
  'Everyone was {calm} and went to sleep.',
];

export const makeStory: DocumentMaker = (random) => {
  const binding: Binding = new Map();
  const middle = random.chance(50)
    ? random.sample(everyday, 2 + random.below(5))
    : [...random.sample(shopping, 2 + random.below(5)), ...random.sample(everyday, random.below(2))];
  const sentences = [random.pick(openings), ...middle, random.pick(endings)];
  return textDocument(polish(sentences.map((sentence) => expand(random, sentence, lexicon, binding)).join(' ')));
};
