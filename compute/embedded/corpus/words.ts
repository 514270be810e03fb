/** The words of the base corpus, by slot. Words of one list are used in the same places, so the model learns that they belong together. */
import type { Lexicon } from '../text/grammar.ts';

const list = (words: string): string[] => words.split(/\s*,\s*/);

export const lexicon = {
  name: list(
    'Anna, Ben, Clara, David, Emma, Felix, Grace, Henry, Ida, Jonas, Karim, Lena, Maria, Noah, Olga, Paul, Rosa, Sam, Tara, Victor, Alice, Bruno, Carl, Dora, Erik, Fatima, George, Hanna, Igor, Julia, Kate, Leo, Mona, Nina, Oscar, Petra, Quinn, Rita, Simon, Tom',
  ),
  city: list('Paris, Rome, London, Berlin, Madrid, Vienna, Oslo, Prague, Lisbon, Dublin, Athens, Warsaw, Zurich, Geneva, Milan, Porto, Bergen, Krakow'),
  person: list(
    'teacher, farmer, doctor, baker, painter, driver, nurse, writer, singer, student, neighbour, waiter, engineer, gardener, sailor, customer, clerk, manager, courier, friend',
  ),
  relative: list('mother, father, sister, brother, uncle, aunt, cousin, grandmother, grandfather, son, daughter'),
  animal: list('dog, cat, horse, cow, sheep, goat, rabbit, fox, bear, mouse, bird, duck, owl, frog, fish, lion, tiger, wolf, hen, pig'),
  fruit: list('apple, pear, plum, cherry, banana, orange, lemon, grape, peach, melon'),
  food: list('bread, soup, cheese, rice, cake, salad, pasta, fish, honey, butter, milk, tea, coffee, jam, stew'),
  colour: list('red, blue, green, yellow, black, white, brown, grey, orange, purple, pink, silver, golden'),
  size: list('small, big, large, tiny, huge, long, short, wide, narrow, heavy, light'),
  quality: list('new, old, good, bad, nice, strange, clean, dirty, broken, strong, soft, hard, warm, cold, cheap, dear, quiet, loud, quick, slow'),
  place: list(
    'kitchen, garden, office, school, shop, station, market, library, forest, village, house, street, harbour, park, hotel, farm, museum, church, bank, hospital',
  ),
  device: list(
    'router, laptop, printer, monitor, keyboard, camera, tablet, phone, charger, speaker, scanner, headset, projector, microphone, television, radio, watch, mouse, drone, lamp, clock, kettle, heater, fridge, oven, piano',
  ),
  thing: list(
    'box, book, chair, table, bag, key, letter, cup, coat, hat, bottle, basket, mirror, pen, ball, knife, plate, rope, map, stone, blanket, ladder, candle, umbrella, wallet, ticket, bicycle, boat, car, door, window',
  ),
  postthing: list('parcel, package, letter, box, delivery, order'),
  postperson: list('courier, driver, postman, messenger'),
  postplace: list('depot, warehouse, post office, station, wrong house, wrong address'),
  moneything: list('bill, invoice, payment, charge, fee, price, tax, amount, receipt'),
  keything: list('password, user name, login, profile, account, email address, code'),
  fault: list('an error, a loud noise, a black screen, a lost connection, a broken button, a crash, a problem'),
  failed: list('froze, crashed, broke, stopped, got hot, became slow, did not start, did not turn on, showed an error, lost the connection'),
  buyword: list('a quote, an offer, a discount, a price, a recommendation'),
  giveback: list('a refund, an exchange, the money back, a return label, a swap'),
  cross: list('angry, furious, fed up, cross, mad, outraged'),
  uneasy: list('worried, nervous, anxious, afraid, uneasy, scared'),
  glad: list('happy, glad, delighted, pleased, cheerful, thankful'),
  sad: list('sad, lonely, tired, gloomy, unhappy, disappointed'),
  calm: list('calm, quiet, relaxed, patient'),
  praise: list('great, excellent, wonderful, lovely, fine, perfect'),
  blame: list('terrible, awful, outrageous, the worst, bad, poor'),
  now: list('right now, at once, immediately, today, this minute, without delay'),
  soon: list('tomorrow, soon, this week, before the weekend, quickly, by tomorrow'),
  later: list('next month, later, whenever there is time, after a while, without hurry, one day, next year'),
  month: list('January, February, March, April, May, June, July, August, September, October, November, December'),
  day: list('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday'),
  weather: list('rain, snow, wind, sun, fog, frost, storm, clouds, thunder'),
  sport: list('football, tennis, swimming, running, chess, rowing, hockey, skiing'),
  school: list('lesson, exam, homework, class, pupil, blackboard, essay'),
  music: list('song, melody, violin, concert, drum, choir, flute'),
  travel: list('train, flight, hotel, suitcase, airport, ticket, journey'),
  health: list('fever, cough, medicine, headache, clinic, pill, bandage'),
  plant: list('rose, tulip, oak, carrot, tomato, seed, hedge, lawn'),
  cooking: list('soup, oven, recipe, pan, flour, onion, dinner'),
  office: list(
    'queue, priority, product, order, sentiment, billing, shipping, returns, technical, account, sales, low, normal, high, urgent, neutral, request, detail, support, reply',
  ),
  number: list('two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, twenty, thirty, forty, fifty'),
  went: list('went, walked, ran, drove, hurried, travelled'),
  saw: list('saw, found, noticed, lost, took, wanted, carried, bought, sold, repaired, cleaned, painted'),
} as const satisfies Lexicon;

export type Slot = keyof typeof lexicon;
