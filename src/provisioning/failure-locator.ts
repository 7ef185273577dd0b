// Finds which fibre of a light path failed, from what the switches on it see. Mirrors pass light on unread, so
// every switch after a cut goes dark; in each direction the failed fibre is the one whose receiving port is
// dark while the sending switch's own input for that direction is lit.
//
// Darkness travels at the speed of light in fibre and is noticed late, so evidence is not all of one moment.
// What makes it safe: dark at an input means that every input before it in that direction was dark earlier.
// - A dark report is true whenever it comes.
// - A lit reading counts against it only if it was asked for after that report had been heard: then it was
//   taken after the darkness had passed there.
// - If both directions are dark and one fibre only can explain both, that is it, and nobody need be asked.
// The last rests on one failure at a time. When that is wrong the path stays dark and is located afresh.
// A report can be old, if the network held it back; so one direction alone is believed to be dark only when its
// switch, asked, says so again.
//
// Hosts may tell what their receivers see: the last input of a direction, which counts against its fibre only while all
// switches before it see light, and never unasked.

import { type Hop, isSimplex, type Route } from './route.ts';

export type LocatorVerdict =
  | { readonly kind: 'waiting' }
  /** Nothing is dark any more. */
  | { readonly kind: 'clear' }
  /** Nothing is known to be dark, but these switches have not shown that light arrives. */
  | { readonly kind: 'silent'; readonly switches: readonly string[] }
  /** These fibres, between switches, failed or must be suspected. */
  | { readonly kind: 'located'; readonly fibres: readonly string[] }
  /** No light comes from the terminal: its transmitter is off or its access fibre is cut. */
  | { readonly kind: 'terminal'; readonly terminal: string; readonly fibre: string }
  /** Light that the last switch sends does not reach the terminal. */
  | { readonly kind: 'access'; readonly terminal: string; readonly fibre: string };

type LightDirection = 'forward' | 'backward';

interface Evidence {
  isDark: boolean;
  /** Whether the switch was asked, or reported by itself. */
  isAnswer: boolean;
  /** For lit: the round that asked. For dark: the last round asked when it was heard. */
  round: number;
}

export class FailureLocator {
  readonly #route: Route;
  readonly #directions: readonly LightDirection[];
  readonly #evidence = new Map<string, Evidence>();
  readonly #firstRound: number;
  #round: number;

  /** Rounds of questions are numbered from `lastRound` + 1; answers to older ones are not evidence. */
  constructor(route: Route, lastRound = 0) {
    this.#route = route;
    this.#directions = isSimplex(route) ? ['forward'] : ['forward', 'backward'];
    this.#firstRound = lastRound + 1;
    this.#round = lastRound;
  }

  /** Number for the next round of questions; evidence asked in it is fresh against all heard so far. */
  ask(): number {
    return ++this.#round;
  }

  /** True when this is news that a new round of questions should follow. */
  reportDark(switchName: string, port: string): boolean {
    const isNews = this.#evidence.get(key(switchName, port))?.isDark !== true;
    if (isNews)
      this.#evidence.set(key(switchName, port), { isDark: true, isAnswer: false, round: this.#round });
    return isNews;
  }

  /** The host at the end of that fibre said by itself that it receives nothing. True when this is news. */
  reportHostDark(fibre: string): boolean {
    return this.reportDark(HOST, fibre);
  }

  /** What it said when asked. */
  answerHost(fibre: string, isDark: boolean, round: number): boolean {
    const { fibres } = this.#route;
    return (fibre === fibres[0] || fibre === fibres.at(-1)) && this.answer(HOST, fibre, isDark, round);
  }

  /** True when it is the first word of darkness in its direction: nothing heard so far is fresh against it. */
  answer(switchName: string, port: string, isDark: boolean, round: number): boolean {
    if (round < this.#firstRound) return false;
    const known = this.#evidence.get(key(switchName, port));
    // A lit answer to a question older than the dark report says nothing about now.
    if (!isDark && known?.isDark === true && round <= known.round) return false;
    const isFirst = isDark && !this.#isDirectionDark(switchName, port);
    if (isDark && known?.isDark === true) known.isAnswer = true;
    else
      this.#evidence.set(key(switchName, port), {
        isDark,
        isAnswer: true,
        round: isDark ? this.#round : round,
      });
    return isFirst;
  }

  /** `isFinal`: no more evidence comes; suspect what cannot be cleared. */
  verdict(isFinal: boolean): LocatorVerdict {
    const candidates = this.#directions
      .map((d) => this.#candidates(d))
      .filter((c) => c !== null)
      .filter((c) => !isFinal || !c.isAtHost || c.isConfirmed);
    const isAtHost = candidates.some((c) => c.isAtHost);
    const [one, two] = candidates;
    if (one === undefined) return this.#allLit(isFinal);
    const isCertain = candidates.every((c) => c.isConfirmed && c.fibres.length === 1);
    if (two === undefined)
      return isCertain || isFinal ? this.#name(one.fibres, isAtHost) : { kind: 'waiting' };
    const both = one.fibres.filter((fibre) => two.fibres.includes(fibre));
    if (both.length === 1) return this.#name(both, isAtHost);
    if (!isFinal && !(both.length === 0 && isCertain)) return { kind: 'waiting' };
    return this.#name(both.length > 0 ? both : [...one.fibres, ...two.fibres], isAtHost);
  }

  /** The fibres that can explain the darkness of one direction, or null if nothing is dark in it. */
  #candidates(direction: LightDirection): Candidates | null {
    const inputs = this.#inputs(direction);
    const firstDark = inputs.findIndex((input) => this.#at(input)?.isDark === true);
    if (firstDark === -1) return null;
    // Dark further on means dark here before that, so the earliest report of the direction dates them all.
    const heard = Math.min(...inputs.map((input) => this.#darkRound(input)));
    const lastLit = inputs.findLastIndex((input, i) => {
      const evidence = this.#at(input);
      return i < firstDark && evidence !== undefined && !evidence.isDark && evidence.round > heard;
    });
    const fibres = inputs.slice(lastLit + 1, firstDark + 1).map((input) => input.fibre);
    const first = inputs[firstDark];
    return {
      fibres,
      isConfirmed: this.#at(first)?.isAnswer === true,
      isAtHost: first?.switchName === HOST,
    };
  }

  /** Light at the last input of every direction has passed all the others. */
  #allLit(isFinal: boolean): LocatorVerdict {
    const last = this.#directions.map((direction) => this.#switchInputs(direction).at(-1));
    const silent = last.filter((input) => this.#at(input)?.isDark !== false);
    if (silent.length === 0) return { kind: 'clear' };
    if (!isFinal) return { kind: 'waiting' };
    return { kind: 'silent', switches: [...new Set(silent.map((input) => input?.switchName ?? ''))] };
  }

  #name(fibres: readonly string[], isAtHost: boolean): LocatorVerdict {
    const last = this.#route.fibres.length - 1;
    const transit = fibres.filter((f) => f !== this.#route.fibres[0] && f !== this.#route.fibres[last]);
    if (transit.length > 0) return { kind: 'located', fibres: transit };
    const fibre = fibres[0] ?? '';
    const terminal = fibre === this.#route.fibres[0] ? this.#route.from : this.#route.to;
    return { kind: isAtHost ? 'access' : 'terminal', terminal, fibre };
  }

  #isDirectionDark(switchName: string, port: string): boolean {
    const isIt = (input: Input): boolean => input.switchName === switchName && input.port === port;
    const directions = this.#directions.map((direction) => this.#inputs(direction));
    return directions.some(
      (inputs) => inputs.some(isIt) && inputs.some((input) => this.#at(input)?.isDark === true),
    );
  }

  #darkRound(input: Input): number {
    const evidence = this.#at(input);
    return evidence?.isDark === true ? evidence.round : Number.POSITIVE_INFINITY;
  }

  #at(input: Input | undefined): Evidence | undefined {
    return input === undefined ? undefined : this.#evidence.get(key(input.switchName, input.port));
  }

  /** The inputs that light meets, in its order, each with the fibre that leads into it; the host's is the last. */
  #inputs(direction: LightDirection): Input[] {
    const { fibres } = this.#route;
    const fibre = (direction === 'forward' ? fibres.at(-1) : fibres[0]) ?? '';
    return [...this.#switchInputs(direction), { switchName: HOST, port: fibre, fibre }];
  }

  #switchInputs(direction: LightDirection): Input[] {
    const { hops, fibres } = this.#route;
    const forward = hops.map((hop: Hop, i) => ({
      switchName: hop.switchName,
      port: direction === 'forward' ? hop.pair.a : hop.pair.b,
      fibre: fibres[direction === 'forward' ? i : i + 1] ?? '',
    }));
    return direction === 'forward' ? forward : forward.reverse();
  }
}

interface Candidates {
  readonly fibres: readonly string[];
  readonly isConfirmed: boolean;
  /** Only the host sees darkness, and no switch. */
  readonly isAtHost: boolean;
}

interface Input {
  readonly switchName: string;
  readonly port: string;
  readonly fibre: string;
}

/** In the place of a switch: no switch has an empty name. */
const HOST = '';

const key = (switchName: string, port: string): string => `${switchName}/${port}`;
