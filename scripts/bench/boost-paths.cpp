// The peer of the path computation: Boost Graph, one-source Dijkstra and the least-total edge-disjoint pair by its
// minimum-cost flow (successive shortest paths with potentials). Reads a graph from standard input: the counts of nodes
// and edges, then `a b weight` per edge; prints the median microseconds per call over rounds of many sources.
//
//   boost-paths dijkstra|pair < graph

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/find_flow_cost.hpp>
#include <boost/graph/successive_shortest_path_nonnegative_weights.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Edge {
  int a, b;
  double weight;
};

struct Input {
  int nodes = 0;
  std::vector<Edge> edges;
};

bool read(Input& input) {
  int count = 0;
  if (std::scanf("%d %d", &input.nodes, &count) != 2) return false;
  for (Edge edge; count > 0 && std::scanf("%d %d %lf", &edge.a, &edge.b, &edge.weight) == 3; count--)
    input.edges.push_back(edge);
  return count == 0;
}

/** Compressed rows, as the graph it is measured against. */
struct Weighted {
  double weight;
};
using Compressed = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Weighted>;

Compressed compressed(const Input& input) {
  std::vector<std::pair<int, int>> ends;
  std::vector<Weighted> weights;
  for (const Edge& edge : input.edges) {
    ends.emplace_back(edge.a, edge.b);
    weights.push_back({edge.weight});
    ends.emplace_back(edge.b, edge.a);
    weights.push_back({edge.weight});
  }
  return Compressed(boost::edges_are_unsorted_multi_pass, ends.begin(), ends.end(), weights.begin(), input.nodes);
}

class Dijkstra {
 public:
  explicit Dijkstra(const Input& input)
      : graph_(compressed(input)), distance_(input.nodes), previous_(input.nodes) {}

  double operator()(int source, int) {
    boost::dijkstra_shortest_paths(
        graph_, source,
        boost::weight_map(boost::get(&Weighted::weight, graph_))
            .distance_map(boost::make_iterator_property_map(distance_.begin(), boost::get(boost::vertex_index, graph_)))
            .predecessor_map(boost::make_iterator_property_map(previous_.begin(), boost::get(boost::vertex_index, graph_))));
    return distance_[(source + 1) % distance_.size()];
  }

 private:
  Compressed graph_;
  std::vector<double> distance_;
  std::vector<Compressed::vertex_descriptor> previous_;
};

/** Each edge is two arcs of capacity 1, each with its reverse; a super source feeds two units into the one end. */
class Pair {
 public:
  explicit Pair(const Input& input) : graph_(input.nodes + 1), feeder_(input.nodes) {
    for (const Edge& edge : input.edges) {
      add(edge.a, edge.b, 1, edge.weight);
      add(edge.b, edge.a, 1, edge.weight);
    }
  }

  double operator()(int source, int target) {
    const Arc feed = add(feeder_, source, 2, 0);
    boost::successive_shortest_path_nonnegative_weights(graph_, feeder_, target);
    const double cost = boost::find_flow_cost(graph_);
    const Arc back = boost::get(boost::edge_reverse, graph_)[feed];
    boost::remove_edge(feed, graph_);
    boost::remove_edge(back, graph_);
    return cost;
  }

 private:
  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  using Arc = Traits::edge_descriptor;
  using Graph = boost::adjacency_list<
      boost::vecS, boost::vecS, boost::directedS, boost::no_property,
      boost::property<boost::edge_capacity_t, long,
                      boost::property<boost::edge_residual_capacity_t, long,
                                      boost::property<boost::edge_reverse_t, Arc,
                                                      boost::property<boost::edge_weight_t, double>>>>>;

  Arc add(int from, int to, long capacity, double weight) {
    const Arc there = boost::add_edge(from, to, graph_).first;
    const Arc back = boost::add_edge(to, from, graph_).first;
    boost::put(boost::edge_capacity, graph_, there, capacity);
    boost::put(boost::edge_capacity, graph_, back, 0);
    boost::put(boost::edge_weight, graph_, there, weight);
    boost::put(boost::edge_weight, graph_, back, -weight);
    boost::put(boost::edge_reverse, graph_, there, back);
    boost::put(boost::edge_reverse, graph_, back, there);
    return there;
  }

  Graph graph_;
  int feeder_;
};

/** Median over rounds of the mean time of a call; the same ends as the other side asks for. */
template <typename Search>
double microseconds(Search& search, int nodes) {
  constexpr int kRounds = 9;
  constexpr double kRoundSeconds = 0.03;
  std::vector<double> means;
  volatile double keep = 0;
  int source = 0;
  for (int round = 0; round < kRounds; round++) {
    int calls = 0;
    const auto start = Clock::now();
    double taken = 0;
    do {
      keep = search(source, (source + nodes / 2) % nodes);
      source = (source + 1) % nodes;
      calls++;
      taken = std::chrono::duration<double>(Clock::now() - start).count();
    } while (taken < kRoundSeconds);
    means.push_back(taken / calls * 1e6);
  }
  (void)keep;
  std::sort(means.begin(), means.end());
  return means[means.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  Input input;
  if (argc != 2 || !read(input)) return 2;
  if (std::strcmp(argv[1], "dijkstra") == 0) {
    Dijkstra search(input);
    std::printf("%.4f\n", microseconds(search, input.nodes));
  } else {
    Pair search(input);
    std::printf("%.4f\n", microseconds(search, input.nodes));
  }
}
