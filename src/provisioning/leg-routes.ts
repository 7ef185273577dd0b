// Routes for the legs of a protected path: the pair that was found for both, then each beside the other.

import type { AgentContext } from './agent-context.ts';
import { Avoided } from './avoided.ts';
import type { Protection } from './protection.ts';
import { chooseBeside, isOpen, keepApart } from './protection-route.ts';
import type { Route } from './route.ts';
import type { PathEnds, RouteChoice } from './route-choice.ts';

/** A leg as its routes go. */
interface LegRoute {
  readonly path: { readonly route: Route | null };
  /** Of the pair that was found for both. */
  readonly planned: Route | null;
}

export class LegRoutes {
  readonly #c: AgentContext;
  readonly #disjoint: Protection['disjoint'];
  readonly #legs: ReadonlyMap<string, LegRoute>;

  /** `legs` are the protected path's own, and change with it. */
  constructor(context: AgentContext, { disjoint }: Protection, legs: ReadonlyMap<string, LegRoute>) {
    this.#c = context;
    this.#disjoint = disjoint;
    this.#legs = legs;
  }

  choose(leg: PathEnds, avoided: Avoided, isReroute: boolean): RouteChoice {
    const own = this.#legs.get(leg.path);
    const planned = own?.planned ?? null;
    if (planned !== null && own?.path.route === null && isOpen(planned, avoided))
      return { kind: 'found', route: planned };
    const besideWhat = { other: this.#beside(leg.path), disjoint: this.#disjoint };
    return chooseBeside(this.#c, leg, besideWhat, avoided, isReroute);
  }

  /** Whether the leg on that route would share nothing with the other. */
  isApart(leg: string, route: Route): boolean {
    const avoided = new Avoided();
    const other = this.#beside(leg);
    const fibres = this.#c.view.fibres(this.#c.platform.clock.now());
    if (other !== null) keepApart(fibres, other, this.#disjoint, avoided);
    return isOpen(route, avoided);
  }

  /** The route that the other leg has, or is to have. */
  #beside(leg: string): Route | null {
    const other = [...this.#legs].find(([name]) => name !== leg)?.[1];
    return other?.path.route ?? other?.planned ?? null;
  }
}
