// `lightbed cuts`: which links of a map are bridges, and what all cuts of one link or of two at once disconnect.

import type { CommandModule } from 'yargs';
import { type CutReport, doubleCuts, singleCuts } from '../net/cuts.ts';
import type { Graph } from '../net/graph.ts';
import { graphOf } from '../net/maps/network-map.ts';
import { left, right, textTable } from '../report/text-table.ts';
import { EXIT_OK } from './exit-code.ts';
import { longWork } from './long-work.ts';
import { readMapFile } from './map-file.ts';

interface CutsArguments {
  map: string;
  order: 1 | 2;
  json: boolean;
}

interface Bridge {
  readonly link: string;
  readonly pairsLost: number;
}

export const cutsCommand: CommandModule<object, CutsArguments> = {
  command: 'cuts <map>',
  describe: 'what cuts of one link, or of two, disconnect in a map or a scenario',
  builder: (yargs) =>
    yargs
      .positional('map', { type: 'string', demandOption: true, describe: 'map file, or scenario' })
      .option('order', {
        choices: [1, 2] as const,
        default: 1 as const,
        describe: 'links cut at the same time',
      })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON, for other programs' }),
  handler: ({ map, order, json }) => {
    const { graph, report } = longWork(map, (stage) => {
      const graph = graphOf(readMapFile(map), 'hops');
      stage(`cutting ${graph.edgeCount} links`);
      return { graph, report: order === 1 ? singleCuts(graph) : doubleCuts(graph) };
    });
    console.log(json ? cutsJson(graph, report) : cutsText(graph, report));
    process.exitCode = EXIT_OK;
  },
};

function bridgesOf(graph: Graph, { pairsLost }: CutReport): Bridge[] {
  return Array.from(pairsLost, (lost, edge) => ({ link: graph.edgeId(edge), pairsLost: lost })).filter(
    (bridge) => bridge.pairsLost > 0,
  );
}

function cutsJson(graph: Graph, report: CutReport): string {
  const { cutsThatDisconnect, totalPairsLost, worst } = report;
  return JSON.stringify({
    bridges: Object.fromEntries(bridgesOf(graph, report).map(({ link, pairsLost }) => [link, pairsLost])),
    cutsThatDisconnect,
    totalPairsLost,
    worst: worst && { links: worst.edges.map((edge) => graph.edgeId(edge)), pairsLost: worst.pairsLost },
  });
}

function cutsText(graph: Graph, report: CutReport): string {
  const bridges = bridgesOf(graph, report).sort((a, b) => b.pairsLost - a.pairsLost);
  const table = textTable(
    [left('bridge'), right('pairs lost')],
    bridges.map(({ link, pairsLost }) => [link, String(pairsLost)]),
  );
  const { cuts, cutsThatDisconnect, totalPairsLost, worst } = report;
  const links = worst?.edges.map((edge) => graph.edgeId(edge)).join(' and ');
  return [
    bridges.length === 0 ? 'no bridges' : table,
    '',
    `${cutsThatDisconnect} of ${cuts} cuts disconnect nodes; pairs lost over all of them: ${totalPairsLost}`,
    ...(worst === null ? [] : [`worst: ${links}, ${worst.pairsLost} pairs`]),
  ].join('\n');
}
