// The peer of the engine's event queue: a hold model over std::priority_queue of (time, sequence, callback),
// FIFO among equal times. The callback is a function pointer with its context, which is cheaper than a
// std::function. Arguments: events pending, events to time. Prints events per second.

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <vector>

namespace {

// Exponential with this mean: few events share an instant even with a million pending.
constexpr double kMeanNs = 1e9;
constexpr std::uint32_t kIncrements = 4096;  // 2^12: the upper bits of a draw pick one, the lower 20 are added in ns

struct Event {
  std::int64_t time;
  std::uint64_t sequence;
  void (*fire)(void*);
  void* context;
};

struct Later {
  bool operator()(const Event& a, const Event& b) const {
    return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
  }
};

std::priority_queue<Event, std::vector<Event>, Later> pending;
std::int64_t now = 0;
std::uint64_t sequence = 0;
std::vector<std::int64_t> increments;
std::uint32_t drawn = 1;

struct Process {
  std::uint64_t fired = 0;
};

void fire(void* context) {
  static_cast<Process*>(context)->fired++;
  drawn = drawn * 1664525u + 1013904223u;
  pending.push({now + increments[drawn >> 20] + (drawn & 0xfffff), sequence++, fire, context});
}

void run(std::uint64_t events) {
  for (std::uint64_t i = 0; i < events; i++) {
    const Event event = pending.top();
    pending.pop();
    now = event.time;
    event.fire(event.context);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::size_t count = std::strtoull(argv[1], nullptr, 10);
  const std::uint64_t events = std::strtoull(argv[2], nullptr, 10);
  for (std::uint32_t i = 0; i < kIncrements; i++) {
    increments.push_back(1 + static_cast<std::int64_t>(-std::log((i + 0.5) / kIncrements) * kMeanNs));
  }
  std::vector<Process> processes(count);
  for (auto& process : processes) fire(&process);
  // As many again before the clock starts, so that the times pending are those of a run under way.
  run(2 * count);
  const auto start = std::chrono::steady_clock::now();
  run(events);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::printf("%.0f\n", static_cast<double>(events) / taken.count());
}
